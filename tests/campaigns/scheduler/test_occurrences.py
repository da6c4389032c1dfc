"""When a schedule goes out, against a calendar that looks at every single day."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.plans.hours import instant
from campaigns.plans.times import Drip, Once, Recurring
from campaigns.scheduler.occurrences import Occurrence, goes_on, next_occurrences, next_times
from core.clock import bangkok

DAYS = st.dates(date(2026, 1, 1), date(2033, 1, 1))
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))
RECURRING = st.builds(
    Recurring,
    every=st.sampled_from(["day", "week", "month", "year"]),
    at=CLOCKS,
    first=DAYS,
    last=st.none() | DAYS,
    weekdays=st.sets(st.integers(0, 6)).map(tuple),
    day=st.integers(1, 31),
    month=st.integers(1, 12),
)
AFTER = st.builds(instant, DAYS, CLOCKS)
YEARS = 5


def belongs(recurring: Recurring, day: date) -> bool:
    """Whether the schedule names this very day, said the plainest way."""
    if day < recurring.first or (recurring.last is not None and day > recurring.last):
        return False
    if recurring.every == "week":
        return day.weekday() in (recurring.weekdays or (recurring.first.weekday(),))
    last = monthrange(day.year, day.month)[1]
    named = day.day == recurring.day or (day.day == last and recurring.day > last)
    if recurring.every == "month":
        return named
    return recurring.every == "day" or (day.month == recurring.month and named)


@given(RECURRING, AFTER, st.integers(1, 6))
def test_it_names_the_days_that_the_schedule_means_and_no_others(
    recurring: Recurring, after: datetime, count: int
) -> None:
    found = next_times(recurring, after, count)
    begin = max(recurring.first, bangkok(after).date())
    end = bangkok(found[-1]).date() if len(found) == count else begin + timedelta(days=366 * YEARS)
    days = [begin + timedelta(days=ahead) for ahead in range((end - begin).days + 1)]
    expected = [instant(day, recurring.at) for day in days if belongs(recurring, day)]
    assert found == [moment for moment in expected if moment > after]


@given(RECURRING, AFTER, st.integers(1, 5), st.integers(1, 5))
def test_going_on_from_the_last_one_leaves_none_out_and_repeats_none(
    recurring: Recurring, after: datetime, first: int, second: int
) -> None:
    at_once = next_times(recurring, after, first + second)
    begun = next_times(recurring, after, first)
    on = next_times(recurring, begun[-1], second) if len(begun) == first else []
    assert begun + on == at_once
    assert at_once == sorted(set(at_once))
    assert all(moment.tzinfo is UTC for moment in at_once)
    assert goes_on(recurring, after) == bool(at_once)


@given(AFTER, AFTER)
def test_once_is_once(at: datetime, after: datetime) -> None:
    assert next_times(Once(at), after, 9) == ([at] if at > after else [])
    assert next_times(Once(), after, 9) == []


@given(DAYS, CLOCKS, st.sets(st.integers(0, 60), min_size=1).map(sorted), AFTER)
def test_a_drip_from_a_date_has_each_step_once(
    begin: date, at: time, days: list[int], after: datetime
) -> None:
    drip = Drip("date", at, tuple(days), begin)
    expected = [
        Occurrence(instant(begin + timedelta(days=ahead), at), step) for step, ahead in enumerate(days)
    ]
    assert next_occurrences(drip, after, 99) == [one for one in expected if one.at > after]


def test_a_drip_from_what_people_did_has_no_days_of_its_own_and_no_end() -> None:
    drip = Drip("agreed", time(9), (0, 7))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert next_times(drip, now, 5) == []
    assert goes_on(drip, now)


def test_the_thirty_first_is_the_last_of_every_month_and_leap_days_come_when_there_is_one() -> None:
    monthly = Recurring("month", time(9), date(2028, 1, 1), day=31)
    days = [bangkok(moment).date() for moment in next_times(monthly, datetime(2028, 1, 1, tzinfo=UTC), 4)]
    assert days == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]
    yearly = Recurring("year", time(9), date(2026, 1, 1), day=29, month=2)
    days = [bangkok(moment).date() for moment in next_times(yearly, datetime(2026, 1, 1, tzinfo=UTC), 3)]
    assert days == [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_nine_in_the_morning_is_nine_in_bangkok() -> None:
    daily = Recurring("day", time(9), date(2026, 11, 23))
    assert next_times(daily, datetime(2026, 11, 23, 1, 59, 59, tzinfo=UTC), 1) == [
        datetime(2026, 11, 23, 2, tzinfo=UTC)
    ]
