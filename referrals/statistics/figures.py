"""Figures of the hotline's work as they were counted, nothing hidden yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from referrals.statistics.asked import Asked

PRIORITIES = ("P0", "P1", "P2", "P3")
WEEKDAYS, HOURS = 7, 24


@dataclass(frozen=True, slots=True)
class Clock:
    """Of one priority: how many kept the clock, missed it, or still run or ended without; seconds until it was done."""

    in_time: int = 0
    late: int = 0
    open_ended: int = 0
    median: float | None = None
    p90: float | None = None

    @property
    def total(self) -> int:
        return self.in_time + self.late + self.open_ended


@dataclass(frozen=True, slots=True)
class Load:
    """One person's work: reports held now, those of the period answered by their holder, and how soon."""

    name: str
    open_now: int
    answered: int
    median: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the reports that were opened in a period. Keys are codes; teams are by id, None is no team.

    `heat` is by weekday (Monday first) and hour of Bangkok.
    """

    asked: Asked
    total: int = 0
    days: Mapping[date, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str | None, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[UUID | None, int] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    heat: tuple[tuple[int, ...], ...] = ()
    claims: Mapping[str, Clock] = field(default_factory=dict)
    answers: Mapping[str, Clock] = field(default_factory=dict)
    loads: tuple[Load, ...] = ()
    team_names: Mapping[UUID, str] = field(default_factory=dict)
