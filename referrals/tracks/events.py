"""Events of a case as they stand in memory, with their words opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from referrals.agencies.kinds import Maker
from referrals.tracks.steps import Step, steps

Source = Literal["manual", "api", "import", "chat", "system"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `details` and `note` are None once the case was erased, or where they were not opened."""

    id: UUID
    track: str
    step: str
    happened_on: date
    recorded_at: datetime
    source: Source
    person: int | None = None
    happened_at: datetime | None = None
    agency_id: UUID | None = None
    agency_referral_id: UUID | None = None
    account_id: UUID | None = None
    program_id: UUID | None = None
    reverses_id: UUID | None = None
    about_id: UUID | None = None
    same_as_id: UUID | None = None
    is_disputed: bool = False
    stands: bool = True
    amount: int | None = None
    fund: str | None = None
    item: str | None = None
    outcome: str | None = None
    people: int | None = None
    months: int | None = None
    details: Mapping[str, Any] | None = None
    note: str | None = None
    names_somebody: bool = False

    @property
    def rule(self) -> Step:
        return steps()[self.track, self.step]

    @property
    def teller(self) -> UUID | str:
        """Who told it: an agency's id, "citizen", "clock" or "hotline"."""
        return teller_of(self.agency_id, self.source)

    @property
    def unit(self) -> UUID | int | None:
        """Of what it changes the state: a request, a person, or the case (None)."""
        return unit_of(self.rule, self.person, self.agency_referral_id)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step as its maker tells it. Days are Bangkok's, amounts satang; `outside_id` is the maker's own name for it."""

    step: str
    track: str
    happened_on: date
    happened_at: datetime | None = None
    person: int | None = None
    amount: int | None = None
    fund: str | None = None
    item: str | None = None
    outcome: str | None = None
    people: int | None = None
    months: int | None = None
    about_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    outside_id: str = ""


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a step, and by which way it came."""

    maker: Maker
    source: Source
    agency_id: UUID | None = None
    agency_referral_id: UUID | None = None
    account_id: UUID | None = None
    program_id: UUID | None = None

    @property
    def teller(self) -> UUID | str:
        return self.agency_id or self.maker


def teller_of(agency_id: UUID | None, source: str) -> UUID | str:
    return agency_id or {"chat": "citizen", "system": "clock"}.get(source, "hotline")


def unit_of(step: Step, person: int | None, agency_referral_id: UUID | None) -> UUID | int | None:
    """Return of what a step changes the state."""
    return {"case": None, "person": person, "referral": agency_referral_id}[step.per]
