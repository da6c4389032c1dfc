import asyncio
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from core.db.database import Database
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from referrals.intake import cancel_referral
from referrals.live import CHANNEL
from referrals.models import Referral, ReferralEntry
from referrals.queue import TAKEN_BACK_SHOWN, EndedError, HeldError, claim, release, still_waits
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer


async def _claim(database: Database, referral_id: UUID, account_id: UUID) -> None:
    async with database.unit_of_work() as session:
        await claim(session, referral_id, account_id)


async def _take_back(database: Database, referral_id: UUID) -> None:
    """The person says that it was a mistake."""
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await cancel_referral(session, referral.identity_id)


async def _cry_and_take_back(database: Database, refer: Refer) -> UUID:
    """A referral that crisis words opened and the person took back at once."""
    referral_id = await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.source = "crisis"
    await _take_back(database, referral_id)
    return referral_id


async def test_a_cry_for_help_that_was_taken_back_still_waits_for_a_day_and_can_be_claimed(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await _cry_and_take_back(database, refer)
    standing_clock.advance(hours=23)
    await _claim(database, referral_id, anong)
    async with database.unit_of_work() as session:
        claimed = await session.get_one(Referral, referral_id)
        assert (claimed.state, claimed.closed_at, claimed.closed_as) == ("claimed", None, None)


@pytest.mark.parametrize(("priority", "waits"), [("P0", True), ("P1", True), ("P2", False)])
async def test_an_urgent_report_that_was_taken_back_waits_as_a_cry_for_help_does(
    database: Database, refer: Refer, anong: UUID, priority: str, *, waits: bool
) -> None:
    referral_id = await refer("Dao", priority)
    await _take_back(database, referral_id)
    async with database.unit_of_work() as session:
        assert still_waits(await session.get_one(Referral, referral_id)) is waits


async def test_what_was_taken_back_more_than_a_day_ago_has_ended(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await _cry_and_take_back(database, refer)
    standing_clock.advance(seconds=TAKEN_BACK_SHOWN.total_seconds() + 1)
    with pytest.raises(EndedError):
        await _claim(database, referral_id, anong)


async def test_one_of_many_simultaneous_claims_wins_and_the_others_learn_who(
    database: Database, refer: Refer, anong: UUID, boon: UUID
) -> None:
    referral_id = await refer("Dao")
    ended = await asyncio.gather(
        *(_claim(database, referral_id, account) for account in [anong, boon] * 5), return_exceptions=True
    )
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        marks = list(await session.scalars(sa.select(ReferralEntry.mark)))
    winner = referral.claimed_by
    assert marks == ["claimed"]
    assert ended.count(None) == 5
    refusals = [e for e in ended if e is not None]
    assert all(isinstance(e, HeldError) for e in refusals)
    assert {e.holder for e in refusals if isinstance(e, HeldError)} == {
        "Anong" if winner == anong else "Boon"
    }


async def test_what_has_ended_or_never_was_cannot_be_claimed(
    database: Database, refer: Refer, anong: UUID
) -> None:
    referral_id = await refer("Dao")
    await _take_back(database, referral_id)
    with pytest.raises(EndedError):
        await _claim(database, referral_id, anong)
    with pytest.raises(NotFoundError):
        await _claim(database, new_id(), anong)


async def test_only_the_holder_can_put_it_back(
    database: Database, refer: Refer, anong: UUID, boon: UUID
) -> None:
    referral_id = await refer("Dao")
    with pytest.raises(ConflictError) as refused:
        async with database.unit_of_work() as session:
            await release(session, referral_id, anong)
    assert not isinstance(refused.value, HeldError)
    await _claim(database, referral_id, anong)
    with pytest.raises(HeldError):
        async with database.unit_of_work() as session:
            await release(session, referral_id, boon)
    async with database.unit_of_work() as session:
        await release(session, referral_id, anong)
    await _claim(database, referral_id, boon)


async def test_what_was_put_back_waits_since_then_and_is_no_longer_aside(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao")
    await _claim(database, referral_id, anong)
    standing_clock.advance(hours=1)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.snoozed_until, referral.snoozed_for = standing_clock.moment, "other"
    async with database.unit_of_work() as session:
        await release(session, referral_id, anong)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        assert referral.unheld_since == standing_clock.moment
        assert (referral.snoozed_until, referral.snoozed_for) == (None, None)


async def test_a_claim_is_told_to_open_consoles_at_commit(
    database: Database, refer: Refer, anong: UUID
) -> None:
    referral_id = await refer("Dao")
    heard: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(database.asyncpg_address)
    await connection.add_listener(CHANNEL, lambda *news: heard.put_nowait(str(news[3])))
    await _claim(database, referral_id, anong)
    assert await asyncio.wait_for(heard.get(), 5) == str(referral_id)
    await connection.close()
