import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.desk.models import Presence
from referrals.desk.presence import Somebody, forget_presence, leave, note_presence, who_is_there
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer


async def _there(database: Database) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        return [(one.name, one.doing) for one in await who_is_there(session)]


async def _note(database: Database, referral_id: UUID, account_id: UUID, doing: str = "reading") -> bool:
    async with database.unit_of_work() as session:
        return await note_presence(session, referral_id, account_id, doing)  # type: ignore[arg-type]


async def test_whoever_types_stands_before_whoever_reads(
    database: Database, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao")
    await _note(database, referral_id, anong)
    await _note(database, referral_id, boon, "typing")
    assert await _there(database) == [("Boon", "typing"), ("Anong", "reading")]


async def test_a_silent_page_is_gone_after_half_a_minute(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    await _note(database, await refer("Dao"), anong)
    standing_clock.advance(seconds=29)
    async with database.unit_of_work() as session:
        (one,) = await who_is_there(session)
    assert isinstance(one, Somebody)
    assert one.seconds_left == pytest.approx(1)
    standing_clock.advance(seconds=1)
    assert await _there(database) == []


async def test_a_page_is_written_down_once_in_ten_seconds(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao")
    assert await _note(database, referral_id, anong)
    standing_clock.advance(seconds=9)
    assert not await _note(database, referral_id, anong, "typing")
    assert await _there(database) == [("Anong", "reading")]
    standing_clock.advance(seconds=1)
    assert await _note(database, referral_id, anong, "typing")
    assert await _there(database) == [("Anong", "typing")]


async def test_others_are_told_only_of_what_is_new(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock, heard: asyncio.Queue[str]
) -> None:
    referral_id = await refer("Dao")
    await _note(database, referral_id, anong)
    standing_clock.advance(seconds=11)
    await _note(database, referral_id, anong)
    async with database.unit_of_work() as session:
        await leave(session, referral_id, anong)
        await leave(session, referral_id, anong)
    told = []
    while len(told) < 3:
        told.append(await asyncio.wait_for(heard.get(), 5))
    # The report itself, then that somebody came, then that they went; their staying was no news.
    assert told == [str(referral_id), f"presence:{referral_id}", f"presence:{referral_id}"]
    assert heard.empty()


async def test_nobody_is_at_a_referral_that_is_none(database: Database, anong: UUID) -> None:
    with pytest.raises(NotFoundError):
        await _note(database, new_id(), anong)


async def test_old_presence_is_thrown_away(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    await _note(database, await refer("Dao"), anong)
    standing_clock.advance(seconds=61)
    async with database.unit_of_work() as session:
        await forget_presence(session)
        assert await session.scalar(sa.select(sa.func.count()).select_from(Presence)) == 0
