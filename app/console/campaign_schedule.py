"""When a campaign goes out: its times, and letting it run at them once it is approved."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from msgspec.structs import replace

from app.auditing import audited
from app.auth import Caller
from app.console.audience_form import read_offered
from app.console.campaign_frame import Frame, read_frame
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.campaign_words import say_times
from app.console.pages import draw
from app.console.times_form import BEGINS, HOWS, Filled, TimesForm, form_of, schedule_of
from app.runtime import Runtime
from campaigns.drafting import change_plan, read_campaign
from campaigns.plans.hours import QUIET_FROM, QUIET_UNTIL, TimesError, time_faults
from campaigns.scheduler.firing import schedule
from core.clock import bangkok, utc_now
from core.errors import AppError

router = APIRouter()
_PAGE = f"{ADDRESS}/{{campaign_id}}/times"


@router.get(_PAGE, name="campaign.see_times")
async def show_times(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw(request, campaign_id, caller)


async def _draw(
    request: Request,
    campaign_id: UUID,
    caller: Caller,
    problem: AppError | None = None,
    typed: TimesForm | None = None,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.see_times") as session:
        frame = await read_frame(session, runtime, campaign_id)
        offered = await read_offered(session, campaign_id)
    faults = problem.faults if isinstance(problem, TimesError) else ()
    return draw(
        request, "campaign_times.html", caller, status=problem.status if problem else 200, problem=problem,
        frame=frame, form=typed or _form(frame), hows=HOWS, begins=BEGINS, say_times=say_times, faults=faults,
        questions=offered.questions, today=bangkok(utc_now()).date(), quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL,
    )  # fmt: skip


def _form(frame: Frame) -> TimesForm:
    plan = frame.view.plan
    more: dict[str, Any] = {
        "late_minutes": plan.late_minutes, "emergency": plan.emergency, "silent": plan.silent,
    }  # fmt: skip
    return form_of(plan.schedule, frame.view.revision, len(plan.steps)).model_copy(update=more)


@router.post(_PAGE, name="campaign.set_times")
async def post_times(request: Request, campaign_id: UUID, caller: Writer, form: Filled) -> Response:
    """Set the times of a draft; what can't be kept is refused at once."""
    try:
        async with audited(request, caller) as session:
            view = await read_campaign(session, campaign_id)
            plan = replace(
                view.plan, schedule=schedule_of(form), late_minutes=form.late_minutes, emergency=form.emergency,
                silent=form.silent,
            )  # fmt: skip
            faults = time_faults(plan, utc_now())
            if faults:
                raise TimesError(faults)
            await change_plan(
                session, campaign_id, title=view.title, plan=plan, revision=form.revision,
                author_id=caller.account_id,
            )  # fmt: skip
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error, form)
    return RedirectResponse(_PAGE.format(campaign_id=campaign_id), 303)


@router.post(f"{ADDRESS}/{{campaign_id}}/schedule", name="campaign.schedule")
async def post_schedule(request: Request, campaign_id: UUID, caller: Writer) -> Response:
    """Let an approved campaign run at its times."""
    try:
        async with audited(request, caller) as session:
            await schedule(session, campaign_id)
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error)
    return RedirectResponse(f"{ADDRESS}/{campaign_id}/run", 303)
