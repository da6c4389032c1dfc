"""Which reports are late: for each priority the latest beginning of a clock that has run out by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from referrals.listing.filters import PRIORITIES
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import Clock, due_at

# Longer than any clock takes over any run of holidays.
_FAR = timedelta(days=60)
_EXACT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """By priority: a clock that began then or earlier has run out."""

    claim: dict[str, datetime]
    answer: dict[str, datetime]


def cutoffs_at(now: datetime, calendar: Calendar) -> Cutoffs:
    return Cutoffs(
        claim={priority: latest_late("claim", priority, now, calendar) for priority in PRIORITIES},
        answer={priority: latest_late("answer", priority, now, calendar) for priority in PRIORITIES},
    )


def latest_late(clock: Clock, priority: str, now: datetime, calendar: Calendar) -> datetime:
    """Return the latest beginning of a clock that has run out at `now`, to the second.

    A clock that begins later never runs out earlier, so that halving finds it whatever the calendar says.
    """
    late, in_time = now - _FAR, now
    while in_time - late > _EXACT:
        middle = late + (in_time - late) / 2
        if due_at(clock, priority, middle, calendar) <= now:
            late = middle
        else:
            in_time = middle
    return late
