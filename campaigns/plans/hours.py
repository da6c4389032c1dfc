"""The hours in which nobody is woken, until when something late may still go out, and what a schedule may not ask for.

Pure: whoever asks gives the moment. Clock times are of Asia/Bangkok, which has one offset all year; instants are aware UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from uuid import UUID

from campaigns.plans.plan import Plan
from campaigns.plans.times import Drip, Once, Recurring, Schedule
from core.clock import BANGKOK, bangkok
from core.errors import ConflictError

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
# Further ahead nothing is planned: numbers and laws that a text names would be stale.
_HORIZON = timedelta(days=731)
_LATEST = 24 * 60  # minutes
_MOST_DAYS = 366
# past: nothing, or not all of it, lies ahead · quiet: at night and no emergency · far: more than two years ahead ·
# unclear: it contradicts itself, or does not fit the steps.
TimeFault = Literal["past", "quiet", "far", "unclear"]


class TimesError(ConflictError):
    """The plan's times can't be kept; `faults` says why."""

    code = "campaign_times"

    def __init__(self, faults: tuple[TimeFault, ...]) -> None:
        super().__init__("change when the campaign goes out: " + ", ".join(faults))
        self.faults = faults


def is_quiet(moment: datetime) -> bool:
    """Whether nobody may be written to at this instant."""
    return is_quiet_clock(bangkok(moment).time())


def is_quiet_clock(clock: time) -> bool:
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def instant(day: date, clock: time) -> datetime:
    """The instant of a clock time on a day."""
    return datetime.combine(day, clock, tzinfo=BANGKOK).astimezone(UTC)


def last_moment(due: datetime, late_minutes: int, *, emergency: bool) -> datetime:
    """From when on what was due at `due` is not sent any more: after so many minutes, and no later than nightfall.

    What is due at night is over at once, except in an emergency: nothing waits for the morning.
    """
    late = due + timedelta(minutes=late_minutes)
    if emergency:
        return late
    return due if is_quiet(due) else min(late, instant(bangkok(due).date(), QUIET_FROM))


def begins_on(drip: Drip, happened: datetime) -> date:
    """The day from which a person's own days are counted.

    What happened after the hour of the first step, where that is on the same day, counts as of the next: no step is lost.
    """
    local = bangkok(happened)
    too_late = drip.days[0] == 0 and local.time() >= drip.at
    return local.date() + timedelta(days=int(too_late))


def time_faults(plan: Plan, now: datetime) -> tuple[TimeFault, ...]:
    """What is wrong with when a plan goes out, if it were approved now; empty where nothing is.

    As soon as possible (`Once` without an instant) is judged when it is asked for, by `is_quiet`.
    """
    if any(_contradictions(plan)):
        return ("unclear",)
    first, last = _bounds(plan.schedule)
    found: list[TimeFault] = []
    if first is not None and (last or first) <= now:
        found.append("past")
    if first is not None and first > now + _HORIZON:
        found.append("far")
    if not plan.emergency and _is_at_night(plan.schedule):
        found.append("quiet")
    return tuple(found)


def _bounds(schedule: Schedule) -> tuple[datetime | None, datetime | None]:
    """From when on it goes out, and the instant that must not have passed; None where nothing is fixed."""
    match schedule:
        case Once(at=at):
            return at, at
        case Recurring(at=at, first=first, last=last):
            return instant(first, at), datetime.max.replace(tzinfo=UTC) if last is None else instant(last, at)
        case Drip(begins="date", at=at, date=begin, days=days) if begin is not None:
            # All steps or none: who missed the first understands no second.
            beginning = instant(begin + timedelta(days=days[0]), at)
            return beginning, beginning
    return None, None


def _is_at_night(schedule: Schedule) -> bool:
    if isinstance(schedule, Once):
        return schedule.at is not None and is_quiet(schedule.at)
    return is_quiet_clock(schedule.at)


def _contradictions(plan: Plan) -> Iterator[bool]:
    """Each true where the plan can't be read in one way only."""
    yield not 1 <= plan.late_minutes <= _LATEST
    match plan.schedule:
        case Once(at=at):
            yield len(plan.steps) != 1
            yield at is not None and at.tzinfo is None
        case Recurring() as recurring:
            yield len(plan.steps) != 1
            yield from _contradictions_of_recurring(recurring)
        case Drip() as drip:
            yield len(plan.steps) != len(drip.days)
            yield from _contradictions_of_drip(drip)


def _contradictions_of_recurring(recurring: Recurring) -> Iterator[bool]:
    yield recurring.at.tzinfo is not None
    yield not 2000 <= recurring.first.year <= 2999
    yield recurring.last is not None and not recurring.first <= recurring.last <= date(2999, 12, 31)
    yield not all(0 <= weekday <= 6 for weekday in recurring.weekdays)
    yield not 1 <= recurring.day <= 31
    yield not 1 <= recurring.month <= 12


def _contradictions_of_drip(drip: Drip) -> Iterator[bool]:
    yield drip.at.tzinfo is not None
    yield not drip.days or drip.days[0] < 0 or drip.days[-1] > _MOST_DAYS
    yield any(later <= earlier for earlier, later in pairwise(drip.days))
    yield drip.begins == "date" and (drip.date is None or not 2000 <= drip.date.year <= 2999)
    yield drip.begins == "answered" and not (_is_id(drip.campaign) and drip.question)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
