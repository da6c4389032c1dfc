"""One campaign: its way in steps, what it says to whom and when, and copying, exporting and cancelling it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller
from app.console.campaign_frame import read_frame
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.campaign_words import say_rule, say_times
from app.console.pages import draw
from app.console.texts import say
from app.runtime import Runtime
from campaigns.drafting import LONGEST_TITLE, copy_campaign, read_campaign
from campaigns.porting import export_campaign
from campaigns.sender.running import cancel
from core.errors import AppError

router = APIRouter()


@router.get(f"{ADDRESS}/{{campaign_id}}", name="campaign.read")
async def show_campaign(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw(request, campaign_id, caller)


async def _draw(
    request: Request, campaign_id: UUID, caller: Caller, problem: AppError | None = None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.read") as session:
        frame = await read_frame(session, runtime, campaign_id)
    return draw(
        request, "campaign_overview.html", caller, status=problem.status if problem else 200, problem=problem,
        frame=frame, say_rule=say_rule, say_times=say_times, longest_title=LONGEST_TITLE,
    )  # fmt: skip


@router.post(f"{ADDRESS}/{{campaign_id}}/copy", name="campaign.copy")
async def post_copy(request: Request, campaign_id: UUID, caller: Writer) -> Response:
    async with audited(request, caller) as session:
        title = (await read_campaign(session, campaign_id)).title
        copied = await copy_campaign(
            session, campaign_id, title=_title_of_copy(title), author_id=caller.account_id
        )
    return RedirectResponse(f"{ADDRESS}/{copied}", 303)


def _title_of_copy(title: str) -> str:
    mark = say("campaign_top.copy_mark")
    return f"{title[: LONGEST_TITLE - len(mark) - 1]} {mark}"


@router.get(f"{ADDRESS}/{{campaign_id}}/file", name="campaign.take_out")
async def take_out(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        data = await export_campaign(session, campaign_id)
    name = f"rootan-campaign-{campaign_id}.json"
    return Response(
        data,
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.post(f"{ADDRESS}/{{campaign_id}}/cancel", name="campaign.cancel")
async def post_cancel(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    sure: Annotated[bool, Form()] = False,  # noqa: FBT002 - a box of a form
) -> Response:
    """Stop it for good; what has not gone out never does."""
    if not sure:
        return await _draw(request, campaign_id, caller)
    try:
        async with audited(request, caller) as session:
            await cancel(session, campaign_id)
    except AppError as error:
        return await _draw(request, campaign_id, caller, error)
    return RedirectResponse(f"{ADDRESS}/{campaign_id}", 303)
