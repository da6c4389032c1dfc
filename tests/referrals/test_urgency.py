from uuid import UUID

import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import InvalidInputError
from referrals.cases import read_case
from referrals.closing import ReasonError
from referrals.models import Referral
from referrals.queue import EndedError, claim
from referrals.urgency import LoweringError, SamePriorityError, set_priority
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer


async def change(
    database: Database, keys: DataKeys, referral_id: UUID, account: UUID, priority: str, why: str = "", *, oversees: bool = False
) -> None:  # fmt: skip
    async with database.unit_of_work() as session:
        await set_priority(
            session, keys, referral_id=referral_id, account_id=account, priority=priority, why=why, oversees=oversees
        )  # fmt: skip


async def test_anybody_raises_freely_and_the_clock_of_an_unclaimed_one_begins_anew(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    dao = await refer("Dao", "P3")
    standing_clock.advance(hours=5)
    await change(database, keys, dao, anong, "P0")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, dao)
        assert (referral.priority, referral.unheld_since) == ("P0", standing_clock())


async def test_lowering_takes_a_reason_and_the_right_to(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, boon: UUID
) -> None:
    dao = await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        await claim(session, dao, anong)
    with pytest.raises(LoweringError):
        await change(database, keys, dao, boon, "P2", "เบาแล้ว")
    for why in ("", "  ", "ก" * 501):
        with pytest.raises(ReasonError):
            await change(database, keys, dao, anong, "P2", why)
    await change(database, keys, dao, anong, "P2", "ถึงบ้านแล้ว")
    await change(database, keys, dao, boon, "P3", "คุยครบแล้ว", oversees=True)
    async with database.unit_of_work() as session:
        case = await read_case(session, keys, dao, anong, oversees=False)
    told = [(line.changes, line.text, line.who) for line in case.lines if line.mark == "priority"]
    assert told == [(("P0", "P2"), "ถึงบ้านแล้ว", "Anong"), (("P2", "P3"), "คุยครบแล้ว", "Boon")]


async def test_what_changes_nothing_or_has_ended_is_refused(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID
) -> None:
    dao = await refer("Dao", "P1")
    for priority, error in (("P1", SamePriorityError), ("P9", InvalidInputError)):
        with pytest.raises(error):
            await change(database, keys, dao, anong, priority)
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, dao)).state = "closed"
    with pytest.raises(EndedError):
        await change(database, keys, dao, anong, "P0")
