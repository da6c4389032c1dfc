"""Telling a step of a case by the portal: its form with only what it may say, and taking an own step back."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.auth import Caller
from app.console.case_tracks_form import INTERESTS, Typed, asked_of, fault_of, read_typed, step_of
from app.console.case_tracks_words import say_step
from app.console.pages import draw
from app.console.portal_case import PAGE, back_to
from app.console.portal_days import day_fields, join_day
from app.console.portal_desk import Desk, Writer, at_desk
from app.console.portal_tracks import TELLING, Shown, by_of, level_of, read_tracks, say_more, tells
from app.console.texts import say
from app.console.thai_time import day
from app.runtime import Runtime
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.compensation.sources import ITEMS
from referrals.referring.errors import OverError
from referrals.referring.finding import Found, find
from referrals.tracks.deciding import holding
from referrals.tracks.fields import LONGEST_DETAIL, LONGEST_NOTE
from referrals.tracks.people import read_people
from referrals.tracks.reading import read_events
from referrals.tracks.recording import correct, record
from referrals.tracks.steps import Step

router = APIRouter()
_LONGEST = 10_000
Choices = list[tuple[str, str]]


@router.get(f"{PAGE}/steps/new", name="portal_case.write_step")
async def show_form(
    request: Request,
    agency_referral_id: UUID,
    caller: Writer,
    track: Annotated[str, Query(max_length=40)] = "",
    step: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    today = day_fields(bangkok(utc_now()).date())
    return await _draw_form(request, agency_referral_id, caller, Typed(track, step, texts=today))


@router.post(f"{PAGE}/steps", name="portal_case.record_step")
async def post_step(request: Request, agency_referral_id: UUID, caller: Writer) -> Response:
    """Record a step; pressed twice it is told once."""
    runtime: Runtime = request.app.state.runtime
    typed = _typed(await request.form())
    try:
        async with at_desk(request, caller) as desk:
            found, rule = await _telling(desk, agency_referral_id, typed.track, typed.step)
            new = replace(step_of(typed, rule), outside_id=f"form {typed.texts.get('form_id') or new_id()}")
            await record(
                desk.session, runtime.keys, found.referral.id, new, by_of(desk, found.row.id), now=utc_now()
            )
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_form(request, agency_referral_id, caller, typed, error)
    return back_to(agency_referral_id)


def _typed(form: FormData) -> Typed:
    """Take a form as it came, its day put together; raises TooLargeError for what no page of ours sends."""
    typed = read_typed(form)
    return replace(typed, texts={**typed.texts, "happened_on": join_day(typed.texts)})


async def _telling(desk: Desk, request_id: UUID, track: str, code: str) -> tuple[Found, Step]:
    """Return the request and the rule of a step that its agency may tell of it; raises NotFoundError, OverError."""
    found = await find(desk.session, request_id, desk.party)
    rule = tells(desk.agency.kind, track, code)
    if rule is None:
        raise NotFoundError("no such step, or not of an agency of this kind")
    if found.row.state not in TELLING:
        raise OverError("accept the request first; then tell how the case goes on")
    return found, rule


async def _draw_form(
    request: Request, request_id: UUID, caller: Caller, typed: Typed, problem: AppError | None = None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with at_desk(request, caller, "portal_case.write_step") as desk:
        found, rule = await _telling(desk, request_id, typed.track, typed.step)
        people, about = await _people(desk, found), await _abouts(desk, runtime, found, rule)
    return draw(
        request, "portal_step.html", caller, status=problem.status if problem else 200, problem=problem,
        fault=fault_of(problem) if isinstance(problem, InvalidInputError) else "", case_id=request_id, rule=rule,
        asked=[one for one in asked_of(rule) if one.kind != "about_id" or about], people=people, about=about,
        typed=typed.texts, form_id=typed.texts.get("form_id") or new_id(), items=ITEMS, interests=INTERESTS,
        longest_detail=LONGEST_DETAIL, longest_note=LONGEST_NOTE,
    )  # fmt: skip


async def _people(desk: Desk, found: Found) -> Choices:
    """Return the people of a case as numbers; whom the report is about (1) is always one."""
    numbers = {1, *(person.number for person in await read_people(desk.session, found.referral.id))}
    return [(str(number), say("track.person", n=number)) for number in sorted(numbers)]


async def _abouts(desk: Desk, runtime: Runtime, found: Found, rule: Step) -> Choices:
    """Return the steps that one may be about, as far as the agency may know them."""
    if not rule.about:
        return []
    events = await read_events(desk.session, runtime.keys, found.referral.id)
    return [
        (str(event.id), " · ".join((say_step(event.track, event.step), day(event.happened_on), *say_more(event))))
        for event in holding(events).events
        if event.track == rule.track and event.step in rule.about and level_of(desk, found, event) == "full"
    ]  # fmt: skip


@router.get(f"{PAGE}/steps/{{event_id}}/correct", name="portal_case.weigh_correction")
async def show_correction(
    request: Request, agency_referral_id: UUID, event_id: UUID, caller: Writer
) -> Response:
    return await _draw_correction(request, agency_referral_id, event_id, caller)


@router.post(f"{PAGE}/steps/{{event_id}}/correct", name="portal_case.correct_step")
async def post_correction(
    request: Request,
    agency_referral_id: UUID,
    event_id: UUID,
    caller: Writer,
    text: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Take an own step back; the line stays and says so."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with at_desk(request, caller) as desk:
            found, _ = await _own_step(desk, runtime, agency_referral_id, event_id)
            await correct(
                desk.session, runtime.keys, found.referral.id, event_id, by_of(desk, found.row.id), reason=text,
                now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_correction(request, agency_referral_id, event_id, caller, error, text)
    return back_to(agency_referral_id)


async def _draw_correction(
    request: Request,
    request_id: UUID,
    event_id: UUID,
    caller: Caller,
    problem: AppError | None = None,
    typed: str = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with at_desk(request, caller, "portal_case.weigh_correction") as desk:
        _, step = await _own_step(desk, runtime, request_id, event_id)
    return draw(
        request, "portal_correction.html", caller, status=problem.status if problem else 200, problem=problem,
        case_id=request_id, step=step, typed=typed, longest_note=LONGEST_NOTE,
    )  # fmt: skip


async def _own_step(desk: Desk, runtime: Runtime, request_id: UUID, event_id: UUID) -> tuple[Found, Shown]:
    """Return a step of this request's case that the desk's agency told and nobody took back; raises NotFoundError."""
    found = await find(desk.session, request_id, desk.party)
    tracks = await read_tracks(desk, runtime, found, now=utc_now())
    own = (step for strand in tracks.strands for step in strand.steps if step.id == event_id)
    step = next((one for one in own if one.may_correct), None)
    if step is None or found.row.state not in TELLING:
        raise NotFoundError("no such step of yours")
    return found, step
