from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.clock import BANGKOK, bangkok
from referrals.models import Referral
from referrals.teams.calendar import Calendar, ChangedDay
from referrals.teams.clocks import Clock, answer_due, claim_due, due_at, duty_hours, limit_of, shortest

CALENDAR = Calendar(duty_hours())
CLOCKS: tuple[Clock, ...] = ("claim", "answer")
PRIORITIES = ("P0", "P1", "P2", "P3")

moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
changes = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2029, 1, 31)),
    st.builds(ChangedDay, is_duty=st.booleans(), name=st.just("-")),
    max_size=20,
)
calendars = st.builds(Calendar, st.just(duty_hours()), changes)
clocks, priorities = st.sampled_from(CLOCKS), st.sampled_from(PRIORITIES)


@given(clocks, priorities, moments, calendars)
def test_a_clock_never_runs_out_before_its_shortest_span(
    clock: Clock, priority: str, since: datetime, calendar: Calendar
) -> None:
    assert due_at(clock, priority, since, calendar) >= since + shortest(clock)[priority] > since


@given(clocks, priorities, moments, st.timedeltas(timedelta(0), timedelta(days=10)), calendars)
def test_what_began_later_never_runs_out_earlier(
    clock: Clock, priority: str, since: datetime, later: timedelta, calendar: Calendar
) -> None:
    assert due_at(clock, priority, since, calendar) <= due_at(clock, priority, since + later, calendar)


@given(clocks, moments, calendars)
def test_what_is_more_urgent_never_runs_out_later(clock: Clock, since: datetime, calendar: Calendar) -> None:
    dues = [due_at(clock, priority, since, calendar) for priority in PRIORITIES]
    assert dues == sorted(dues)


@given(clocks, st.sampled_from(["P2", "P3"]), moments, calendars)
def test_a_clock_of_duty_hours_runs_out_on_duty(
    clock: Clock, priority: str, since: datetime, calendar: Calendar
) -> None:
    due = due_at(clock, priority, since, calendar)
    assert calendar.is_duty_time(due - timedelta(microseconds=1))
    assert bangkok(due).time() <= calendar.hours.closes


@given(clocks, st.sampled_from(["P0", "P1"]), moments, calendars)
def test_urgent_clocks_know_no_holiday(
    clock: Clock, priority: str, since: datetime, calendar: Calendar
) -> None:
    assert due_at(clock, priority, since, calendar) - since == timedelta(
        minutes=limit_of(clock, priority).minutes
    )


def test_claims_are_due_as_the_sources_say() -> None:
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK).astimezone(UTC)
    due = [due_at("claim", priority, monday, CALENDAR) - monday for priority in PRIORITIES]
    # P3 is one duty day: the same hour of the next.
    assert due == [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=3), timedelta(hours=24)]


def test_a_referral_put_back_has_its_time_again() -> None:
    opened = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    referral = Referral(id=UUID(int=1), priority="P0", opened_at=opened, unheld_since=None)
    assert claim_due(referral, CALENDAR) == opened + timedelta(minutes=5)
    referral.unheld_since = opened + timedelta(hours=2)
    assert claim_due(referral, CALENDAR) == opened + timedelta(hours=2, minutes=5)


def test_whoever_takes_a_report_over_has_the_whole_time_to_answer() -> None:
    since = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    referral = Referral(
        id=UUID(int=1), priority="P1", opened_at=since, claimed_at=since + timedelta(minutes=50)
    )
    assert answer_due(referral, since, CALENDAR) == since + timedelta(minutes=80)
    assert answer_due(referral, since + timedelta(hours=2), CALENDAR) == since + timedelta(minutes=150)


def test_an_answer_that_was_put_aside_is_due_when_that_ends() -> None:
    since = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    referral = Referral(id=UUID(int=1), priority="P1", opened_at=since, snoozed_until=None)
    assert answer_due(referral, since, CALENDAR) == since + timedelta(minutes=30)
    referral.snoozed_until = since + timedelta(hours=5)
    assert answer_due(referral, since, CALENDAR) == referral.snoozed_until
    referral.snoozed_until = since - timedelta(hours=5)
    assert answer_due(referral, since, CALENDAR) == since + timedelta(minutes=30)
