from datetime import UTC, date, datetime, time, timedelta

from core.clock import BANGKOK
from referrals.teams.calendar import Calendar, ChangedDay, DutyHours, public_holidays

OFFICE = DutyHours(time(8, 30), time(16, 30), frozenset(range(5)))


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK).astimezone(UTC)


def test_a_weekday_has_duty_and_a_weekend_has_none() -> None:
    calendar = Calendar(OFFICE)
    assert calendar.is_duty_day(date(2026, 11, 23))
    assert not calendar.is_duty_day(date(2026, 11, 22))


def test_the_hours_are_those_of_bangkok() -> None:
    calendar = Calendar(OFFICE)
    assert not calendar.is_duty_time(at(23, 8, 29))
    assert calendar.is_duty_time(at(23, 8, 30))
    assert calendar.is_duty_time(at(23, 16, 29))
    assert not calendar.is_duty_time(at(23, 16, 30))


def test_public_holidays_and_their_substitutes_are_free() -> None:
    calendar = Calendar(OFFICE)
    for free in (
        date(2026, 4, 13),
        date(2026, 12, 7),
        date(2026, 12, 10),
        date(2026, 5, 13),
        date(2027, 1, 1),
    ):
        assert not calendar.is_duty_day(free), free


def test_a_day_that_supervisors_changed_is_as_they_say() -> None:
    added, struck = date(2026, 11, 24), date(2026, 12, 10)
    changed = {added: ChangedDay(is_duty=False, name="-"), struck: ChangedDay(is_duty=True, name="-")}
    calendar = Calendar(OFFICE, changed)
    assert not calendar.is_duty_day(added)
    assert calendar.is_duty_day(struck)


def test_duty_time_goes_on_the_next_duty_morning() -> None:
    calendar = Calendar(OFFICE)
    assert calendar.after_duty(at(23, 15), timedelta(hours=3)) == at(24, 10)
    # A Friday afternoon, over the weekend.
    assert calendar.after_duty(at(27, 15), timedelta(hours=3)) == at(30, 10)
    # Over the long weekend of 5 December with its Monday.
    assert calendar.after_duty(at(4, 15, month=12), timedelta(hours=3)) == at(8, 10, month=12)


def test_duty_time_that_begins_at_night_begins_in_the_morning() -> None:
    calendar = Calendar(OFFICE)
    assert calendar.after_duty(at(23, 2), timedelta(hours=3)) == at(23, 11, 30)
    assert calendar.after_duty(at(23, 22), timedelta(hours=3)) == at(24, 11, 30)


def test_a_span_that_ends_with_the_day_ends_that_day() -> None:
    assert Calendar(OFFICE).after_duty(at(23, 13, 30), timedelta(hours=3)) == at(23, 16, 30)


def test_holidays_have_names_in_both_languages() -> None:
    thai, english = public_holidays(2026, "th"), public_holidays(2026, "en")
    assert thai.keys() == english.keys()
    assert english[date(2026, 12, 10)] == "Constitution Day"
    assert thai[date(2026, 12, 10)] != english[date(2026, 12, 10)]
