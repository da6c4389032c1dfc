"""What staff write beside a case: notes of four levels, its title and its labels."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_page import back_to, draw_case, readable
from app.runtime import Runtime
from core.errors import AppError
from referrals.desk.notes import withdraw_note, write_note
from referrals.desk.tags import set_tags
from referrals.desk.titles import set_title

router = APIRouter()
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]


@router.post("/console/referrals/{referral_id}/notes", name="referral.add_note")
async def post_note(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form()],
    level: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            referral = await readable(session, runtime, referral_id, caller)
            await write_note(
                session, runtime.keys, referral, account_id=caller.account_id, level=level, text=text,
                form_id=form_id,
            )  # fmt: skip
    except AppError as error:
        typed = {"note": text, "level": level}
        return await draw_case(request, referral_id, caller, problem=error, typed=typed, tab="desk")
    return back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/notes/{note_id}/withdraw", name="referral.withdraw_note")
async def post_withdraw(request: Request, referral_id: UUID, note_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await withdraw_note(session, referral_id, note_id, caller.account_id)
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, tab="desk")
    return back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/title", name="referral.name")
async def post_title(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    title: Annotated[str, Form()] = "",
    tags: Annotated[str, Form()] = "",
) -> Response:
    """Name a case and label it: one form, both or neither."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            referral = await readable(session, runtime, referral_id, caller)
            await set_title(session, runtime.keys, referral, title)
            await set_tags(session, runtime.keys, referral, tags)
    except AppError as error:
        typed = {"title": title, "tags": tags}
        return await draw_case(request, referral_id, caller, problem=error, typed=typed, tab="desk")
    return back_to(referral_id, "desk")
