"""A legal hold outlives time and wishes and ends by a person; postponing gives way to the person's wish. Guards 18."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.keeping.grounds import grounds
from referrals.keeping.holding import (
    GroundError,
    HeldAlreadyError,
    WordsGoneError,
    hold_report,
    postpone_report,
    read_keepings,
    release_report,
)
from referrals.models import Referral, ReferralEntry
from referrals.report_erasure import WANTS_ERASURE, ask_report_erasure, erase_report, keep_report
from referrals.retention import KEPT_AFTER_CLOSING
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.ending import end_all, erase_due
from tests.referrals.phones import DAO, owner_of

MINUTE = timedelta(minutes=1)


async def _close(database: Database, referral_id: UUID) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.state, referral.closed_at = "closed", utc_now()


async def _hold(database: Database, referral_id: UUID, by: UUID) -> None:
    async with database.unit_of_work() as session:
        await hold_report(session, referral_id, ground="prosecution", by=by)


async def _release(database: Database, referral_id: UUID, by: UUID) -> None:
    async with database.unit_of_work() as session:
        await release_report(session, referral_id, by=by)


async def _has_words(database: Database, referral_id: UUID) -> bool:
    async with database.unit_of_work() as session:
        bodies = sa.select(ReferralEntry.id).where(
            ReferralEntry.referral_id == referral_id, ReferralEntry.body.is_not(None)
        )
        return bool((await session.scalars(bodies)).all())


async def test_a_held_report_outlives_every_time_and_ends_some_days_after_its_release(
    database: Database, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao", "P2", "words")
    await _hold(database, referral_id, boon)
    await _close(database, referral_id)
    standing_clock.advance(days=3650)
    assert await end_all(database) == 0
    assert await _has_words(database, referral_id)
    await _release(database, referral_id, boon)
    assert await end_all(database) == 0
    standing_clock.advance(days=grounds().grace_days, minutes=1)
    assert await end_all(database) == 1
    assert not await _has_words(database, referral_id)
    async with database.unit_of_work() as session:
        (kept,) = await read_keepings(session, referral_id)
        assert (kept.kind, kept.ground, kept.by, kept.ended_by) == ("hold", "prosecution", "Boon", "Boon")
        referral = await session.get_one(Referral, referral_id)
        assert (referral.kept_for, referral.kept_until) == (None, None)


async def test_a_wish_to_erase_waits_for_the_hold_and_is_carried_out_a_day_after_it(
    database: Database, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao", "P2", "words")
    await _hold(database, referral_id, boon)
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
    standing_clock.advance(days=400)
    assert await erase_due(database) == 0
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        assert WANTS_ERASURE in referral.reasons
        assert (referral.state, referral.words_gone_at) == ("open", None)
    await _release(database, referral_id, boon)
    assert await erase_due(database) == 0
    standing_clock.advance(days=1)
    assert await erase_due(database) == 1
    assert not await _has_words(database, referral_id)


async def test_the_person_sees_that_the_law_keeps_it(
    database: Database, keys: DataKeys, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO, "P2", "words")
    own = await owner_of(database, keys, standing_clock, referral_id)
    assert not (await own.looks_again(referral_id)).held
    await _hold(database, referral_id, boon)
    assert (await own.looks_again(referral_id)).held
    await _release(database, referral_id, boon)
    assert not (await own.looks_again(referral_id)).held


async def test_a_wish_that_was_taken_back_does_not_come_with_the_end_of_the_hold(
    database: Database, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao", "P2", "words")
    await _hold(database, referral_id, boon)
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
        await keep_report(session, referral_id)
    await _release(database, referral_id, boon)
    standing_clock.advance(days=2)
    assert await erase_due(database) == 0
    assert await _has_words(database, referral_id)


async def test_forgetting_a_person_leaves_a_held_report_whole_and_its_wish_standing(
    database: Database, keys: DataKeys, refer: Refer, boon: UUID
) -> None:
    referral_id = await refer("Dao", "P2", "words")
    await _hold(database, referral_id, boon)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id, with_for_update=True)
        assert not await erase_report(session, referral)
        assert referral.erase_at is not None
        await keys.load(session, referral.data_key_id)
    assert await _has_words(database, referral_id)


async def test_postponing_moves_the_end_and_no_further_than_it_may(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao", "P2", "words")
    await _close(database, referral_id)
    standing_clock.moment += KEPT_AFTER_CLOSING - MINUTE
    most = grounds().postpone_days
    for days, ground in ((most + 1, "person_returns"), (0, "person_returns"), (5, "prosecution"), (5, "")):
        with pytest.raises(GroundError):
            async with database.unit_of_work() as session:
                await postpone_report(session, referral_id, ground=ground, days=days, by=anong)
    async with database.unit_of_work() as session:
        await postpone_report(session, referral_id, ground="agency_answers", days=most, by=anong)
    async with database.unit_of_work() as session:
        # Pressed again with less: what stands stays.
        await postpone_report(session, referral_id, ground="person_returns", days=5, by=anong)
        assert len(await read_keepings(session, referral_id)) == 1
    standing_clock.advance(days=most, minutes=-1)
    assert await end_all(database) == 0
    standing_clock.advance(minutes=2)
    assert await end_all(database) == 1


async def test_the_persons_wish_goes_before_postponing(database: Database, refer: Refer, anong: UUID) -> None:
    referral_id = await refer("Dao", "P2", "words")
    await _close(database, referral_id)
    async with database.unit_of_work() as session:
        await postpone_report(session, referral_id, ground="agency_answers", days=30, by=anong)
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
    assert not await _has_words(database, referral_id)


async def test_a_hold_is_set_once_and_not_on_what_is_gone(
    database: Database, refer: Refer, boon: UUID
) -> None:
    referral_id = await refer("Dao", "P2", "words")
    with pytest.raises(HeldAlreadyError):
        await _release(database, referral_id, boon)
    await _hold(database, referral_id, boon)
    with pytest.raises(HeldAlreadyError):
        await _hold(database, referral_id, boon)
    await _release(database, referral_id, boon)
    async with database.unit_of_work() as session:
        await erase_report(session, await session.get_one(Referral, referral_id))
    with pytest.raises(WordsGoneError):
        await _hold(database, referral_id, boon)
