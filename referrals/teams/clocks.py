"""The clocks of a report: by when somebody should claim it, and answer a person who wrote last. Figures: clocks.toml."""

import tomllib
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from referrals.models import Referral
from referrals.teams.calendar import Calendar, DutyHours

Clock = Literal["claim", "answer"]


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a clock runs; with `duty` only in duty hours."""

    minutes: int
    duty: bool = False


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    P0: Limit
    P1: Limit
    P2: Limit
    P3: Limit


class _Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    opens: time
    closes: time
    weekdays: frozenset[int]


class _Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    duty: _Duty
    claim: _Limits
    answer: _Limits


def due_at(clock: Clock, priority: str, since: datetime, calendar: Calendar) -> datetime:
    """Return when a clock that began at `since` runs out; never before that."""
    limit = limit_of(clock, priority)
    span = timedelta(minutes=limit.minutes)
    return calendar.after_duty(since, span) if limit.duty else since + span


def claim_due(referral: Referral, calendar: Calendar) -> datetime:
    """Return by when somebody should hold it: counted since it was opened, became more urgent or was put back."""
    return due_at("claim", referral.priority, referral.unheld_since or referral.opened_at, calendar)


def answer_due(referral: Referral, awaited_since: datetime, calendar: Calendar) -> datetime:
    """Return by when its holder should answer; see `awaiting.read_awaited`.

    Whoever takes it over has the whole time; put aside, it waits for the end of that.
    """
    since = max(awaited_since, referral.claimed_at or awaited_since)
    due = due_at("answer", referral.priority, since, calendar)
    return max(due, referral.snoozed_until or due)


def limit_of(clock: Clock, priority: str) -> Limit:
    """Return how long a clock runs at a priority."""
    limits = _figures().claim if clock == "claim" else _figures().answer
    found: Limit = getattr(limits, priority)
    return found


def shortest(clock: Clock) -> dict[str, timedelta]:
    """By priority, a span before which no clock runs out, whatever the calendar says."""
    return {
        priority: timedelta(minutes=limit_of(clock, priority).minutes)
        for priority in ("P0", "P1", "P2", "P3")
    }


def duty_hours() -> DutyHours:
    duty = _figures().duty
    return DutyHours(duty.opens, duty.closes, duty.weekdays)


@cache
def _figures() -> _Figures:
    text = resources.files(__package__).joinpath("clocks.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Figures)
