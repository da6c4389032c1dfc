"""Reported handles: what people were approached with, proposed by one, confirmed by another, told to citizens then."""

from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.examining.apart import examiner_of
from app.examining.asking import ReadHandle
from app.runtime import Runtime
from core.accounts.models import Account
from core.errors import AppError, InvalidInputError
from screening.handles import KINDS
from screening.reputation import (
    GROUNDS,
    Grounds,
    Verdict,
    clear_handle,
    confirm_handle,
    enter_handle,
    list_handles,
    propose_handle,
)
from screening.standing import HandleKind

router = APIRouter()
Reader = Annotated[Caller, Depends(require("screening.read"))]
Proposer = Annotated[Caller, Depends(require("screening.write"))]
Decider = Annotated[Caller, Depends(require("screening.write", "referrals.assign"))]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@router.get("/console/screening/handles", name="handle.list")
async def show_handles(request: Request, caller: Reader, verdict: Verdict = "open") -> Response:
    return await _draw(request, caller, verdict)


@router.post("/console/screening/handles", name="handle.enter")
async def post_handle(
    request: Request,
    caller: Proposer,
    kind: Annotated[HandleKind, Form()],
    written: Annotated[str, Form(max_length=200)],
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            by = await session.get_one(Account, caller.account_id)
            read = await examiner_of(request).ask(ReadHandle(kind, written))
            await enter_handle(session, runtime.keys, kind=kind, value=read.value, by=by)
    except InvalidInputError as error:
        return await _draw(request, caller, "open", typed=(kind, written), problem=error)
    return _back("open")


@router.post("/console/screening/handles/{handle_id}/propose", name="handle.propose")
async def post_proposal(
    request: Request, handle_id: UUID, caller: Proposer, grounds: Annotated[Grounds, Form()]
) -> Response:
    async with audited(request, caller) as session:
        by = await session.get_one(Account, caller.account_id)
        await propose_handle(session, handle_id, grounds=grounds, by=by)
    return _back("open")


@router.post("/console/screening/handles/{handle_id}/confirm", name="handle.confirm")
async def post_confirmation(request: Request, handle_id: UUID, caller: Decider) -> Response:
    async with audited(request, caller) as session:
        await confirm_handle(session, handle_id, by=await session.get_one(Account, caller.account_id))
    return _back("confirmed")


@router.post("/console/screening/handles/{handle_id}/clear", name="handle.clear")
async def post_clearing(request: Request, handle_id: UUID, caller: Decider) -> Response:
    async with audited(request, caller) as session:
        await clear_handle(session, handle_id, by=await session.get_one(Account, caller.account_id))
    return _back("cleared")


async def _draw(
    request: Request,
    caller: Caller,
    verdict: Verdict,
    *,
    typed: tuple[str, str] = ("line_id", ""),
    problem: AppError | None = None,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "handle.list") as session:
        by = await session.get_one(Account, caller.account_id)
        handles = await list_handles(session, runtime.keys, by=by, verdict=verdict)
    return draw(
        request, "handles.html", caller, status=problem.status if problem else 200, handles=handles, verdict=verdict,
        verdicts=VERDICTS, kinds=KINDS, grounds=GROUNDS, typed=typed, problem=problem,
    )  # fmt: skip


def _back(verdict: Verdict) -> Response:
    return RedirectResponse(f"/console/screening/handles?verdict={verdict}", 303)
