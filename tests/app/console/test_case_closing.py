from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.contacts.models import BroadcastHold
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.desk.tasks import today
from referrals.models import Referral
from tests.app.conftest import Browser
from tests.app.console.test_referral_case import _audit

WORDS = "เราปิดรายการนี้แล้ว เขียนมาได้อีก"


@pytest.fixture
async def calm(anong: Browser, other_referral_id: UUID, database: Database) -> UUID:
    """Ek's referral, not urgent any more, held by Anong."""
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, other_referral_id)).priority = "P2"
    await anong.post(f"/console/referrals/{other_referral_id}/claim")
    return other_referral_id


async def state(database: Database, referral_id: UUID) -> tuple[str, str | None]:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        return referral.state, referral.closed_as


async def test_closing_ends_it_tells_the_person_and_holds_broadcasts_for_a_time(
    anong: Browser, calm: UUID, database: Database
) -> None:
    assert (await anong.post(f"/console/referrals/{calm}/close", outcome="won")).status_code == 400
    closed = await anong.post(f"/console/referrals/{calm}/close", outcome="helped", text=WORDS)
    assert (closed.status_code, closed.headers["location"]) == (303, "/console/referrals")
    assert await state(database, calm) == ("closed", "helped")
    page = (await anong.get(f"/console/referrals/{calm}")).text
    assert WORDS in page
    late = await anong.post(f"/console/referrals/{calm}/answers", text="อีกข้อความ", form_id=new_id())
    assert late.status_code == 409
    assert "อีกข้อความ" in late.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(BroadcastHold.until).where(BroadcastHold.until.is_not(None)))
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


async def test_the_form_brings_the_words_of_each_outcome(anong: Browser, calm: UUID) -> None:
    page = (await anong.get(f"/console/referrals/{calm}")).text
    assert 'data-words="เราปิดรายการนี้แล้ว' in page
    assert "หัวหน้าเวรดูก่อน" in page


async def test_a_refused_closing_form_keeps_what_was_written(
    anong: Browser, calm: UUID, database: Database
) -> None:
    yesterday = today() - timedelta(days=1)
    for fields in ({"follow_up_on": yesterday}, {"follow_up_on": "soon"}, {"outcome": ""}):
        sent = {"outcome": "helped", "text": WORDS} | fields
        refused = await anong.post(f"/console/referrals/{calm}/close", **sent)
        assert refused.status_code == 400
        assert WORDS in refused.text
    assert (await state(database, calm))[0] == "claimed"


async def test_an_urgent_case_is_closed_by_a_supervisor_who_did_not_ask(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    asked = await anong.post(f"/console/referrals/{referral_id}/close", outcome="helped", text=WORDS)
    assert asked.headers["location"] == f"/console/referrals/{referral_id}?tab=desk"
    assert await state(database, referral_id) == ("claimed", None)
    waiting = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert "รอหัวหน้าเวรดู" in waiting
    assert "/close/approve" not in waiting
    assert (await anong.post(f"/console/referrals/{referral_id}/close/approve")).status_code == 403
    page = (await boon.get(f"/console/referrals/{referral_id}")).text
    assert "/close/approve" in page
    assert WORDS in page
    assert (await boon.post(f"/console/referrals/{referral_id}/close/approve")).status_code == 303
    assert await state(database, referral_id) == ("closed", "helped")
    assert (await boon.post(f"/console/referrals/{referral_id}/close/approve")).status_code == 409


async def test_a_supervisor_lets_it_go_on_with_a_reason(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await anong.post(f"/console/referrals/{referral_id}/close", outcome="helped")
    await boon.get(f"/console/referrals/{referral_id}")
    assert (await boon.post(f"/console/referrals/{referral_id}/close/refuse", why="")).status_code == 400
    refused = await boon.post(f"/console/referrals/{referral_id}/close/refuse", why="ยังไม่ได้คุยกับบ้านพัก")
    assert refused.status_code == 303
    assert "ยังไม่ได้คุยกับบ้านพัก" in (await anong.get(f"/console/referrals/{referral_id}")).text
    assert await state(database, referral_id) == ("claimed", None)


async def test_it_is_reopened_with_a_reason_by_who_held_it_and_not_by_a_colleague(
    anong: Browser, boon: Browser, calm: UUID, database: Database, referral_id: UUID
) -> None:
    await anong.post(f"/console/referrals/{calm}/close", outcome="advised")
    assert "/reopen" in (await anong.get(f"/console/referrals/{calm}")).text
    assert (await anong.post(f"/console/referrals/{calm}/reopen", why=" ")).status_code == 400
    assert (await anong.post(f"/console/referrals/{calm}/reopen", why="เขาเขียนมาอีก")).status_code == 303
    assert await state(database, calm) == ("claimed", None)
    page = (await anong.get(f"/console/referrals/{calm}")).text
    assert "เขาเขียนมาอีก" in page
    await anong.post(f"/console/referrals/{calm}/close", outcome="advised")
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, calm)).claimed_by = boon.account_id
    assert (await anong.post(f"/console/referrals/{calm}/reopen", why="อยากดู")).status_code == 404
    assert ("referral.reopen", "refused") in await _audit(database, calm)
