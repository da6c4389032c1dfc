"""Alarms: staff are told once of a clock that ran out, until the step is made or they put it aside."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.teams.models import StaffAlert
from referrals.tracks.alarms import find_due, put_aside, ring_due
from referrals.tracks.models import CaseStanding, TrackAlarm
from tests.conftest import MovableClock
from tests.referrals.tracks.office import Office
from tests.referrals.tracks.test_recording import step


async def rings(database: Database) -> int:
    async with database.unit_of_work() as session:
        await ring_due(session, utc_now())
        return await session.scalar(sa.select(sa.func.count()).select_from(StaffAlert)) or 0


async def alarms(database: Database) -> list[tuple[str, bool]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(TrackAlarm).order_by(TrackAlarm.due_at))
        return [(row.clock, row.ended_at is None) for row in rows]


async def test_a_clock_that_ran_out_rings_once_and_ends_with_its_step(
    office: Office, database: Database, standing_clock: MovableClock
) -> None:
    await office.tells(step("victim.protected", happened_at=utc_now()))
    assert (await office.standing()).next_clock == "s29_protection"
    assert await rings(database) == 0
    standing_clock.advance(hours=24)
    told = await rings(database)
    assert told > 0
    assert await rings(database) == told
    assert (await office.standing()).next_clock == "nrm_screening"
    assert await alarms(database) == [("s29_protection", True)]
    await office.tells(step("victim.mdt_screening"))
    assert await alarms(database) == [("s29_protection", False)]
    assert (await office.standing()).next_clock is None


async def test_what_was_put_aside_stays_silent(
    office: Office, database: Database, standing_clock: MovableClock
) -> None:
    await office.tells(step("prosecution.inquiry"))
    standing_clock.advance(days=9)
    assert await rings(database)
    async with database.unit_of_work() as session:
        alarm_id = await session.scalar(sa.select(TrackAlarm.id))
        assert alarm_id is not None
        with pytest.raises(NotFoundError):
            await put_aside(session, new_id(), alarm_id, now=utc_now())
        assert await put_aside(session, office.referral_id, alarm_id, now=utc_now()) == "right_told"
        assert await put_aside(session, office.referral_id, alarm_id, now=utc_now()) is None
        assert await find_due(session, utc_now() + timedelta(days=1)) == []
    await office.tells(step("prosecution.to_prosecutor"))
    assert await alarms(database) == [("right_told", False)]


async def test_a_step_told_late_rings_for_what_ran_out_before(
    office: Office, database: Database, standing_clock: MovableClock
) -> None:
    early = utc_now() - timedelta(days=3)
    await office.tells(step("victim.protected", early.date(), happened_at=early))
    async with database.unit_of_work() as session:
        standing = await session.get_one(CaseStanding, office.referral_id)
        assert standing.next_due_at == early + timedelta(hours=24)
    assert await rings(database)
