"""Reports whose time runs out: seen before they go, postponed with a reason, or held for a court. Nothing they say."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from core.errors import AppError, NotFoundError
from referrals.keeping.ending import State, end_of, kept_for_long, list_ending
from referrals.keeping.grounds import grounds
from referrals.keeping.holding import hold_report, postpone_report, read_keepings, release_report
from referrals.models import Referral

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]
Overseer = Annotated[Caller, Depends(require("referrals.read", "referrals.assign"))]
STATES: tuple[State, ...] = ("soon", "postponed", "held")
_REPORT = "/console/ending/{referral_id}"


@router.get("/console/ending", name="ending.list")
async def show_ending(
    request: Request, caller: Reader, which: Literal["soon", "postponed", "held"] = "soon"
) -> Response:
    """Show one's own; supervisors see all."""
    async with audited(request, caller) as session:
        rows = await list_ending(session, which, None if _oversees(caller) else caller.account_id)
    return draw(
        request, "ending.html", caller, rows=rows, which=which, states=STATES, warn_days=grounds().warn_days
    )


@router.get(_REPORT, name="ending.show")
async def show_report(request: Request, referral_id: UUID, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        return await _draw(request, caller, session, referral_id)


@router.post(f"{_REPORT}/postpone", name="ending.postpone")
async def post_postpone(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    ground: Annotated[str, Form(max_length=40)] = "",
    days: Annotated[int, Form()] = 0,
) -> Response:
    try:
        async with audited(request, caller) as session:
            await _own(session, caller, referral_id)
            await postpone_report(session, referral_id, ground=ground, days=days, by=caller.account_id)
    except AppError as problem:
        return await _draw_again(request, caller, referral_id, problem)
    return _back(referral_id)


@router.post(f"{_REPORT}/hold", name="ending.hold")
async def post_hold(
    request: Request, referral_id: UUID, caller: Overseer, ground: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    try:
        async with audited(request, caller) as session:
            await hold_report(session, referral_id, ground=ground, by=caller.account_id)
    except AppError as problem:
        return await _draw_again(request, caller, referral_id, problem)
    return _back(referral_id)


@router.post(f"{_REPORT}/release", name="ending.release")
async def post_release(request: Request, referral_id: UUID, caller: Overseer) -> Response:
    try:
        async with audited(request, caller) as session:
            await release_report(session, referral_id, by=caller.account_id)
    except AppError as problem:
        return await _draw_again(request, caller, referral_id, problem)
    return _back(referral_id)


def _oversees(caller: Caller) -> bool:
    return "referrals.assign" in caller.scopes


async def _own(session: AsyncSession, caller: Caller, referral_id: UUID) -> Referral:
    """Return a report that the caller held last, or oversees; another's is not there."""
    referral = await session.get(Referral, referral_id)
    if referral is None or not (_oversees(caller) or referral.claimed_by == caller.account_id):
        raise NotFoundError("no such referral of yours")
    return referral


async def _draw(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    referral_id: UUID,
    problem: AppError | None = None,
) -> Response:
    referral = await _own(session, caller, referral_id)
    ends_at = end_of(referral, await kept_for_long(session))
    return draw(
        request, "ending_report.html", caller, status=problem.status if problem else 200, report=referral,
        ends_at=ends_at, keepings=await read_keepings(session, referral_id), grounds=grounds(),
        oversees=_oversees(caller), problem=problem,
    )  # fmt: skip


async def _draw_again(request: Request, caller: Caller, referral_id: UUID, problem: AppError) -> Response:
    """Show the report with what is wrong; one that is not there, or not the caller's, stays so."""
    if isinstance(problem, NotFoundError):
        raise problem
    async with audited(request, caller, "ending.show") as session:
        return await _draw(request, caller, session, referral_id, problem)


def _back(referral_id: UUID) -> Response:
    return RedirectResponse(f"/console/ending/{referral_id}", 303)
