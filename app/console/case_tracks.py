"""The tracks of a case: timeline and clocks, what agencies disagree on, taking a step back, a summary for the case page."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_agencies import case_of, staff_of
from app.console.case_money_words import say_baht
from app.console.case_page import oversees
from app.console.case_tracks_view import Names, timeline_of
from app.console.case_tracks_words import say_clock_code, say_due, say_step
from app.console.pages import draw
from app.console.texts import say, spoken
from app.runtime import Runtime
from core.accounts.models import Account
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from core.ids import new_id
from referrals.agencies.directory import read_agencies
from referrals.desk.notes import write_note
from referrals.referring.finding import ByHotline, lock_case
from referrals.referring.reading import of_case
from referrals.referring.stepping import PENDING
from referrals.tracks.alarms import put_aside, read_running
from referrals.tracks.deciding import holding
from referrals.tracks.errors import StepError
from referrals.tracks.events import By, Event
from referrals.tracks.models import CaseEvent, CasePerson, TrackAlarm
from referrals.tracks.people import read_people
from referrals.tracks.reading import read_codes, read_events
from referrals.tracks.recording import correct, settle
from referrals.tracks.standing import derive
from referrals.tracks.steps import TRACKS
from referrals.tracks.visibility import Viewer, sees

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read", "tracks.read"))]
PassiveReader = Annotated[Caller, Depends(require("referrals.read", "tracks.read", passive=True))]
Recorder = Annotated[
    Caller, Depends(require("referrals.read", "referrals.write", "tracks.read", "tracks.write"))
]
CASE = "/console/referrals/{referral_id}"
ADDRESS = f"{CASE}/tracks"
LONGEST_REASON = 500


def by_staff(caller: Caller) -> By:
    """The hotline as the maker of a step, by this member of staff."""
    return By(maker="hotline", source="manual", account_id=caller.account_id)


def sees_money(caller: Caller) -> bool:
    """Whether sums are shown to this member of staff, by the matrix of who sees what."""
    return sees(viewer_of(caller), "compensation") == "full"


def viewer_of(caller: Caller) -> Viewer:
    """Under which name the matrix of who sees what knows a member of staff of the hotline."""
    return "supervisor" if oversees(caller) else "hotline_officer"


@router.get(ADDRESS, name="referral.tracks")
async def show_tracks(request: Request, referral_id: UUID, caller: Reader, track: str = "") -> Response:
    return await draw_tracks(request, referral_id, caller, track=track)


async def draw_tracks(
    request: Request,
    referral_id: UUID,
    caller: Caller,
    *,
    track: str = "",
    problem: AppError | None = None,
    typed: str = "",
    of: UUID | None = None,
) -> Response:
    """Draw the timeline; `typed` is the reason of a refused correction `of` an event."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "referral.tracks") as session:
        referral = await case_of(session, staff_of(referral_id, caller))
        events = await read_events(session, runtime.keys, referral_id)
        names = await read_names(session, events)
        people = await read_people(session, referral_id)
        clocks = await read_running(session, referral_id, events, utc_now())
        version = await version_of(session, referral_id)
    timeline = timeline_of(events, names, viewer_of(caller), caller.account_id)
    shown = track if track in TRACKS else ""
    return draw(
        request, "case_tracks.html", caller, status=problem.status if problem else 200, problem=problem,
        referral=referral, disputes=timeline.disputes, tracks=TRACKS, track=shown, typed=typed, of=of,
        lines=[line for line in timeline.lines if shown in ("", line.track)], standing=standing_of(events),
        clocks=clocks, say_clock_code=say_clock_code, say_due=say_due, longest=LONGEST_REASON, people=people,
        version=version,
    )  # fmt: skip


async def version_of(session: AsyncSession, referral_id: UUID) -> str:
    """Name what the pages of a case's tracks and money show, so that they see whether something changed."""
    shown = [
        sa.select(CaseEvent.id, CaseEvent.names_somebody).where(CaseEvent.referral_id == referral_id),
        sa.select(TrackAlarm.id, TrackAlarm.ended_at).where(TrackAlarm.referral_id == referral_id),
        sa.select(CasePerson.number, CasePerson.changed_at).where(CasePerson.referral_id == referral_id),
    ]
    rows = [sorted(tuple(row) for row in await session.execute(one)) for one in shown]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


@router.get(f"{ADDRESS}/news", name="referral.refresh_tracks")
async def refresh_tracks(
    request: Request, referral_id: UUID, caller: PassiveReader, seen: str = ""
) -> Response:
    """Have the page drawn anew once something changed; a look that shows nothing is no reading."""
    runtime: Runtime = request.app.state.runtime
    staff = staff_of(referral_id, caller)
    try:
        async with runtime.database.unit_of_work() as session:
            await case_of(session, staff)
            version = await version_of(session, referral_id)
    except AppError:
        # It fails again, and leaves its audit row.
        async with audited(request, caller) as session:
            await case_of(session, staff)
        raise
    return Response(status_code=204, headers={} if version == seen else {"HX-Refresh": "true"})


async def read_names(session: AsyncSession, events: list[Event]) -> Names:
    """Return who told these events."""
    wanted = {event.account_id for event in events if event.account_id is not None}
    rows = await session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(wanted)))
    staff = {row[0]: row[1] for row in rows}
    every = await read_agencies(session, with_closed=True)
    return Names({one.id: one.name(spoken.get()) for one in every}, staff)


def standing_of(events: list[Event]) -> list[tuple[str, str, Event | None]]:
    """Where each track stands, as (track, words, the event that brought it there); the victim track of each person."""
    stands, held = derive(events), holding(events).events
    single = {"report": stands.report, "prosecution": stands.prosecution, "compensation": stands.compensation}
    found: list[tuple[str, str, Event | None]] = []
    for track in TRACKS:
        if track in single:
            found.append((track, *_stand(held, track, single[track], None)))
        elif track == "victim":
            found += [
                (track, *_stand(held, track, state, number))
                for number, state in sorted(stands.victims.items())
            ] or [(track, "", None)]
    return found


def _stand(events: Sequence[Event], track: str, state: str, person: int | None) -> tuple[str, Event | None]:
    brought = [
        one for one in events if (one.track, one.rule.to) == (track, state) and person in (None, one.person)
    ]
    return (say_step(track, state) if state != "none" else "", brought[-1] if brought else None)


@router.get(f"{CASE}/sides", name="referral.sides")
async def show_sides(request: Request, referral_id: UUID, caller: Reader) -> Response:
    """A summary of agencies and tracks, as a part of the case page."""
    runtime: Runtime = request.app.state.runtime
    staff = staff_of(referral_id, caller)
    async with audited(request, caller) as session:
        referral = await case_of(session, staff)
        requests = await of_case(session, runtime.keys, staff)
        events = await read_codes(session, referral_id)
        clocks = await read_running(session, referral_id, events, utc_now())
    stands = derive(events)
    values: dict[str, Any] = {
        "referral": referral, "requests": requests, "pending": [o for o in requests if o.shared.state in PENDING],
        "standing": [one for one in standing_of(events) if one[1] and one[0] != "report"], "stands": stands,
        "next_clock": next((one.due for one in clocks if not one.is_aside), None), "say_clock_code": say_clock_code, "say_due": say_due, "say_baht": say_baht,
        "sees_money": sees_money(caller), "part": "",
    }  # fmt: skip
    whole = "hx-request" not in request.headers
    return draw(request, "case_tracks_sides.html" if whole else "_case_tracks_sides.html", caller, **values)


@router.post(f"{ADDRESS}/{{case_event_id}}/correct", name="referral.correct_step")
async def post_correct(
    request: Request,
    referral_id: UUID,
    case_event_id: UUID,
    caller: Recorder,
    text: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await own_event(session, staff_of(referral_id, caller), case_event_id)
            await correct(
                session, runtime.keys, referral_id, case_event_id, by_staff(caller), reason=text[:LONGEST_REASON],
                now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_tracks(request, referral_id, caller, problem=error, typed=text, of=case_event_id)
    return back_to(referral_id)


@router.post(f"{ADDRESS}/{{case_event_id}}/settle", name="referral.settle_step")
async def post_settle(request: Request, referral_id: UUID, case_event_id: UUID, caller: Recorder) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await own_event(session, staff_of(referral_id, caller), case_event_id)
            await settle(session, runtime.keys, referral_id, case_event_id, by_staff(caller), now=utc_now())
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_tracks(request, referral_id, caller, problem=error)
    return back_to(referral_id)


@router.post(f"{ADDRESS}/{{case_event_id}}/aside", name="referral.put_clock_aside")
async def post_aside(
    request: Request,
    referral_id: UUID,
    case_event_id: UUID,
    caller: Recorder,
    alarm: Annotated[UUID, Form(default_factory=new_id)],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Put the alarm of a clock aside that a step started; why stands in a note for the team."""
    runtime: Runtime = request.app.state.runtime
    why = " ".join(text.replace("\0", "").split())[:LONGEST_REASON]
    try:
        async with audited(request, caller) as session:
            staff = staff_of(referral_id, caller)
            await own_event(session, staff, case_event_id)
            if not why:
                raise StepError("missing_field", "say why", "text")
            clock = await put_aside(session, referral_id, alarm, now=utc_now())
            if clock is not None:
                referral = await case_of(session, staff)
                note = say("track_clock.aside_note", clock=say_clock_code(clock), why=why)
                await write_note(
                    session, runtime.keys, referral, account_id=caller.account_id, level="team", text=note, form_id=new_id(),
                )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_tracks(request, referral_id, caller, problem=error)
    return back_to(referral_id)


async def own_event(session: AsyncSession, staff: ByHotline, event_id: UUID) -> None:
    """Lock the case and see that the event is of it; raises NotFoundError, and as `referring.finding.lock_case`."""
    await lock_case(session, staff)
    known = sa.select(CaseEvent.id).where(
        CaseEvent.id == event_id, CaseEvent.referral_id == staff.referral_id
    )
    if await session.scalar(known) is None:
        raise NotFoundError("no such step of this case")


def back_to(referral_id: UUID) -> Response:
    return RedirectResponse(f"/console/referrals/{referral_id}/tracks", 303)
