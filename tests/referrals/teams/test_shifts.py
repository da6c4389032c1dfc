from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import bangkok
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.teams.roster import add_member, create_team
from referrals.teams.shifts import (
    Duty,
    NotAMemberError,
    ShiftTimesError,
    ShiftTwiceError,
    add_shifts,
    drop_shift,
    gaps_between,
    list_shifts,
    times_of,
    who_is_there,
)
from tests.referrals.teams.conftest import Hire

MONDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # midnight in Bangkok
WEEK = timedelta(days=7)


def duty(starts: float, hours: float, *, on_call: bool = False) -> Duty:
    begin = MONDAY + timedelta(hours=starts)
    return Duty(new_id(), UUID(int=1), "Anong", begin, begin + timedelta(hours=hours), on_call)


def test_a_shift_over_midnight_ends_the_next_day() -> None:
    begin, end = times_of(date(2026, 11, 23), time(22), time(6))
    assert (bangkok(begin).day, bangkok(end).day, end - begin) == (23, 24, timedelta(hours=8))
    begin, end = times_of(date(2026, 11, 23), time(8), time(8))
    assert end - begin == timedelta(hours=24)


def test_gaps_are_what_nobody_on_duty_covers() -> None:
    day = MONDAY + timedelta(days=1)
    shifts = [duty(14, 4), duty(8, 8), duty(18, 4, on_call=True)]
    hours = [
        ((gap.starts_at - MONDAY).total_seconds() / 3600, (gap.ends_at - MONDAY).total_seconds() / 3600)
        for gap in gaps_between(MONDAY, day, shifts)
    ]
    assert hours == [(0, 8), (18, 24)]
    assert gaps_between(MONDAY, day, [duty(-2, 30)]) == []


@given(
    st.lists(st.builds(duty, st.integers(-30, 190), st.integers(1, 24), on_call=st.booleans()), max_size=20)
)
def test_every_hour_of_a_week_is_on_duty_or_in_one_gap(shifts: list[Duty]) -> None:
    gaps = gaps_between(MONDAY, MONDAY + WEEK, shifts)
    for hour in range(7 * 24):
        moment = MONDAY + timedelta(hours=hour, minutes=30)
        covered = any(not one.on_call and one.starts_at <= moment < one.ends_at for one in shifts)
        assert covered != any(gap.starts_at <= moment < gap.ends_at for gap in gaps)
    assert all(gap.starts_at < gap.ends_at for gap in gaps)


async def test_a_shift_repeats_weekly_and_never_twice_at_once(database: Database, hire: Hire) -> None:
    anong, boon = await hire("Anong"), await hire("Boon")
    async with database.unit_of_work() as session:
        team_id, other = await create_team(session, "A"), await create_team(session, "B")
        await add_member(session, team_id, anong, leads=False)

        async def add(account_id: UUID, starts: time, ends: time, weeks: int = 1) -> list[UUID]:
            return await add_shifts(
                session, team_id=team_id, account_id=account_id, day=date(2026, 11, 23), starts=starts,
                ends=ends, on_call=False, weeks=weeks,
            )  # fmt: skip

        made = await add(anong, time(8), time(16), weeks=3)
        assert len(made) == 3
        shown = await list_shifts(session, team_id, MONDAY + WEEK, MONDAY + WEEK * 2)
        assert [(one.name, bangkok(one.starts_at).day) for one in shown] == [("Anong", 30)]
        with pytest.raises(ShiftTwiceError):
            await add(anong, time(15), time(23))
        with pytest.raises(NotAMemberError):
            await add(boon, time(8), time(16))
        with pytest.raises(ShiftTimesError):
            await add(anong, time(17), time(18), weeks=27)
        with pytest.raises(NotFoundError):
            await drop_shift(session, other, made[0])
        await drop_shift(session, team_id, made[1])
        assert await list_shifts(session, team_id, MONDAY + WEEK, MONDAY + WEEK * 2) == []


async def test_it_knows_who_is_there_at_a_moment(database: Database, hire: Hire) -> None:
    anong, boon = await hire("Anong"), await hire("Boon")
    async with database.unit_of_work() as session:
        team_id = await create_team(session, "A")
        for account_id, on_call in ((anong, False), (boon, True)):
            await add_member(session, team_id, account_id, leads=False)
            await add_shifts(
                session, team_id=team_id, account_id=account_id, day=date(2026, 11, 23), starts=time(8),
                ends=time(16), on_call=on_call,
            )  # fmt: skip
        nine = MONDAY + timedelta(hours=9)
        there = (await who_is_there(session, [team_id], nine))[team_id]
        assert [(one.name, one.on_call) for one in there] == [("Anong", False), ("Boon", True)]
        assert await who_is_there(session, [team_id], MONDAY + timedelta(hours=16)) == {team_id: []}
