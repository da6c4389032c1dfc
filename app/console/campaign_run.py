"""How a campaign goes out: live figures, and pausing, resuming, stopping and choosing the better wording."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.campaign_frame import read_frame
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.pages import draw
from app.runtime import Runtime
from campaigns.drafting import CampaignView, read_campaign
from campaigns.models import CampaignRun
from campaigns.reports.trials import Trialled, read_trial
from campaigns.sender.progress import Progress, list_runs
from campaigns.sender.resting import freeze_rest
from campaigns.sender.running import pause, resume
from core.clock import utc_now
from core.errors import AppError, ConflictError, NotFoundError

router = APIRouter()
_PAGE = f"{ADDRESS}/{{campaign_id}}/run"
PassiveReader = Annotated[Caller, Depends(require("campaigns.read", passive=True))]
_MOST_RUNS = 10
_GOING = ("due", "frozen", "sending")


class RestAtNightError(ConflictError):
    """The better wording can't go out in quiet hours."""

    code = "rest_at_night"


@router.get(_PAGE, name="campaign.see_run")
async def show_run(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw(request, campaign_id, caller)


async def _draw(
    request: Request, campaign_id: UUID, caller: Caller, problem: AppError | None = None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.see_run") as session:
        frame = await read_frame(session, runtime, campaign_id)
        runs, trial = await _read(session, frame.view)
    return draw(
        request, "campaign_run.html", caller, status=problem.status if problem else 200, problem=problem, frame=frame,
        view=frame.view, runs=runs, trial=trial, every=_every(frame.view, runs),
    )  # fmt: skip


@router.get(f"{_PAGE}/progress", name="campaign.refresh")
async def refresh_run(request: Request, campaign_id: UUID, caller: PassiveReader) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        view = await read_campaign(session, campaign_id)
        runs, trial = await _read(session, view)
    return draw(
        request, "_campaign_run.html", caller, view=view, runs=runs, trial=trial, every=_every(view, runs)
    )


async def _read(session: AsyncSession, view: CampaignView) -> tuple[list[Progress], Trialled | None]:
    """The newest runs, and how the trial of the newest one stands."""
    runs = await list_runs(session, view.id, _MOST_RUNS)
    trial = await read_trial(session, runs[0].run_id, utc_now()) if runs and view.plan.trial else None
    return runs, trial


def _every(view: CampaignView, runs: list[Progress]) -> int:
    """After how many seconds the page looks again; 0 is never."""
    if any(run.state in _GOING for run in runs):
        return 3
    return 20 if view.state in ("scheduled", "running", "paused") else 0


Act = Callable[[AsyncSession], Awaitable[object]]


async def _act(request: Request, campaign_id: UUID, caller: Caller, act: Act) -> Response:
    try:
        async with audited(request, caller) as session:
            await act(session)
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error)
    return RedirectResponse(_PAGE.format(campaign_id=campaign_id), 303)


@router.post(f"{ADDRESS}/{{campaign_id}}/pause", name="campaign.pause")
async def post_pause(request: Request, campaign_id: UUID, caller: Writer) -> Response:
    return await _act(request, campaign_id, caller, lambda session: pause(session, campaign_id))


@router.post(f"{ADDRESS}/{{campaign_id}}/resume", name="campaign.resume")
async def post_resume(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    trimmed: Annotated[bool, Form()] = False,  # noqa: FBT002 - a button of a form
) -> Response:
    """Go on; `trimmed` sends to as many as this month's quota lasts for."""
    runtime: Runtime = request.app.state.runtime
    reserve = runtime.settings.line_quota_reserve
    return await _act(
        request,
        campaign_id,
        caller,
        lambda session: resume(session, campaign_id, quota_reserve=reserve, trimmed=trimmed),
    )


@router.post(f"{_PAGE}/{{run_id}}/wording", name="campaign.choose_wording")
async def post_wording(
    request: Request,
    campaign_id: UUID,
    run_id: UUID,
    caller: Writer,
    variant: Annotated[str, Form(min_length=1, max_length=8)],
) -> Response:
    """Send one wording to those who wait for the better one."""
    runtime: Runtime = request.app.state.runtime

    async def act(session: AsyncSession) -> None:
        run = await session.get(CampaignRun, run_id)
        if run is None or run.campaign_id != campaign_id:
            raise NotFoundError("no such run")
        sent = await freeze_rest(session, runtime.keys, run_id, variant, base_url=runtime.settings.base_url)
        if sent is None:
            raise RestAtNightError("choose again after 8:00")

    return await _act(request, campaign_id, caller, act)
