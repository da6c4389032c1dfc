"""Recording a step: the track, then one of the steps that can follow, then what it asks for; and who the case is about."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.auditing import audited
from app.auth import Caller
from app.console.case_agencies import case_of, staff_of
from app.console.case_agencies_words import nationalities
from app.console.case_tracks import ADDRESS, Recorder, back_to, by_staff, sees_money
from app.console.case_tracks_form import (
    INTERESTS,
    TRACKS_BY_HAND,
    Typed,
    asked_of,
    choices_about,
    fault_of,
    next_steps,
    read_typed,
    step_of,
)
from app.console.case_tracks_words import say_fund, say_item, say_outcome
from app.console.pages import draw
from app.console.portal_days import day_fields, join_day
from app.runtime import Runtime
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError, NotFoundError
from referrals.compensation.sources import ITEMS
from referrals.referring.finding import lock_case
from referrals.tracks.errors import StepError
from referrals.tracks.fields import LONGEST_DETAIL, LONGEST_NOTE
from referrals.tracks.people import MOST_PERSONS, describe_person, person_codes, read_people
from referrals.tracks.reading import read_events
from referrals.tracks.recording import record

router = APIRouter()


@router.get(f"{ADDRESS}/new", name="referral.write_step")
async def write_step(
    request: Request, referral_id: UUID, caller: Recorder, track: str = "", step: str = "", person: str = ""
) -> Response:
    """Offer the tracks, then the steps that can follow, then the form of one."""
    texts = day_fields(bangkok(utc_now()).date())
    return await _draw_form(request, referral_id, caller, Typed(track[:40], step[:40], person[:5], texts))


@router.post(ADDRESS, name="referral.record_step")
async def post_step(request: Request, referral_id: UUID, caller: Recorder) -> Response:
    runtime: Runtime = request.app.state.runtime
    typed = _typed(await request.form())
    try:
        async with audited(request, caller) as session:
            await lock_case(session, staff_of(referral_id, caller))
            rule = typed.rule
            if rule is None:
                raise StepError("unknown_step", "choose a step", "step")
            await record(
                session, runtime.keys, referral_id, step_of(typed, rule), by_staff(caller), now=utc_now()
            )
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_form(request, referral_id, caller, typed, error)
    return back_to(referral_id)


def _typed(form: FormData) -> Typed:
    """Take a form as it came, its day put together; raises TooLargeError for what no page of ours sends."""
    typed = read_typed(form)
    happened_on = join_day(typed.texts) or typed.texts.get("happened_on", "")
    return replace(typed, texts={**typed.texts, "happened_on": happened_on})


async def _draw_form(
    request: Request, referral_id: UUID, caller: Caller, typed: Typed, problem: AppError | None = None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    today = bangkok(utc_now()).date()
    async with audited(request, caller, "referral.write_step") as session:
        referral = await case_of(session, staff_of(referral_id, caller))
        events = await read_events(session, runtime.keys, referral_id)
        people = [one.number for one in await read_people(session, referral_id)]
    rule = typed.rule
    track = typed.track if typed.track in TRACKS_BY_HAND else ""
    return draw(
        request, "case_tracks_record.html", caller, status=problem.status if problem else 200, problem=problem,
        referral=referral, tracks=TRACKS_BY_HAND, track=track, rule=rule, typed=typed, today=today,
        fault=fault_of(problem if isinstance(problem, InvalidInputError) else None),
        offered=next_steps(events, track, typed.number, by_staff(caller), today) if not rule else (),
        asked=asked_of(rule) if rule else (), about=choices_about(events, rule, with_sums=sees_money(caller)) if rule else (),
        people=sorted({1, *people}), interests=INTERESTS, items=ITEMS, say_fund=say_fund, say_item=say_item,
        say_outcome=say_outcome, longest_detail=LONGEST_DETAIL, longest_note=LONGEST_NOTE,
    )  # fmt: skip


@router.post(f"{ADDRESS}/people", name="referral.describe_person")
async def post_person(
    request: Request,
    referral_id: UUID,
    caller: Recorder,
    number: Annotated[int, Form(ge=0, le=MOST_PERSONS)] = 0,
    age_band: Annotated[str, Form(max_length=20)] = "unknown",
    sex: Annotated[str, Form(max_length=20)] = "unknown",
    nationality: Annotated[str, Form(max_length=20)] = "unknown",
    forms: Annotated[list[str] | None, Form(max_length=20)] = None,
) -> Response:
    """Say of a person what figures count; 0 is one more."""
    try:
        async with audited(request, caller) as session:
            await lock_case(session, staff_of(referral_id, caller))
            await describe_person(
                session, referral_id, number or None, age_band=age_band, sex=sex, nationality=nationality,
                forms=forms or (), now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_people(request, referral_id, caller, problem=error)
    return back_to(referral_id)


@router.get(f"{ADDRESS}/people", name="referral.people")
async def show_people(request: Request, referral_id: UUID, caller: Recorder, number: int = 1) -> Response:
    return await draw_people(request, referral_id, caller, number=number)


async def draw_people(
    request: Request, referral_id: UUID, caller: Caller, *, number: int = 1, problem: AppError | None = None
) -> Response:
    """Draw who the case is about, and the form of one of them; no name stands here."""
    async with audited(request, caller, "referral.people") as session:
        referral = await case_of(session, staff_of(referral_id, caller))
        people = await read_people(session, referral_id)
    return draw(
        request, "case_tracks_people.html", caller, status=problem.status if problem else 200, problem=problem,
        referral=referral, people=people, codes=person_codes(), number=number, nationalities=nationalities(),
        chosen=next((one for one in people if one.number == number), None),
    )  # fmt: skip
