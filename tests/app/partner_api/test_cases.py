"""What a program reads and answers: the cases of its own agency, as far as each may be known."""

import asyncio
from uuid import UUID

import pytest

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral
from referrals.referring.models import AgencyReferral
from referrals.tracks.recording import By, NewStep, record
from tests.app.api.conftest import audit_of
from tests.app.partner_api.conftest import SHARED, Client, Connect, ReferTo, today


async def test_an_inbox_holds_ones_own_cases_page_by_page(
    prosecutor: Client, connect: Connect, refer_to: ReferTo, referral_id: UUID, other_referral_id: UUID
) -> None:
    first, second = (
        await refer_to(prosecutor.agency_id),
        await refer_to(prosecutor.agency_id, other_referral_id),
    )
    page = (await prosecutor.get("/cases", limit=1)).json()
    assert [one["id"] for one in page["cases"]] == [str(second)]
    rest = (await prosecutor.get("/cases", limit=1, cursor=page["next"])).json()
    assert ([one["id"] for one in rest["cases"]], rest["next"]) == ([str(first)], None)
    assert str(referral_id) not in str(page)
    police = await connect("police")
    assert (await police.get("/cases")).json()["cases"] == []
    assert (await police.get("/cases", cursor=page["next"])).json()["title"] == "cursor"
    for path in (
        f"/cases/{first}",
        f"/cases/{first}/events",
        f"/cases/{first}/messages",
        f"/cases/{first}/files",
    ):
        assert (await police.get(path)).status_code == 404
    reason = (await police.get("/codes")).json()["decline"][0]
    for path, body in (("accept", None), ("decline", {"reason": reason}), ("messages", {"text": "ก"})):
        assert (await police.post(f"/cases/{first}/{path}", body)).status_code == 404


async def test_a_case_shows_what_was_shared_and_that_it_was_read(
    prosecutor: Client, refer_to: ReferTo, database: Database, canary: str
) -> None:
    case = await refer_to(prosecutor.agency_id)
    told = (await prosecutor.get(f"/cases/{case}")).json()
    assert told["fields"] == {"place": "province:TH-50", "summary": SHARED}
    assert (told["identity"], told["who"]) == ("withheld", {})
    assert canary not in str(told)
    async with database.unit_of_work() as session:
        assert (await session.get_one(AgencyReferral, case)).read_at is not None
    assert await audit_of(database, case) == [("agency_case.read", "ok")]


async def test_a_case_goes_from_its_answer_to_its_end(prosecutor: Client, refer_to: ReferTo) -> None:
    case = f"/cases/{await refer_to(prosecutor.agency_id)}"
    codes = (await prosecutor.get("/codes")).json()
    early = await prosecutor.post(f"{case}/prosecution", {"step": "indicted", "happened_on": today()})
    assert (early.status_code, early.json()["title"]) == (409, "not_accepted")
    assert (await prosecutor.post(f"{case}/acknowledge")).status_code == 204
    assert (await prosecutor.post(f"{case}/accept", key="k")).status_code == 204
    again = await prosecutor.post(f"{case}/accept", key="k")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (204, "true")
    assert (await prosecutor.post(f"{case}/begin")).status_code == 204
    assert (await prosecutor.post(f"{case}/identity/ask", {"reason": "ต้องออกหมายเรียก"})).status_code == 204
    assert (await prosecutor.get(case)).json()["identity"] == "asked"
    over = await prosecutor.post(f"{case}/decline", {"reason": codes["decline"][0]})
    assert (over.status_code, over.json()["title"]) == (409, "request_over")
    ended = await prosecutor.post(f"{case}/finish", {"outcome": codes["outcome"][0]})
    assert ended.status_code == 204
    assert (await prosecutor.get(case)).json()["state"] == "done"
    assert [one["step"] for one in (await prosecutor.get(f"{case}/events")).json()["events"]] == [
        "sent", "acknowledged", "accepted", "in_service", "done",
    ]  # fmt: skip


async def test_what_was_declined_can_be_read_no_more(prosecutor: Client, refer_to: ReferTo) -> None:
    case = f"/cases/{await refer_to(prosecutor.agency_id)}"
    wrong = await prosecutor.post(f"{case}/decline", {"reason": "bored"})
    assert (wrong.status_code, wrong.json()["title"]) == (400, "reason_code")
    reason = (await prosecutor.get("/codes")).json()["decline"][0]
    assert (
        await prosecutor.post(f"{case}/decline", {"reason": reason, "note": "ไม่ใช่เขตเรา"})
    ).status_code == 204
    assert (await prosecutor.get(case)).json()["fields"] == {}
    assert (await prosecutor.get(f"{case}/events")).status_code == 404
    late = await prosecutor.post(f"{case}/prosecution", {"step": "indicted", "happened_on": today()})
    assert (late.status_code, late.json()["title"]) == (404, "unknown_case")


@pytest.fixture
async def to_prosecutor(prosecutor: Client, case_id: UUID, database: Database, keys: DataKeys) -> str:
    """The case's address, with what the police told before, in words that the office may not read."""
    async with database.unit_of_work() as session:
        referral = (await session.get_one(AgencyReferral, case_id)).referral_id
        by = By(maker="hotline", source="manual")
        for step, track in (
            ("inquiry", "prosecution"),
            ("to_prosecutor", "prosecution"),
            ("possible", "victim"),
        ):
            new = NewStep(step=step, track=track, happened_on=utc_now().date(), note="คำที่เจ้าหน้าที่เขียน")
            await record(session, keys, referral, new, by, now=utc_now())
        assert (await session.get_one(Referral, referral)).id
    return f"/cases/{case_id}"


async def test_steps_are_told_once_and_taken_back_by_another(prosecutor: Client, to_prosecutor: str) -> None:
    step = {"step": "indicted", "happened_on": today(), "outside_id": "อ.12/2569", "people": 2}
    first = await prosecutor.post(f"{to_prosecutor}/prosecution", step)
    assert first.status_code == 201, first.text
    again = await prosecutor.post(f"{to_prosecutor}/prosecution", step)
    assert again.json() == first.json()
    other = await prosecutor.post(f"{to_prosecutor}/prosecution", step | {"people": 3})
    assert (other.status_code, other.json()["title"]) == (409, "other_content")
    back = await prosecutor.post(
        f"{to_prosecutor}/prosecution/{first.json()['id']}/correct", {"reason": "ผิดสำนวน"}
    )
    assert back.status_code == 201, back.text
    events = (await prosecutor.get(f"{to_prosecutor}/events")).json()["events"]
    assert (events[-1]["standing"], events[-1]["of_id"]) == ("takes_back", first.json()["id"])
    assert [one["step"] for one in events if one["is_own"]] == [
        "acknowledged",
        "accepted",
        "indicted",
        "indicted",
    ]
    for wrong_track in ("victim", "compensation"):
        path = f"{to_prosecutor}/{wrong_track}/{first.json()['id']}/correct"
        assert (await prosecutor.post(path, {"reason": "x"})).status_code == 404


REFUSED: tuple[tuple[str, dict[str, object], str], ...] = (
    ("prosecution", {"step": "judgment_1", "outcome": "convicted"}, "out_of_order"),
    ("prosecution", {"step": "nothing"}, "unknown_step"),
    ("prosecution", {"step": "complaint"}, "wrong_maker"),
    ("prosecution", {"step": "indicted", "happened_on": "2569-01-01"}, "date_buddhist_era"),
    ("prosecution", {"step": "indicted", "happened_on": "2099-01-01"}, "date_future"),
    ("compensation", {"step": "claim_filed", "amount": -1, "fund": "court"}, "amount_negative"),
    ("compensation", {"step": "claim_filed", "fund": "court"}, "amount_missing"),
    ("compensation", {"step": "paid", "amount": 1, "fund": "court"}, "out_of_order"),
    ("prosecution", {"step": "indicted", "colour": "red"}, "invalid"),
)  # fmt: skip


async def test_a_step_that_the_rules_refuse_says_why_and_changes_nothing(
    prosecutor: Client, to_prosecutor: str
) -> None:
    before = (await prosecutor.get(f"{to_prosecutor}/events")).text
    for track, said, code in REFUSED:
        refused = await prosecutor.post(f"{to_prosecutor}/{track}", {"happened_on": today()} | said)
        assert (refused.status_code, refused.json()["title"]) == (400, code), refused.text
        assert refused.json()["detail"]
    assert (await prosecutor.get(f"{to_prosecutor}/events")).text == before


async def test_of_many_at_once_one_does_it(prosecutor: Client, to_prosecutor: str) -> None:
    body = {"step": "indicted", "happened_on": today()}
    responses = await asyncio.gather(
        *(prosecutor.post(f"{to_prosecutor}/prosecution", body, key="same") for _ in range(5))
    )
    assert {one.status_code for one in responses} <= {201, 409}
    assert len({one.json()["id"] for one in responses if one.status_code == 201}) == 1
    events = (await prosecutor.get(f"{to_prosecutor}/events")).json()["events"]
    assert [one["step"] for one in events].count("indicted") == 1


async def test_the_same_key_with_another_body_is_refused(prosecutor: Client, to_prosecutor: str) -> None:
    body = {"step": "indicted", "happened_on": today()}
    assert (await prosecutor.post(f"{to_prosecutor}/prosecution", body, key="k")).status_code == 201
    again = await prosecutor.post(f"{to_prosecutor}/prosecution", body, key="k")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    other = await prosecutor.post(f"{to_prosecutor}/prosecution", body | {"people": 1}, key="k")
    assert (other.status_code, other.json()["title"]) == (409, "idempotency_key_reused")


async def test_an_agency_reads_of_a_track_what_its_kind_may_know(
    connect: Connect, prosecutor: Client, to_prosecutor: str, refer_to: ReferTo, database: Database
) -> None:
    told = {one["step"]: one for one in (await prosecutor.get(f"{to_prosecutor}/events")).json()["events"]}
    assert told["possible"]["recorded_at"] is None
    assert told["possible"]["note"] is None
    assert told["inquiry"]["recorded_at"] is not None
    assert told["inquiry"]["note"] is None
    async with database.unit_of_work() as session:
        request = await session.get_one(AgencyReferral, UUID(to_prosecutor.rpartition("/")[2]))
    health = await connect("health")
    seen = f"/cases/{await refer_to(health.agency_id, request.referral_id)}"
    tracks = {one["track"] for one in (await health.get(f"{seen}/events")).json()["events"]}
    assert "prosecution" not in tracks
    own = [one for one in (await health.get(f"{seen}/events")).json()["events"] if one["track"] == "referral"]
    assert [one["step"] for one in own] == ["sent"]


async def test_messages_go_both_ways_and_mark_who_they_name(
    prosecutor: Client, case_id: UUID, database: Database
) -> None:
    made = await prosecutor.post(f"/cases/{case_id}/messages", {"text": "โทร 0812345678 ด้วย"}, key="k")
    assert made.status_code == 201
    assert (
        await prosecutor.post(f"/cases/{case_id}/messages", {"text": "โทร 0812345678 ด้วย"}, key="k")
    ).json() == made.json()
    (line,) = (await prosecutor.get(f"/cases/{case_id}/messages")).json()["messages"]
    assert (line["id"], line["side"], line["names_somebody"]) == (made.json()["id"], "agency", True)
    blank = await prosecutor.post(f"/cases/{case_id}/messages", {"text": " \n"})
    assert blank.status_code == 400


async def test_a_token_does_what_it_was_given_for_and_a_refusal_is_audited(
    connect: Connect, refer_to: ReferTo, database: Database
) -> None:
    reader = await connect("court", "cases.read")
    case = await refer_to(reader.agency_id)
    assert (await reader.get(f"/cases/{case}")).status_code == 200
    for path, body in (
        (f"/cases/{case}/accept", None), (f"/cases/{case}/messages", {"text": "ก"}), ("/hooks", {"address": "https://a.example/x"}),
        (f"/cases/{case}/prosecution", {"step": "trial", "happened_on": today()}),
    ):  # fmt: skip
        refused = await reader.post(path, body)
        assert (refused.status_code, refused.json()["title"]) == (403, "scope")
    assert ("agency_case.accept", "refused") in await audit_of(database, case)
    assert (await reader.send("/imports", b"", "text/csv")).json()["title"] == "scope"


async def test_what_is_not_there_is_told_alike(prosecutor: Client) -> None:
    for path in (f"/cases/{new_id()}", "/cases/7", "/nowhere"):
        response = await prosecutor.get(path)
        assert (response.status_code, response.json()["title"]) == (404, "not_found")
