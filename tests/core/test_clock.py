"""Time is injected: aware UTC inside, Asia/Bangkok at the edges. Guards 16."""

from datetime import UTC, datetime, timedelta

from core.clock import bangkok, utc_now
from tests.conftest import MovableClock


def test_now_is_aware_and_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - utc_now()) < timedelta(seconds=5)


def test_a_standing_clock_moves_only_when_told(standing_clock: MovableClock) -> None:
    before = utc_now()
    assert utc_now() == before
    standing_clock.advance(minutes=3)
    assert utc_now() - before == timedelta(minutes=3)


def test_bangkok_is_seven_hours_ahead_and_the_same_moment() -> None:
    moment = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    assert bangkok(moment) == moment
    assert (bangkok(moment).year, bangkok(moment).hour) == (2027, 1)
