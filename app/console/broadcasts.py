"""The broadcast pages: write, check, confirm, watch, pause, cancel."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.texts import FIRST, say_in
from app.runtime import Runtime
from campaigns.broadcast import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    cancel_broadcast,
    check_wording,
    count_agreed,
    is_quiet,
    list_broadcasts,
    pause_broadcast,
    read_broadcast,
    read_text,
    resume_broadcast,
    start_broadcast,
)
from core.clock import utc_now
from core.errors import AppError
from core.ids import new_id

router = APIRouter()
Reader = Annotated[Caller, Depends(require("campaigns.read"))]
PassiveReader = Annotated[Caller, Depends(require("campaigns.read", passive=True))]
Writer = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write"))]
Typed = Annotated[str, Form()]


@router.get("/console/broadcasts", name="campaign.list")
async def show_broadcasts(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        broadcasts = await list_broadcasts(session)
        agreed = await count_agreed(session)
    return draw(request, "campaigns.html", caller, broadcasts=broadcasts, agreed=agreed)


@router.get("/console/broadcasts/new", name="campaign.write_page")
async def show_form(request: Request, caller: Writer) -> Response:
    return await _draw_form(request, caller, "", "", None)


async def _draw_form(
    request: Request, caller: Caller, title: str, text: str, problem: AppError | None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        agreed = await count_agreed(session)
    return draw(
        request,
        "campaign_new.html",
        caller,
        status=problem.status if problem else 200,
        problem=problem,
        title=title,
        text=text,
        agreed=agreed,
        longest_title=LONGEST_TITLE,
        longest_text=LONGEST_TEXT,
    )


@router.post("/console/broadcasts/edit", name="campaign.edit")
async def edit_again(request: Request, caller: Writer, title: Typed = "", text: Typed = "") -> Response:
    """Go back from the confirmation with what was written."""
    return await _draw_form(request, caller, title, text, None)


@router.post("/console/broadcasts/check", name="campaign.check")
async def check(request: Request, caller: Writer, title: Typed = "", text: Typed = "") -> Response:
    """Show once more what will go to whom; nothing is stored yet."""
    try:
        title, text = check_wording(title, text)
    except AppError as error:
        return await _draw_form(request, caller, title, text, error)
    return await _draw_confirmation(request, caller, title, text, new_id(), None)


async def _draw_confirmation(
    request: Request, caller: Caller, title: str, text: str, campaign_id: UUID, problem: AppError | None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        agreed = await count_agreed(session)
    return draw(
        request,
        "campaign_confirm.html",
        caller,
        status=problem.status if problem else 200,
        problem=problem,
        title=title,
        text=text,
        agreed=agreed,
        campaign_id=campaign_id,
        quiet=is_quiet(utc_now()),
    )


@router.post("/console/broadcasts", name="campaign.start")
async def start(
    request: Request,
    caller: Writer,
    campaign_id: Annotated[UUID, Form()],
    title: Typed = "",
    text: Typed = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await start_broadcast(
                session,
                runtime.keys,
                campaign_id=campaign_id,
                title=title,
                text=text,
                notice=say_in(FIRST, "notice.campaign"),
                author_id=caller.account_id,
            )
    except AppError as error:
        return await _draw_confirmation(request, caller, title, text, campaign_id, error)
    return _watch(campaign_id)


@router.get("/console/broadcasts/{campaign_id}", name="campaign.read")
async def show_broadcast(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw_broadcast(request, campaign_id, caller, None)


async def _draw_broadcast(
    request: Request, campaign_id: UUID, caller: Caller, problem: AppError | None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.read") as session:
        broadcast = await read_broadcast(session, campaign_id)
        text = await read_text(session, runtime.keys, campaign_id)
    status = problem.status if problem else 200
    return draw(
        request, "campaign.html", caller, status=status, problem=problem, broadcast=broadcast, text=text
    )


@router.get("/console/broadcasts/{campaign_id}/progress", name="campaign.refresh")
async def refresh_progress(request: Request, campaign_id: UUID, caller: PassiveReader) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        broadcast = await read_broadcast(session, campaign_id)
    return draw(request, "_campaign.html", caller, broadcast=broadcast)


Change = Callable[[AsyncSession, UUID], Awaitable[None]]


async def _change(request: Request, campaign_id: UUID, caller: Caller, change: Change) -> Response:
    try:
        async with audited(request, caller) as session:
            await change(session, campaign_id)
    except AppError as error:
        return await _draw_broadcast(request, campaign_id, caller, error)
    return _watch(campaign_id)


@router.post("/console/broadcasts/{campaign_id}/pause", name="campaign.pause")
async def pause(request: Request, campaign_id: UUID, caller: Writer) -> Response:
    return await _change(request, campaign_id, caller, pause_broadcast)


@router.post("/console/broadcasts/{campaign_id}/resume", name="campaign.resume")
async def resume(request: Request, campaign_id: UUID, caller: Writer) -> Response:
    return await _change(request, campaign_id, caller, resume_broadcast)


@router.post("/console/broadcasts/{campaign_id}/cancel", name="campaign.cancel")
async def cancel(request: Request, campaign_id: UUID, caller: Writer) -> Response:
    return await _change(request, campaign_id, caller, cancel_broadcast)


def _watch(campaign_id: UUID) -> Response:
    return RedirectResponse(f"/console/broadcasts/{campaign_id}", 303)
