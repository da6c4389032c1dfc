"""A verification that runs out is somebody's task: told once before and once after, to its owner or to all who may."""

import sqlalchemy as sa

from core.accounts.models import Account
from core.db.database import Database
from referrals.directory.hotlines import Hotline, shipped_hotlines
from referrals.hotline_desk.book import find_entry
from referrals.hotline_desk.changing import add_hotline, verify_hotline
from referrals.hotline_desk.warning import ALERT, warn_owners
from referrals.teams.models import StaffAlert
from tests.conftest import MovableClock


async def warn(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await warn_owners(session)


async def alerted(database: Database) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.select(Account.id, StaffAlert.kind).join(StaffAlert, StaffAlert.account_id == Account.id)
        )
        return [(str(account), kind) for account, kind in rows]


async def test_its_owner_is_told_once_when_it_runs_out_and_once_when_it_has(
    database: Database,
    keeper: Account,
    other_keeper: Account,
    foundation: Hotline,
    standing_clock: MovableClock,
) -> None:
    async with database.unit_of_work() as session:
        await add_hotline(session, foundation, owner_id=keeper.id, by=other_keeper.id)
        for hotline in shipped_hotlines():
            # Verified later: these are not what this test is about.
            standing_clock.advance(minutes=1)
            await verify_hotline(session, hotline.key, source="x", seen=0, by=other_keeper.id)
    assert await warn(database) == 0
    async with database.unit_of_work() as session:
        entry = await find_entry(session, foundation.number)
    standing_clock.advance(days=entry.hotline.holds_days - 30)
    assert await warn(database) == 0
    standing_clock.advance(days=1)
    assert await warn(database) == 1 + len(shipped_hotlines())
    assert await warn(database) == 0
    standing_clock.advance(days=30)
    assert await warn(database) == 1 + len(shipped_hotlines())
    assert await warn(database) == 0


async def test_an_entry_of_nobody_is_everybodys_who_may(
    database: Database, keeper: Account, other_keeper: Account, officer: Account, standing_clock: MovableClock
) -> None:
    standing_clock.advance(days=200)
    assert await warn(database) == len(shipped_hotlines())
    assert sorted(await alerted(database)) == sorted([(str(keeper.id), ALERT), (str(other_keeper.id), ALERT)])


async def test_who_verifies_anew_ends_the_warnings(
    database: Database, keeper: Account, standing_clock: MovableClock
) -> None:
    standing_clock.advance(days=200)
    async with database.unit_of_work() as session:
        for hotline in shipped_hotlines():
            await verify_hotline(session, hotline.key, source="called them", seen=0, by=keeper.id)
    assert await warn(database) == 0
    assert await alerted(database) == []
