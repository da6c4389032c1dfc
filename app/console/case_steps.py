"""Steps of a case: how urgent it is, and whether staff or the bot goes on with the person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_page import back_to, draw_case, oversees
from app.console.texts import FIRST, say_in
from app.runtime import Runtime
from core.errors import AppError
from core.ids import new_id
from referrals.handing_back import hand_to_bot, take_from_bot
from referrals.urgency import set_priority

router = APIRouter()
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]


@router.post("/console/referrals/{referral_id}/priority", name="referral.set_priority")
async def post_priority(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    priority: Annotated[str, Form(max_length=4)] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await set_priority(
                session, runtime.keys, referral_id=referral_id, account_id=caller.account_id, priority=priority,
                why=why, oversees=oversees(caller),
            )  # fmt: skip
    except AppError as error:
        typed = {"why": why, "priority": priority}
        return await draw_case(request, referral_id, caller, problem=error, typed=typed, tab="desk")
    return back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/bot", name="referral.hand_to_bot")
async def post_bot(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form(default_factory=new_id)],
    dialogue: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await hand_to_bot(
                session, runtime.keys, referral_id=referral_id, account_id=caller.account_id, dialogue=dialogue,
                notice=say_in(FIRST, "notice.staff"), form_id=form_id,
            )  # fmt: skip
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, tab="desk")
    return back_to(referral_id)


@router.post("/console/referrals/{referral_id}/bot/end", name="referral.take_from_bot")
async def post_bot_end(request: Request, referral_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await take_from_bot(session, referral_id=referral_id, account_id=caller.account_id)
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error)
    return back_to(referral_id)
