"""Leaks of personal data: the 72 hours, who did what when, words to begin with, and drills. Nothing of anybody stands here."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.texts import say
from app.console.thai_time import span
from core.accounts.roster import list_accounts
from core.audit.breaches import (
    RISKS,
    BreachTimeError,
    end_breach,
    judge_risk,
    list_breaches,
    plan,
    read_breach,
    start_breach,
    tick_step,
)
from core.clock import BANGKOK, utc_now
from core.errors import AppError, InvalidInputError, NotFoundError
from core.ids import new_id

router = APIRouter()
Reader = Annotated[Caller, Depends(require("privacy.read"))]
Leader = Annotated[Caller, Depends(require("privacy.read", "settings.manage"))]
_ALL = "/console/privacy/breaches"
_ONE = _ALL + "/{breach_id}"


@router.get(_ALL, name="breach.list")
async def show_breaches(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        return await _draw_list(request, caller, session)


@router.post(_ALL, name="breach.start")
async def post_start(
    request: Request,
    caller: Leader,
    form_id: Annotated[UUID, Form()],
    kind: Annotated[Literal["drill", "real"], Form()],
    what: Annotated[str, Form(max_length=40)] = "",
    noticed: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    try:
        async with audited(request, caller) as session:
            await start_breach(
                session, form_id, kind=kind, what=what, noticed_at=_moment(noticed), by=caller.account_id
            )
    except InvalidInputError as problem:
        async with audited(request, caller, "breach.list") as session:
            typed = {"kind": kind, "what": what, "noticed": noticed}
            return await _draw_list(request, caller, session, typed=typed, problem=problem)
    return _to(form_id)


@router.get(_ONE, name="breach.read")
async def show_breach(request: Request, breach_id: UUID, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        return await _draw_one(request, caller, session, breach_id)


@router.post(_ONE + "/steps/{step}", name="breach.tick")
async def post_step(request: Request, breach_id: UUID, step: str, caller: Leader) -> Response:
    async with audited(request, caller) as session:
        await tick_step(session, breach_id, step, by=caller.account_id)
    return _to(breach_id)


@router.post(f"{_ONE}/risk", name="breach.judge")
async def post_risk(
    request: Request, breach_id: UUID, caller: Leader, risk: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    try:
        async with audited(request, caller) as session:
            await judge_risk(session, breach_id, risk, by=caller.account_id)
    except InvalidInputError as problem:
        return await _draw_again(request, caller, breach_id, problem)
    return _to(breach_id)


@router.post(f"{_ONE}/end", name="breach.end")
async def post_end(request: Request, breach_id: UUID, caller: Leader) -> Response:
    try:
        async with audited(request, caller) as session:
            await end_breach(session, breach_id, by=caller.account_id)
    except AppError as problem:
        return await _draw_again(request, caller, breach_id, problem)
    return _to(breach_id)


def _moment(typed: str) -> datetime | None:
    """Return what a `datetime-local` field holds, as Bangkok's; None for now. Raises BreachTimeError."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=BANGKOK)
    except ValueError:
        raise BreachTimeError("give a day and a time") from None


async def _draw_list(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    typed: dict[str, str] | None = None,
    problem: AppError | None = None,
) -> Response:
    return draw(
        request, "breaches.html", caller, status=problem.status if problem else 200, plan=plan(), problem=problem,
        breaches=await list_breaches(session), typed=typed or {"kind": "", "what": "", "noticed": ""},
        form_id=new_id(), span=span,
    )  # fmt: skip


async def _draw_one(
    request: Request, caller: Caller, session: AsyncSession, breach_id: UUID, problem: AppError | None = None
) -> Response:
    breach = await read_breach(session, breach_id)
    names = {account.id: account.name for account in await list_accounts(session)}
    return draw(
        request, "breach.html", caller, status=problem.status if problem else 200, breach=breach, plan=plan(),
        names=names, risks=RISKS, problem=problem, span=span, time_left=_left(breach.due_at),
        leads="settings.manage" in caller.scopes and breach.ended is None,
    )  # fmt: skip


async def _draw_again(request: Request, caller: Caller, breach_id: UUID, problem: AppError) -> Response:
    if isinstance(problem, NotFoundError):
        raise problem
    async with audited(request, caller, "breach.read") as session:
        return await _draw_one(request, caller, session, breach_id, problem)


def _left(due_at: datetime) -> str:
    """Say what is left of the clock; in hours, for it is one of 72."""
    left = (due_at - utc_now()).total_seconds()
    return say("time.hours", n=int(left // 3600)) if left >= 3600 else span(left)


def _to(breach_id: UUID) -> Response:
    return RedirectResponse(f"/console/privacy/breaches/{breach_id}", 303)
