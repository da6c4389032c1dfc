"""Cases that were referred to the program's agency: its inbox, what it was given, and how each goes on."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import Field

from app.faces.pages import Paging, open_cursor, seal_cursor
from app.faces.routers import make_router
from app.partner_api.access import Program, require_program
from app.partner_api.bodies import Told
from app.partner_api.once import worked
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import NotFoundError
from referrals.referring.answering import open_request
from referrals.referring.finding import find
from referrals.referring.reading import Box, inbox
from referrals.referring.stepping import REFUSED
from referrals.tracks.events import Event
from referrals.tracks.reading import read_events
from referrals.tracks.timeline import Line as TimelineLine
from referrals.tracks.timeline import lines

router = make_router("cases")
Reader = Annotated[Program, Depends(require_program("cases.read"))]


class Asked(Paging):
    """Which cases: those that wait for an answer, that are worked on, or that are over."""

    box: Box = "waiting"


class Line(Told):
    """A case as the inbox shows it, unopened."""

    id: UUID
    state: str
    identity: str
    sent_at: datetime
    due_at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    unread: int


class Lines(Told):
    """A page, the newest first; `next` is the cursor of the one that follows, null at the end."""

    cases: list[Line]
    next: str | None


class Case(Told):
    """A case as it was shared. `fields`: what was chosen for the agency; `who`: parts of the identity, where it was given."""

    id: UUID
    state: str
    fields: dict[str, Any]
    note: str | None
    identity: str
    who: dict[str, str]
    identity_answered: str | None
    identity_taken_back: str | None
    sent_at: datetime
    due_at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    reason: str | None
    outcome: str | None
    ended_at: datetime | None


class Happened(Told):
    """One step of a track. Where the agency may know only that it happened, everything behind `is_own` is null.

    `standing`: it "holds", was "taken_back", "takes_back" or "settles" another (`of_id`), repeats one ("same"), is
    "disputed" between agencies, or was "overruled".
    """

    id: UUID
    track: str
    step: str
    happened_on: date
    standing: str
    is_own: bool
    of_id: UUID | None
    recorded_at: datetime | None
    happened_at: datetime | None
    person: int | None
    amount: int | None
    fund: str | None
    item: str | None
    outcome: str | None
    people: int | None
    months: int | None
    about_id: UUID | None
    details: dict[str, Any] | None
    note: str | None = Field(description="Of your own steps alone.")


class Events(Told):
    """What the agency may know of how a case goes on, in the order in which it was told."""

    events: list[Happened]


@router.get("/cases", name="agency_case.list", summary="List cases")
async def list_cases(request: Request, program: Reader, asked: Annotated[Asked, Query()]) -> Lines:
    runtime: Runtime = request.app.state.runtime
    of = f"partner cases {asked.box}"
    async with worked(request, program) as session:
        after = open_cursor(runtime.keys.keyset, program, of, asked.cursor, tuple[UUID])
        lines = await inbox(
            session,
            program.agency_id,
            box=asked.box,
            after=after[0] if after else None,
            limit=asked.limit + 1,
        )
    page = lines[: asked.limit]
    end = (page[-1].id,) if len(lines) > asked.limit else None
    return Lines(
        cases=[Line.model_validate(line) for line in page],
        next=seal_cursor(runtime.keys.keyset, program, of, end),
    )


@router.get("/cases/{case_id}", name="agency_case.read", summary="Read a case")
async def read_case(request: Request, case_id: UUID, program: Reader) -> Case:
    """What was shared with your agency, and nothing else. The hotline sees that it was read."""
    runtime: Runtime = request.app.state.runtime
    async with worked(request, program) as session:
        shared = await open_request(session, runtime.keys, case_id, program.party, now=utc_now())
    return Case.model_validate(shared)


@router.get("/cases/{case_id}/events", name="agency_case.events", summary="Read how a case goes on")
async def read_case_events(request: Request, case_id: UUID, program: Reader) -> Events:
    """The five tracks, as far as an agency of your kind may know of them; your own steps always."""
    runtime: Runtime = request.app.state.runtime
    async with worked(request, program) as session:
        found = await find(session, case_id, program.party)
        if found.row.state in REFUSED:
            raise NotFoundError("no such case of yours any more")
        events = await read_events(session, runtime.keys, found.referral.id)
    told = lines(events, program.kind, own_request=case_id)
    own = {event.id: event for event in events if event.agency_id == program.agency_id}
    return Events(events=[_happened(line, own.get(line.id)) for line in told])


def _happened(line: TimelineLine, own: Event | None) -> Happened:
    """Return a line as programs read it; what somebody wrote themselves they may read back."""
    return Happened(
        id=line.id, track=line.track, step=line.step, happened_on=line.on, standing=line.standing,
        is_own=own is not None, of_id=line.of_id, recorded_at=line.recorded_at, happened_at=line.happened_at,
        person=line.person, amount=line.amount, fund=line.fund, item=line.item, outcome=line.outcome,
        people=line.people, months=line.months, about_id=line.about_id,
        details=dict(line.details) if line.details is not None else None, note=own.note if own else None,
    )  # fmt: skip
