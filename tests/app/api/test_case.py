from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.api.texts import texts
from app.console.texts import FIRST, say_in
from core.clock import utc_now
from core.contacts.models import ChannelIdentity
from core.crypto.data_keys import destroy_data_key
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.models import Referral
from tests.app.api.conftest import Client, audit_of


async def _messages(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(Message)) or 0


async def test_a_program_walks_from_the_queue_to_the_end(
    anong: Client, boon: Client, referral_id: UUID, canary: str, database: Database
) -> None:
    """List, claim, read, answer, note, task, ask to close, let it be closed, begin again."""
    page = (await anong.get("/referrals", view="waiting")).json()
    assert [row["id"] for row in page["rows"]] == [str(referral_id)]
    assert page["next"] is None
    case = f"/referrals/{referral_id}"
    assert (await anong.post(f"{case}/claim")).status_code == 204
    facts = (await anong.get(case)).json()
    assert (facts["state"], facts["is_yours"], facts["reads_words"]) == ("claimed", True, True)
    thread = (await anong.get(f"{case}/thread")).json()
    assert canary in [line["text"] for line in thread["lines"]]
    answered = await anong.post(f"{case}/answers", {"text": "สวัสดีค่ะ"})
    assert answered.status_code == 201
    newest = (await anong.get(f"{case}/thread")).json()["lines"][0]
    assert (newest["id"], newest["text"], newest["message_state"]) == (
        answered.json()["id"], "สวัสดีค่ะ", "pending",
    )  # fmt: skip
    note = await anong.post(f"{case}/notes", {"text": "โทรกลับพรุ่งนี้", "level": "team"})
    assert [one["id"] for one in (await boon.get(f"{case}/notes")).json()["notes"]] == [note.json()["id"]]
    tomorrow = (utc_now() + timedelta(days=2)).date().isoformat()
    task = (await anong.post(f"{case}/tasks", {"text": "โทรกลับ", "due_on": tomorrow})).json()["id"]
    assert [one["id"] for one in (await anong.get("/tasks")).json()["tasks"]] == [task]
    assert (await anong.post(f"{case}/tasks/{task}/done")).status_code == 204
    assert (await anong.get("/tasks")).json()["tasks"] == []
    assert (await anong.post(f"{case}/close", {"outcome": "helped"})).status_code == 202
    assert (await boon.post(f"{case}/close/approve")).status_code == 204
    assert (await boon.get(case)).json()["closed_as"] == "helped"
    assert (await anong.post(f"{case}/reopen", {"why": "เขาเขียนมาอีก"})).status_code == 204
    assert (await anong.post(f"{case}/release")).status_code == 204
    acts = [act for act, _ in await audit_of(database, referral_id)]
    assert [act for act in acts if act != "referral.read"] == [
        "referral.claim", "referral.answer", "referral.add_note", "referral.add_task", "referral.finish_task",
        "referral.close", "referral.approve_closing", "referral.reopen", "referral.release",
    ]  # fmt: skip
    assert acts.count("referral.read") == 5


async def test_words_are_shown_under_the_rules_of_the_console_alone(
    anong: Client, boon: Client, referral_id: UUID, canary: str
) -> None:
    case = f"/referrals/{referral_id}"
    for reader in (anong, boon):
        thread = await reader.get(f"{case}/thread")
        assert canary not in thread.text
        assert thread.json()["lines"][0]["author"] == "citizen"
        facts = (await reader.get(case)).json()
        assert (facts["reads_words"], facts["title"], facts["tags"]) == (False, None, None)
        for hidden in ("report", "tasks"):
            assert (await reader.get(f"{case}/{hidden}")).status_code == 404
    await anong.post(f"{case}/claim")
    assert canary in (await boon.get(f"{case}/thread")).text


async def test_overseeing_is_a_scope_of_the_token_and_not_only_of_the_role(
    anong: Client, connect: object, referral_id: UUID, canary: str
) -> None:
    await anong.post(f"/referrals/{referral_id}/claim")
    narrow = await connect("supervisor", "referrals.read")  # type: ignore[operator]
    assert canary not in (await narrow.get(f"/referrals/{referral_id}/thread")).text


async def test_a_claim_that_came_second_names_the_holder(
    anong: Client, boon: Client, referral_id: UUID, database: Database
) -> None:
    assert (await anong.post(f"/referrals/{referral_id}/claim")).status_code == 204
    refused = await boon.post(f"/referrals/{referral_id}/claim")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["title"], bool(refused.json()["holder"])) == ("held", True)
    assert (await boon.post(f"/referrals/{referral_id}/answers", {"text": "สวัสดี"})).json()["title"] == "held"
    assert (await audit_of(database, referral_id))[-2:] == [
        ("referral.claim", "refused"), ("referral.answer", "refused"),
    ]  # fmt: skip
    assert await _messages(database) == 0


async def test_who_blocked_us_gets_no_answer(anong: Client, referral_id: UUID, database: Database) -> None:
    await anong.post(f"/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ChannelIdentity).values(blocked_at=utc_now()))
    refused = await anong.post(f"/referrals/{referral_id}/answers", {"text": "สวัสดี"})
    assert (refused.status_code, refused.json()["title"]) == (409, "blocked")
    assert await _messages(database) == 0


async def test_an_erased_report_takes_no_answer(anong: Client, referral_id: UUID, database: Database) -> None:
    await anong.post(f"/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await destroy_data_key(session, referral.data_key_id)
    refused = await anong.post(f"/referrals/{referral_id}/answers", {"text": "สวัสดี"})
    assert (refused.status_code, refused.json()["title"]) == (410, "erased")
    assert await _messages(database) == 0


async def test_lowering_the_priority_wants_a_reason(anong: Client, referral_id: UUID) -> None:
    case = f"/referrals/{referral_id}"
    await anong.post(f"{case}/claim")
    bare = await anong.post(f"{case}/priority", {"priority": "P2"})
    assert (bare.status_code, bare.json()["title"]) == (400, "reason_needed")
    assert (await anong.post(f"{case}/priority", {"priority": "P2", "why": "ปลอดเหตุแล้ว"})).status_code == 204
    assert (await anong.get(case)).json()["priority"] == "P2"


async def test_a_child_of_another_report_is_not_found(
    boon: Client, referral_id: UUID, other_referral_id: UUID
) -> None:
    for case in (referral_id, other_referral_id):
        await boon.post(f"/referrals/{case}/claim")
    note = (await boon.post(f"/referrals/{referral_id}/notes", {"text": "ก", "level": "me"})).json()["id"]
    day = (utc_now() + timedelta(days=2)).date().isoformat()
    task = (await boon.post(f"/referrals/{referral_id}/tasks", {"text": "ก", "due_on": day})).json()["id"]
    wrong = f"/referrals/{other_referral_id}"
    assert (await boon.post(f"{wrong}/notes/{note}/withdraw")).status_code == 404
    assert (await boon.post(f"{wrong}/tasks/{task}/done")).status_code == 404
    assert (await boon.post(f"/referrals/{referral_id}/notes/{note}/withdraw")).status_code == 204


async def test_turning_the_pages_of_a_thread_shows_every_line_once(anong: Client, referral_id: UUID) -> None:
    case = f"/referrals/{referral_id}"
    await anong.post(f"{case}/claim")
    for number in range(5):
        await anong.post(f"{case}/answers", {"text": f"ข้อความที่ {number}"})
    seen, cursor = [], ""
    while True:
        page = (await anong.get(f"{case}/thread", limit=2, cursor=cursor)).json()
        seen += [line["id"] for line in page["lines"]]
        # What comes in meanwhile moves nothing.
        await anong.post(f"{case}/notes", {"text": "ระหว่างนั้น", "level": "me"})
        if page["next"] is None:
            break
        cursor = page["next"]
    whole = (await anong.get(f"{case}/thread")).json()["lines"]
    assert seen == [line["id"] for line in whole]


@pytest.mark.parametrize("part", ["", "/thread", "/report", "/notes", "/tasks"])
async def test_a_report_that_does_not_exist_is_not_found(
    anong: Client, database: Database, part: str
) -> None:
    nowhere = new_id()
    assert (await anong.get(f"/referrals/{nowhere}{part}")).status_code == 404
    assert (await anong.get(f"/referrals/not-an-id{part}")).status_code == 404
    assert await audit_of(database, nowhere) == [("referral.read", "refused")]


def test_the_lock_screen_shows_the_line_of_the_console() -> None:
    assert texts().notice == say_in(FIRST, "notice.staff")
