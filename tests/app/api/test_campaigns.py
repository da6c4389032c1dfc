"""Campaigns by programs: what a manager's program may do, once, and what it may not."""

import base64
import json
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from app.api.campaigns import MOST_CAMPAIGN_BYTES
from campaigns.drafting import LONGEST_TITLE
from core.db.database import Database
from core.ids import new_id
from tests.app.api.conftest import Client, Connect, audit_of

NOTICE = {"th": "มีข้อความใหม่", "en": "News for you"}


def plan(text: str = "ก่อนโอน ถามเราก่อน", **more: Any) -> dict[str, Any]:
    block = {"type": "text", "id": "t", "text": {"th": text, "en": "Ask us before you pay"}}
    return {"steps": [{"wordings": [{"blocks": [block], "notice": NOTICE}]}], "subject": "job_scams"} | more


@pytest.fixture
async def mali(connect: Connect) -> Client:
    """A campaign manager's program."""
    return await connect("campaign_manager")


async def draft(client: Client, title: str = "เตือนงานลวง") -> str:
    response = await client.post("/campaigns", {"title": title, "plan": plan()})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def test_a_draft_is_written_read_changed_and_submitted(mali: Client, database: Database) -> None:
    campaign_id = await draft(mali)
    read = (await mali.get(f"/campaigns/{campaign_id}")).json()
    assert (read["title"], read["state"], read["revision"], read["subject"]) == (
        "เตือนงานลวง",
        "draft",
        1,
        "job_scams",
    )
    assert read["plan"]["steps"] == plan()["steps"]
    assert [fault for fault in read["faults"] if fault["stops"]] == []
    changed = {"title": "เตือนงานลวง 2", "plan": plan("อย่าเพิ่งโอน"), "revision": 1}
    assert (await mali.post(f"/campaigns/{campaign_id}/change", changed)).status_code == 204
    again = (await mali.get(f"/campaigns/{campaign_id}")).json()
    assert (again["title"], again["revision"]) == ("เตือนงานลวง 2", 2)
    assert again["plan_hash"] != read["plan_hash"]
    assert (await mali.post(f"/campaigns/{campaign_id}/submit", {"revision": 2})).status_code == 204
    assert (await mali.get(f"/campaigns/{campaign_id}")).json()["state"] == "submitted"
    assert [action for action, outcome in await audit_of(database, UUID(campaign_id)) if outcome == "ok"] == [
        "campaign.read", "campaign.change", "campaign.read", "campaign.submit", "campaign.read"
    ]  # fmt: skip


async def test_who_changes_what_somebody_changed_meanwhile_is_told(mali: Client) -> None:
    campaign_id = await draft(mali)
    for text, expected in (("อย่าเพิ่งโอน", 204), ("อย่าเพิ่งไป", 409)):
        body = {"title": "เตือน", "plan": plan(text), "revision": 1}
        response = await mali.post(f"/campaigns/{campaign_id}/change", body)
        assert response.status_code == expected
    assert response.json()["title"] == "changed_meanwhile"


async def test_what_can_not_be_sent_is_not_submitted_and_says_what_is_wrong(mali: Client) -> None:
    response = await mali.post("/campaigns", {"title": "เปล่า", "plan": {"steps": []}})
    campaign_id = response.json()["id"]
    faults = (await mali.get(f"/campaigns/{campaign_id}")).json()["faults"]
    assert [(fault["code"], fault["stops"]) for fault in faults] == [("no_steps", True)]
    refused = await mali.post(f"/campaigns/{campaign_id}/submit", {"revision": 1})
    assert (refused.status_code, refused.json()["title"]) == (409, "plan_faulty")


async def test_the_same_key_writes_one_draft(mali: Client) -> None:
    body = {"title": "เตือน", "plan": plan()}
    first = await mali.post("/campaigns", body, key="k1")
    second = await mali.post("/campaigns", body, key="k1")
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len((await mali.get("/campaigns")).json()["campaigns"]) == 1


async def test_the_list_is_turned_page_by_page_and_narrowed_by_state(mali: Client) -> None:
    made = [await draft(mali, f"ร่าง {n}") for n in range(5)]
    await mali.post(f"/campaigns/{made[0]}/submit", {"revision": 1})
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await mali.get("/campaigns", limit=2, cursor=cursor)).json()
        seen += [one["id"] for one in page["campaigns"]]
        cursor = page["next"]
    assert seen == made[::-1]
    drafts = (await mali.get("/campaigns", state="draft")).json()["campaigns"]
    assert [one["id"] for one in drafts] == made[:0:-1]
    other = (await mali.get("/campaigns", limit=2)).json()["next"]
    assert (await mali.get("/campaigns", limit=2, cursor=other, state="draft")).json()["title"] == "cursor"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"title": "ก", "plan": []}, "invalid"),
        ({"title": "ก", "plan": {}}, "plan"),
        ({"title": "ก", "plan": plan() | {"approved": True}}, "plan"),
        ({"title": "ก", "plan": {"steps": plan()["steps"] * 61}}, "plan_extent"),
        ({"title": "ก", "plan": plan(subject="football")}, "plan"),
        ({"title": "ก", "plan": plan(schedule={"type": "once", "at": "yesterday"})}, "plan"),
        ({"title": "ก" * (LONGEST_TITLE + 1), "plan": plan()}, "invalid"),
        ({"title": "  ", "plan": plan()}, "invalid"),
        ({"title": "ก", "plan": plan("\0")}, "plan_unreadable"),
        ({"title": "ก", "plan": plan(), "state": "approved"}, "invalid"),
    ],
)  # fmt: skip
async def test_what_is_no_campaign_is_refused_with_words(mali: Client, body: object, code: str) -> None:
    response = await mali.post("/campaigns", body)
    assert (response.status_code, response.json()["title"]) == (400, code)
    assert (await mali.get("/campaigns")).json()["campaigns"] == []


async def test_a_campaign_leaves_and_comes_in_as_one_file(mali: Client) -> None:
    out = BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(out, "PNG")
    file = {
        "format": "rootan-campaign", "version": 1, "title": "มีรูป", "plan": plan(), "pictures": [
            {"id": "p1", "name": "รูป", "alt_th": "ลายจุด", "alt_en": "", "content": base64.b64encode(out.getvalue()).decode()}
        ],
    }  # fmt: skip
    file["plan"]["steps"][0]["wordings"][0]["blocks"].append({"type": "image", "id": "p", "media": "p1"})
    assert len(json.dumps(file)) > 64 * 1024
    made = await mali.post("/campaigns/files", file)
    assert made.status_code == 201, made.text
    back = await mali.get(f"/campaigns/{made.json()['id']}/file")
    assert back.status_code == 200
    assert back.json()["title"] == "มีรูป"
    assert len(back.json()["pictures"]) == 1
    assert (await mali.post("/campaigns/files", back.json())).status_code == 201
    strange = back.json() | {"pictures": []}
    refused = await mali.post("/campaigns/files", strange)
    assert (refused.status_code, refused.json()["title"]) == (400, "campaign_file")


async def test_a_plan_may_be_larger_than_other_calls_but_not_without_end(mali: Client) -> None:
    long = await mali.post("/campaigns", {"title": "ยาว", "plan": plan("ก" * 40_000)})
    assert long.status_code == 201
    endless = await mali.post("/campaigns", {"title": "ยาว", "plan": plan("ก" * MOST_CAMPAIGN_BYTES)})
    assert (endless.status_code, endless.json()["title"]) == (413, "too_large")


async def test_approvers_read_and_others_do_neither(connect: Connect, mali: Client, anong: Client) -> None:
    campaign_id = await draft(mali)
    approver = await connect("campaign_approver")
    assert (await approver.get(f"/campaigns/{campaign_id}")).status_code == 200
    body = {"title": "ก", "plan": plan()}
    for path in ("/campaigns", f"/campaigns/{campaign_id}/submit"):
        assert (await approver.post(path, body)).status_code in {400, 403}
    assert (await approver.post("/campaigns", body)).json()["title"] == "scope"
    assert (await anong.get("/campaigns")).status_code == 403
    assert (await mali.get(f"/campaigns/{new_id()}")).status_code == 404
