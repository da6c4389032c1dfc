"""The case page: claim, the thread with how far each answer got, answering."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_page import Tab, back_to, draw_case, oversees, read_whole, version_of
from app.console.days import say_clock
from app.console.pages import draw
from app.console.texts import FIRST, say_in
from app.console.thai_time import day as say_day
from app.runtime import Runtime
from core.errors import AppError
from referrals.cases import answer, read_case, send_again
from referrals.queue import claim, release

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
PassiveReader = Annotated[Caller, Depends(require("referrals.read", passive=True))]
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]


@router.get("/console/referrals/{referral_id}", name="referral.read")
async def show_case(request: Request, referral_id: UUID, caller: Reader, tab: Tab = "talk") -> Response:
    return await draw_case(request, referral_id, caller, tab=tab)


@router.get("/console/referrals/{referral_id}/thread", name="referral.refresh")
async def refresh_thread(
    request: Request, referral_id: UUID, caller: PassiveReader, seen: str = ""
) -> Response:
    """Draw what lives anew when it changed; what shows nothing new is no reading."""
    version = await peek(request, referral_id, caller)
    if version == seen:
        return Response(status_code=204)
    if version.partition(".")[0] != seen.partition(".")[0]:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    case, beside = await read_whole(request, referral_id, caller)
    return draw(
        request, "_thread.html", caller, case=case, beside=beside, version=beside.version, live=True, say_day=say_day,
        say_clock=say_clock, oversees=oversees(caller),
    )  # fmt: skip


async def peek(request: Request, referral_id: UUID, caller: Caller) -> str:
    """Name how the page would look, without showing it to anybody."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with runtime.database.unit_of_work() as session:
            case = await read_case(
                session, runtime.keys, referral_id, caller.account_id, oversees=oversees(caller)
            )
            return await version_of(session, case, caller.account_id)
    except AppError:
        # It fails again, and leaves its audit row.
        await read_whole(request, referral_id, caller, "referral.refresh")
        raise


@router.post("/console/referrals/{referral_id}/claim", name="referral.claim")
async def post_claim(request: Request, referral_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await claim(session, referral_id, caller.account_id)
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error)
    return back_to(referral_id)


@router.post("/console/referrals/{referral_id}/release", name="referral.release")
async def post_release(request: Request, referral_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await release(session, referral_id, caller.account_id)
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error)
    return RedirectResponse("/console/referrals", 303)


@router.post("/console/referrals/{referral_id}/answers", name="referral.answer")
async def post_answer(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await answer(
                session,
                runtime.keys,
                referral_id=referral_id,
                account_id=caller.account_id,
                text=text,
                notice=say_in(FIRST, "notice.staff"),
                form_id=form_id,
            )
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, typed={"text": text})
    return back_to(referral_id)


@router.post("/console/referrals/{referral_id}/answers/{entry_id}/again", name="referral.send_again")
async def post_again(request: Request, referral_id: UUID, entry_id: UUID, caller: Writer) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await send_again(
                session,
                runtime.keys,
                referral_id=referral_id,
                entry_id=entry_id,
                account_id=caller.account_id,
                notice=say_in(FIRST, "notice.staff"),
            )
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error)
    return back_to(referral_id)
