from datetime import UTC, datetime, timedelta

import pytest

from referrals.listing.filters import PRIORITIES
from referrals.listing.overdue import latest_late
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import due_at, duty_hours

CALENDAR = Calendar(duty_hours())
MONDAY_TEN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("priority", PRIORITIES)
@pytest.mark.parametrize(
    "now", [MONDAY_TEN, MONDAY_TEN + timedelta(hours=12), MONDAY_TEN - timedelta(days=1)]
)
def test_what_began_then_is_late_and_what_began_a_moment_later_is_not(priority: str, now: datetime) -> None:
    for clock in ("claim", "answer"):
        late = latest_late(clock, priority, now, CALENDAR)  # type: ignore[arg-type]
        assert due_at(clock, priority, late, CALENDAR) <= now  # type: ignore[arg-type]
        later = late + timedelta(seconds=2)
        assert due_at(clock, priority, later, CALENDAR) > now  # type: ignore[arg-type]
