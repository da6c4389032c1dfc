from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.contacts.erasure import ask_to_be_forgotten
from core.crypto.data_keys import DataKey, DataKeys
from core.db.database import Database
from core.ids import new_id
from core.jobs.queue import enqueue, unpack_ids
from core.messages.models import Message
from referrals.desk.models import SearchTerm
from referrals.desk.sealed import seal_words
from referrals.models import AgencyConsent, Evidence, Referral
from referrals.queue import claim
from referrals.receipt_changes import change_agency
from referrals.report_erasure import (
    ERASES_AFTER,
    WANTS_ERASURE,
    ask_report_erasure,
    keep_report,
)
from referrals.tracked import Tracked
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.ending import erase_due
from tests.referrals.phones import DAO, Phone, choose_word, of_referral, owner_of, reply


async def test_an_ordinary_report_is_erased_at_once_and_its_answers_with_it(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, anong: UUID
) -> None:
    referral_id = await refer(DAO, "P2", "words")
    await choose_word(database, keys, referral_id, "mango")
    await reply(database, keys, referral_id, anong, "we are here")
    async with database.unit_of_work() as session:
        assert await ask_report_erasure(session, referral_id) == other.clock()
    assert await other.types(DAO) == Tracked()
    assert await other.says(referral_id, "mango") == Tracked()
    referral = await of_referral(database, referral_id)
    assert (referral.state, referral.closed_as, referral.code_word_key) == ("closed", "withdrawn", None)
    async with database.unit_of_work() as session:
        key = await session.get_one(DataKey, referral.data_key_id)
        assert (key.wrapped, key.destroyed_at) == (None, other.clock())
        assert (
            await session.scalars(sa.text("SELECT body FROM referral_entry WHERE body IS NOT NULL"))
        ).all() == []
        message = (await session.scalars(sa.select(Message))).one()
        assert (message.state, message.content) == ("skipped", None)


@pytest.mark.parametrize("priority", ["P0", "P1"])
async def test_an_urgent_one_is_erased_after_72_hours_and_not_a_moment_earlier(
    database: Database, refer: Refer, other: Phone, anong: UUID, priority: str, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO, priority, "words")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    async with database.unit_of_work() as session:
        assert await ask_report_erasure(session, referral_id) == standing_clock() + ERASES_AFTER
    assert timedelta(hours=72) == ERASES_AFTER
    assert WANTS_ERASURE in (await of_referral(database, referral_id)).reasons
    standing_clock.advance(hours=71, minutes=59)
    # Asking again does not begin the time anew.
    async with database.unit_of_work() as session:
        assert await ask_report_erasure(session, referral_id) == standing_clock() + timedelta(minutes=1)
    assert await erase_due(database) == 0
    assert (await other.types(DAO)).referral == referral_id
    standing_clock.advance(minutes=1)
    assert await erase_due(database) == 1
    assert await other.types(DAO) == Tracked()


async def test_until_then_it_can_be_taken_back(
    database: Database, keys: DataKeys, refer: Refer, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO, "P0", "words")
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
    async with database.unit_of_work() as session:
        await keep_report(session, referral_id)
    standing_clock.advance(hours=100)
    assert await erase_due(database) == 0
    own = await owner_of(database, keys, standing_clock, referral_id)
    seen = await own.looks_again(referral_id)
    assert (seen.erase_at, seen.stage) == (None, "waiting")
    assert WANTS_ERASURE not in (await of_referral(database, referral_id)).reasons


async def test_who_still_wants_to_be_forgotten_is_still_marked_so_when_one_report_is_kept(
    database: Database, refer: Refer, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO, "P0", "words")
    contact_id = (await of_referral(database, referral_id)).contact_id
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
        await ask_to_be_forgotten(session, contact_id, standing_clock() + ERASES_AFTER)
    async with database.unit_of_work() as session:
        await keep_report(session, referral_id)
    kept = await of_referral(database, referral_id)
    assert kept.erase_at is None
    assert WANTS_ERASURE in kept.reasons


async def test_with_the_report_goes_whom_it_might_be_shown_to_and_by_what_it_is_found(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    referral_id = await refer(DAO, "P2", "words")
    async with database.unit_of_work() as session:
        await change_agency(session, referral_id, "police", granted=True, wording="w1")
        session.add(SearchTerm(referral_id=referral_id, kind="phone", term_key=b"hash"))
        await session.flush()
        await ask_report_erasure(session, referral_id)
    async with database.unit_of_work() as session:
        for table in (AgencyConsent, SearchTerm):
            assert (await session.scalars(sa.select(table))).all() == []


async def test_what_stands_on_the_row_itself_and_jobs_that_name_its_parts_go_too(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID
) -> None:
    referral_id = await refer(DAO, "P2", "words")
    piece, other = new_id(), new_id()
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        key = await keys.load(session, referral.data_key_id)
        for column in ("title", "tags", "closing_text"):
            setattr(referral, column, seal_words("canary", key, "referral", column, referral.id))
        referral.bot_dialogue, referral.open_flags, referral.kept_for = "report", 2, None
        session.add(Evidence(id=piece, referral_id=referral_id, event_id=new_id(), kind="picture", state="fetching",
                             at=referral.opened_at))  # fmt: skip
        await session.flush()
        await enqueue(session, "keep_evidence", [piece])
        await enqueue(session, "keep_evidence", [other])
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
    referral = await of_referral(database, referral_id)
    assert (referral.title, referral.tags, referral.closing_text) == (None, None, None)
    assert (referral.bot_dialogue, referral.open_flags) == (None, 0)
    async with database.unit_of_work() as session:
        payloads = (await session.scalars(sa.text("SELECT payload FROM pgqueuer"))).all()
    assert [unpack_ids(payload) for payload in payloads] == [[other]]
