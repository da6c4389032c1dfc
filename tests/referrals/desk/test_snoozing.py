from datetime import timedelta
from uuid import UUID

import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import InvalidInputError
from core.ids import new_id
from referrals.desk.snoozing import (
    LONGEST,
    WOKEN,
    SnoozeTimeError,
    SnoozeUrgentError,
    snooze,
    wake,
    wake_due,
)
from referrals.intake import append_citizen_words
from referrals.models import Referral
from referrals.queue import HeldError, claim
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.desk.conftest import Told


async def _snooze(
    database: Database, clock: MovableClock, referral_id: UUID, account_id: UUID, **span: float
) -> None:
    async with database.unit_of_work() as session:
        until = clock.moment + timedelta(**(span or {"hours": 4}))
        await snooze(session, referral_id, account_id, until=until, reason="waits_for_person")


async def _is_aside(database: Database, referral_id: UUID) -> bool:
    async with database.unit_of_work() as session:
        return (await session.get_one(Referral, referral_id)).snoozed_until is not None


async def test_it_comes_back_by_itself_and_its_holder_is_told(
    database: Database, standing_clock: MovableClock, held_by_anong: UUID, anong: UUID, told: Told
) -> None:
    await _snooze(database, standing_clock, held_by_anong, anong)
    standing_clock.advance(hours=3, minutes=59)
    async with database.unit_of_work() as session:
        assert await wake_due(session) == 0
    standing_clock.advance(minutes=1)
    async with database.unit_of_work() as session:
        assert await wake_due(session) == 1
    assert not await _is_aside(database, held_by_anong)
    assert await told(anong) == [WOKEN]


async def test_it_comes_back_at_once_when_its_person_writes(
    database: Database, keys: DataKeys, standing_clock: MovableClock, held_by_anong: UUID, anong: UUID
) -> None:
    await _snooze(database, standing_clock, held_by_anong, anong)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held_by_anong)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "ยังอยู่ไหม")]
        )
    assert not await _is_aside(database, held_by_anong)


async def test_its_holder_can_bring_it_back(
    database: Database, standing_clock: MovableClock, held_by_anong: UUID, anong: UUID
) -> None:
    await _snooze(database, standing_clock, held_by_anong, anong)
    async with database.unit_of_work() as session:
        await wake(session, held_by_anong, anong)
    assert not await _is_aside(database, held_by_anong)


@pytest.mark.parametrize("span", [{"seconds": 0}, {"hours": -1}, {"seconds": LONGEST.total_seconds() + 1}])
async def test_not_into_the_past_nor_out_of_sight(
    database: Database, standing_clock: MovableClock, held_by_anong: UUID, anong: UUID, span: dict[str, float]
) -> None:
    with pytest.raises(SnoozeTimeError):
        await _snooze(database, standing_clock, held_by_anong, anong, **span)


async def test_neither_the_most_urgent_nor_without_a_reason_nor_by_others(
    database: Database,
    refer: Refer,
    standing_clock: MovableClock,
    held_by_anong: UUID,
    anong: UUID,
    boon: UUID,
) -> None:
    urgent = await refer("Ek", "P0")
    async with database.unit_of_work() as session:
        await claim(session, urgent, anong)
    with pytest.raises(SnoozeUrgentError):
        await _snooze(database, standing_clock, urgent, anong)
    with pytest.raises(HeldError):
        await _snooze(database, standing_clock, held_by_anong, boon)
    until = standing_clock.moment + timedelta(hours=1)
    with pytest.raises(InvalidInputError):
        async with database.unit_of_work() as session:
            await snooze(session, held_by_anong, anong, until=until, reason="tired")
    assert not await _is_aside(database, held_by_anong)
