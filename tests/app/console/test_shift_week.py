from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.console.shift_week import bounds_of, read_week, show_week
from core.errors import InvalidInputError
from core.ids import new_id
from referrals.teams.shifts import Duty

MONDAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def duty(starts: int, hours: int, *, on_call: bool = False) -> Duty:
    begin = MIDNIGHT + timedelta(hours=starts)
    return Duty(new_id(), UUID(int=1), "Anong", begin, begin + timedelta(hours=hours), on_call)


def test_a_week_is_named_by_any_of_its_days_and_this_one_by_none() -> None:
    assert read_week("2026-11-29", date(2026, 1, 1)) == MONDAY
    assert read_week("", date(2026, 11, 25)) == MONDAY
    for wrong in ("x", "2026-02-30", "9999-99-99"):
        with pytest.raises(InvalidInputError):
            read_week(wrong, MONDAY)


def test_a_night_shift_shows_on_both_days_and_is_dropped_on_its_first() -> None:
    first, second, *_ = show_week(MONDAY, [duty(22, 8)])
    assert [(one.starts, one.ends, one.begins_here) for one in first.shifts] == [("22:00", "06:00", True)]
    assert [(one.starts, one.ends, one.begins_here) for one in second.shifts] == [("00:00", "06:00", False)]
    assert (first.gaps, second.gaps) == ([("00:00", "22:00")], [("06:00", "24:00")])


def test_on_call_covers_nothing() -> None:
    first, *_ = show_week(MONDAY, [duty(0, 24, on_call=True)])
    assert first.nobody_all_day


def test_a_whole_day_has_no_gap_and_the_week_ends_with_sunday() -> None:
    days = show_week(MONDAY, [duty(0, 24)])
    assert (days[0].gaps, days[0].shifts[0].ends) == ([], "00:00")
    assert days[6].day == date(2026, 11, 29)
    assert bounds_of(MONDAY)[0] == MIDNIGHT
