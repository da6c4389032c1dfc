from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.plans.blocks import TextBlock, Wording
from campaigns.plans.hours import begins_on, instant, is_quiet, last_moment, time_faults
from campaigns.plans.plan import Plan, Step
from campaigns.plans.times import Drip, Once, Recurring
from core.clock import bangkok

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10.00 in Bangkok
STEP = Step((Wording((TextBlock("t", {"th": "ถามก่อนโอน"}),), {"th": "มีข่าว"}),))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def plan(schedule: Once | Recurring | Drip, steps: int = 1, **more: object) -> Plan:
    return msgspec.structs.replace(Plan((STEP,) * steps, schedule=schedule), **more)


@given(MOMENTS, st.integers(1, 1440))
def test_nothing_may_go_out_at_night_however_late_it_is(due: datetime, late: int) -> None:
    end = last_moment(due, late, emergency=False)
    assert due <= end <= due + timedelta(minutes=late)
    if end > due:
        assert not is_quiet(due)
        assert not is_quiet(end - timedelta(microseconds=1))
        assert bangkok(end - timedelta(microseconds=1)).date() == bangkok(due).date()


@given(MOMENTS, st.integers(1, 1440))
def test_an_emergency_lasts_as_long_as_it_was_given(due: datetime, late: int) -> None:
    assert last_moment(due, late, emergency=True) == due + timedelta(minutes=late)


def test_the_quiet_hours_are_from_nine_in_the_evening_to_eight_in_the_morning() -> None:
    day = date(2026, 11, 23)
    awake = {hour for hour in range(24) if not is_quiet(instant(day, time(hour)))}
    assert awake == set(range(8, 21))
    assert not is_quiet(instant(day, time(20, 59, 59)))


@pytest.mark.parametrize(
    "schedule",
    [
        Once(),
        Once(NOW + timedelta(minutes=1)),
        Recurring("day", time(9), date(2020, 1, 1)),
        Recurring("month", time(9), date(2026, 1, 1), date(2026, 12, 31), day=31),
        Drip("date", time(8), (0,), date(2026, 11, 24)),
        Drip("agreed", time(20, 59), (0,)),
    ],
)
def test_a_time_that_lies_ahead_by_day_is_fine(schedule: Once | Recurring | Drip) -> None:
    assert time_faults(plan(schedule), NOW) == ()


@pytest.mark.parametrize(
    "schedule",
    [
        Once(NOW),
        Once(NOW - timedelta(seconds=1)),
        Recurring("day", time(9), date(2026, 1, 1), date(2026, 11, 23)),
        Drip("date", time(9), (0, 9), date(2026, 11, 23)),
    ],
)
def test_the_past_is_refused(schedule: Once | Recurring | Drip) -> None:
    steps = len(schedule.days) if isinstance(schedule, Drip) else 1
    assert time_faults(plan(schedule, steps), NOW) == ("past",)


@pytest.mark.parametrize(
    "schedule",
    [
        Once(instant(date(2026, 11, 24), time(3))),
        Recurring("week", time(21), date(2026, 11, 24)),
        Drip("entered", time(7, 59), (1,)),
    ],
)
def test_the_night_is_refused_except_in_an_emergency(schedule: Once | Recurring | Drip) -> None:
    assert time_faults(plan(schedule), NOW) == ("quiet",)
    assert time_faults(plan(schedule, emergency=True), NOW) == ()


@pytest.mark.parametrize(
    ("schedule", "steps"),
    [
        (Once(), 2),
        (Once(datetime(2026, 11, 24, 9)), 1),  # noqa: DTZ001 - what a file may hold
        (Recurring("day", time(9, tzinfo=UTC), date(2026, 1, 1)), 1),
        (Recurring("day", time(9), date(2027, 1, 2), date(2027, 1, 1)), 1),
        (Recurring("week", time(9), date(2027, 1, 2), weekdays=(7,)), 1),
        (Recurring("month", time(9), date(2027, 1, 2), day=0), 1),
        (Recurring("year", time(9), date(2027, 1, 2), month=13), 1),
        (Recurring("day", time(9), date(1, 1, 1)), 1),
        (Drip("date", time(9), (0,)), 1),
        (Drip("agreed", time(9), ()), 0),
        (Drip("agreed", time(9), (0, 1)), 1),
        (Drip("agreed", time(9), (1, 1)), 2),
        (Drip("agreed", time(9), (-1,)), 1),
        (Drip("agreed", time(9), (4000,)), 1),
        (Drip("answered", time(9), (0,), campaign="x"), 1),
    ],
)
def test_what_contradicts_itself_is_refused(schedule: Once | Recurring | Drip, steps: int) -> None:
    assert time_faults(plan(schedule, steps), NOW) == ("unclear",)


def test_no_more_than_two_years_are_planned_and_no_more_than_a_day_is_late() -> None:
    assert time_faults(plan(Once(NOW + timedelta(days=800))), NOW) == ("far",)
    assert time_faults(plan(Once(), late_minutes=1441), NOW) == ("unclear",)
    assert time_faults(plan(Once(), late_minutes=0), NOW) == ("unclear",)


def test_who_begins_after_the_hour_of_the_first_step_gets_it_the_next_day() -> None:
    nine = Drip("agreed", time(9), (0, 3))
    assert begins_on(nine, NOW - timedelta(hours=2)) == date(2026, 11, 23)
    assert begins_on(nine, NOW) == date(2026, 11, 24)
    assert begins_on(Drip("agreed", time(9), (1,)), NOW) == date(2026, 11, 23)
