"""A case's events as one viewer may see them: codes and values; the words are each face's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from referrals.agencies.kinds import AGENCY_KINDS
from referrals.tracks.deciding import Holding, holding
from referrals.tracks.events import Event
from referrals.tracks.steps import Track
from referrals.tracks.visibility import Level, Viewer, group_of, sees


@dataclass(frozen=True, slots=True)
class Line:
    """One event. Where the viewer sees the state alone, everything behind `on` is empty.

    `teller` is an agency's id, "hotline", "citizen" or "clock"; `standing` says what became of it: it "holds", was "taken_back", "takes_back" or
    "settles" another (`of_id`), repeats one ("same"), is "disputed", or was "overruled".
    """

    id: UUID
    track: str
    step: str
    on: date
    standing: str
    is_full: bool
    teller: UUID | str
    of_id: UUID | None = None
    recorded_at: datetime | None = None
    happened_at: datetime | None = None
    source: str = ""
    account_id: UUID | None = None
    person: int | None = None
    amount: int | None = None
    fund: str | None = None
    item: str | None = None
    outcome: str | None = None
    people: int | None = None
    months: int | None = None
    about_id: UUID | None = None
    agency_referral_id: UUID | None = None
    details: Mapping[str, Any] | None = None
    note: str | None = None
    names_somebody: bool = False


def lines(events: Sequence[Event], viewer: Viewer, *, own_request: UUID | None = None) -> list[Line]:
    """Return the lines in the order in which they were recorded; what the viewer does not see at all is not among them.

    An agency is shown by its `own_request`: what it told itself in full, and of requests to others nothing.
    """
    held = holding(events)
    taken_back = {event.reverses_id for event in events}
    return [
        _line(event, _standing(event, held, taken_back), viewer, is_full=level == "full")
        for event in events
        if (level := _level(event, viewer, own_request)) != "none"
    ]


def _level(event: Event, viewer: Viewer, own_request: UUID | None) -> Level:
    is_own = own_request is not None and event.agency_referral_id == own_request
    if viewer in AGENCY_KINDS and (is_own or event.track == "referral"):
        return "full" if is_own else "none"
    return sees(viewer, group_of(cast("Track", event.track), event.step))


def _standing(event: Event, held: Holding, taken_back: set[UUID | None]) -> str:
    if event.reverses_id is not None:
        return "takes_back"
    if event.id in taken_back:
        return "taken_back"
    decision = held.decision_of(event.id)
    if decision is not None and decision.is_disputed:
        return "disputed"
    if any(event.id == one.id for one in held.events):
        return "holds"
    if event.same_as_id is not None:
        return "settles" if _settles(event, held) else "same"
    return "overruled"


def _settles(event: Event, held: Holding) -> bool:
    decision = held.decision_of(event.same_as_id) if event.same_as_id else None
    return decision is not None and decision.settled_by is not None and decision.settled_by.id == event.id


def _line(event: Event, standing: str, viewer: Viewer, *, is_full: bool) -> Line:
    if not is_full:
        return Line(event.id, event.track, event.step, event.happened_on, standing, is_full=False, teller="")
    reads_notes = sees(viewer, "notes") == "full"
    return Line(
        event.id, event.track, event.step, event.happened_on, standing, is_full=True, teller=event.teller,
        of_id=event.reverses_id or event.same_as_id, recorded_at=event.recorded_at, happened_at=event.happened_at,
        source=event.source, account_id=event.account_id, person=event.person, amount=event.amount, fund=event.fund,
        item=event.item, outcome=event.outcome, people=event.people, months=event.months, about_id=event.about_id,
        agency_referral_id=event.agency_referral_id, details=event.details, note=event.note if reads_notes else None,
        names_somebody=event.names_somebody and reads_notes,
    )  # fmt: skip
