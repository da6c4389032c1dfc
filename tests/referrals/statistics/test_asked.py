from datetime import UTC, date, datetime

import pytest

from referrals.statistics.asked import MOST_DAYS, PeriodError, fiscal_quarter, period_of

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("named", "first", "last"),
    [
        ("week", date(2026, 11, 23), TODAY),
        ("last_week", date(2026, 11, 16), date(2026, 11, 22)),
        ("month", date(2026, 11, 1), TODAY),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 10, 1), TODAY),
        ("last_quarter", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_a_period_has_its_days(named: str, first: date, last: date) -> None:
    period = period_of(named, TODAY)  # type: ignore[arg-type]
    assert (period.first, period.last) == (first, last)


def test_a_month_before_january_is_december() -> None:
    period = period_of("last_month", date(2027, 1, 5))
    assert (period.first, period.last) == (date(2026, 12, 1), date(2026, 12, 31))


def test_days_begin_in_bangkok() -> None:
    period = period_of("custom", TODAY, date(2026, 11, 1), date(2026, 11, 1))
    assert (period.since, period.until) == (
        datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2026, 11, 1, 17, tzinfo=UTC),
    )  # fmt: skip
    assert period.days == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, TODAY), (TODAY, None), (date(2026, 11, 2), date(2026, 11, 1)), (date(1, 1, 1), date(1, 1, 2)),
        (date(2025, 1, 1), date.fromordinal(date(2025, 1, 1).toordinal() + MOST_DAYS)),
    ],
)  # fmt: skip
def test_a_period_that_is_none_is_refused(first: date | None, last: date | None) -> None:
    with pytest.raises(PeriodError):
        period_of("custom", TODAY, first, last)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 10, 1), (1, 2570)), (date(2026, 12, 31), (1, 2570)), (date(2027, 1, 1), (2, 2570)),
        (date(2027, 9, 30), (4, 2570)), (date(2027, 4, 1), (3, 2570)),
    ],
)  # fmt: skip
def test_quarters_are_those_of_the_thai_fiscal_year(day: date, quarter: tuple[int, int]) -> None:
    assert fiscal_quarter(day) == quarter
