"""Ending a case and beginning again: closing, a supervisor's word on it, reopening."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_page import back_to, draw_case, oversees
from app.console.days import read_day
from app.console.texts import FIRST, say_in
from app.runtime import Runtime
from core.errors import AppError
from core.ids import new_id
from referrals.closing import Wish, approve_closing, close_case, refuse_closing, reopen_case

router = APIRouter()
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]
Supervisor = Annotated[Caller, Depends(require("referrals.read", "referrals.assign"))]
# What sends none is a form of its own each time.
FormId = Annotated[UUID, Form(default_factory=new_id)]


@router.post("/console/referrals/{referral_id}/close", name="referral.close")
async def post_close(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    form_id: FormId,
    outcome: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form()] = "",
    follow_up_on: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            is_closed = await close_case(
                session, runtime.keys, referral_id=referral_id, account_id=caller.account_id,
                wish=Wish(outcome, text, read_day(follow_up_on)), notice=say_in(FIRST, "notice.staff"),
                form_id=form_id,
            )  # fmt: skip
    except AppError as error:
        typed = {"closing": text, "outcome": outcome, "follow_up_on": follow_up_on}
        return await draw_case(request, referral_id, caller, problem=error, typed=typed, tab="desk")
    return RedirectResponse("/console/referrals", 303) if is_closed else back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/close/approve", name="referral.approve_closing")
async def post_approve(request: Request, referral_id: UUID, caller: Supervisor, form_id: FormId) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await approve_closing(
                session, runtime.keys, referral_id=referral_id, account_id=caller.account_id,
                notice=say_in(FIRST, "notice.staff"), form_id=form_id,
            )  # fmt: skip
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, tab="desk")
    return back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/close/refuse", name="referral.refuse_closing")
async def post_refuse(
    request: Request, referral_id: UUID, caller: Supervisor, why: Annotated[str, Form()] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await refuse_closing(
                session, runtime.keys, referral_id=referral_id, account_id=caller.account_id, why=why
            )
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, typed={"why": why}, tab="desk")
    return back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/reopen", name="referral.reopen")
async def post_reopen(
    request: Request, referral_id: UUID, caller: Writer, why: Annotated[str, Form()] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await reopen_case(
                session, runtime.keys, referral_id=referral_id, account_id=caller.account_id, why=why,
                oversees=oversees(caller),
            )  # fmt: skip
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, typed={"why": why})
    return back_to(referral_id)
