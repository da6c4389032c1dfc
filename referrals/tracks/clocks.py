"""Clocks of the tracks: what should follow by when, from the events alone. Figures and sources: clocks.toml."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Literal
from uuid import UUID

import msgspec

from core.clock import BANGKOK
from referrals.compensation.ledger import entries_of, figures
from referrals.teams.calendar import Calendar
from referrals.tracks.deciding import holding
from referrals.tracks.events import Event

_DAY = timedelta(days=1)


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clock; its fields are explained in clocks.toml."""

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    source: str
    mark: Literal["V", "P", "U"]
    hours: int = 0
    days: int = 0
    duty: bool = False
    first: bool = False
    each: bool = False
    about: Literal["", "start", "same"] = ""
    over: tuple[str, ...] = ()
    counted_from: str = msgspec.field(default="", name="from")
    condition: Literal["", "unpaid", "wanted"] = msgspec.field(default="", name="if")


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that runs, started by `event_id`; `missed` says that it ran out."""

    clock: str
    event_id: UUID
    person: int | None
    since: datetime
    due_at: datetime
    missed: bool
    source: str
    mark: str


@cache
def clocks() -> Mapping[str, Clock]:
    """Return every clock by its code; raises msgspec.ValidationError for a wrong file."""
    text = resources.files(__package__).joinpath("clocks.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Clock])


# Where an event stands among those that hold, and the event; under its step's name.
Told = Mapping[str, Sequence[tuple[int, Event]]]


def due(events: Sequence[Event], *, calendar: Calendar, now: datetime) -> list[Due]:
    """Return the clocks that run, the next to run out first; `events` in the order of recording."""
    held = holding(events).events
    told: dict[str, list[tuple[int, Event]]] = {}
    for number, event in enumerate(held):
        told.setdefault(f"{event.track}.{event.step}", []).append((number, event))
    met = {"": True, "unpaid": _is_unpaid(held), "wanted": _is_wanted(told)}
    found = [
        _due(code, clock, start, told, calendar, now)
        for code, clock in clocks().items()
        if met[clock.condition] and not any(step in told for step in clock.over)
        for number, start in _starts(clock, told)
        if not _is_ended(clock, number, start, told)
    ]
    return sorted(found, key=lambda one: (one.due_at, one.clock, one.event_id))


def _is_unpaid(held: Sequence[Event]) -> bool:
    # Without words, so that it is the same for who may not read them.
    return figures(entries_of(replace(event, details=None) for event in held)).owed > 0


def _is_wanted(told: Told) -> bool:
    wishes = [event.outcome for _, event in told.get("compensation.wish_stated", ())]
    return not wishes or wishes[-1] != "no"


def _among(steps: Sequence[str], told: Told) -> list[tuple[int, Event]]:
    return [one for step in steps for one in told.get(step, ())]


def _starts(clock: Clock, told: Told) -> Iterator[tuple[int, Event]]:
    """Yield what starts it: of each person the first or the last, or every one."""
    by_unit: dict[object, tuple[int, Event]] = {}
    for number, event in sorted(_among(clock.starts, told), key=lambda one: one[0]):
        unit = event.id if clock.each else event.unit
        if not (clock.first and unit in by_unit):
            by_unit[unit] = (number, event)
    yield from by_unit.values()


def _is_ended(clock: Clock, number: int, start: Event, told: Told) -> bool:
    return any(
        behind > number
        and event.about_id == {"": event.about_id, "start": start.id, "same": start.about_id}[clock.about]
        and (event.track != start.track or event.unit == start.unit)
        for behind, event in _among(clock.ends, told)
    )


def _due(code: str, clock: Clock, start: Event, told: Told, calendar: Calendar, now: datetime) -> Due:
    anchors = [one for _, one in told.get(clock.counted_from, ()) if one.unit == start.unit]
    anchor = anchors[-1] if anchors else start
    since = anchor.happened_at or _midnight(anchor.happened_on)
    ends = since + timedelta(hours=clock.hours) if clock.hours else _end_of_days(anchor, clock, calendar)
    return Due(
        clock=code, event_id=start.id, person=start.person, since=since, due_at=ends, missed=ends <= now,
        source=clock.source, mark=clock.mark,
    )  # fmt: skip


def _end_of_days(anchor: Event, clock: Clock, calendar: Calendar) -> datetime:
    last = anchor.happened_on + timedelta(days=clock.days)
    while clock.duty and not calendar.is_duty_day(last):
        last += _DAY
    return _midnight(last + _DAY)


def _midnight(day: date) -> datetime:
    """Return the beginning of a Bangkok day."""
    return datetime.combine(day, time(), BANGKOK).astimezone(UTC)
