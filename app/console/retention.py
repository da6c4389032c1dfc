"""How long what is kept: every class with its length and its source, what went, and changes that two people make."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.texts import say
from core.accounts.roster import list_accounts
from core.clock import utc_now
from core.db.database import driver_connection
from core.errors import AppError, NotFoundError
from core.ids import new_id
from core.retention.changing import (
    MOST_COUNTED,
    REASONS,
    Effect,
    ask_change,
    confirm_change,
    list_changes,
    read_days,
    read_tally,
    weigh,
    withdraw_change,
)
from core.retention.classes import GROUPS, KeptClass, kept_classes
from core.retention.lengths import units_in_force
from core.retention.models import RetentionChange
from core.retention.requests import count_requests
from referrals.retention import COUNTED

router = APIRouter()
Reader = Annotated[Caller, Depends(require("retention.read"))]
Changer = Annotated[Caller, Depends(require("retention.read", "retention.write"))]
_CLASS = "/console/retention/{code}"
_CHANGE = _CLASS + "/changes/{change_id}"


@router.get("/console/retention", name="retention.list")
async def show_classes(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        units = await units_in_force(await driver_connection(session))
        tally, changes = await read_tally(session), await list_changes(session)
        asked = await count_requests(session)
    groups = {group: {c: k for c, k in kept_classes().items() if k.group == group} for group in GROUPS}
    coming = {change.code: change for change in reversed(changes) if comes(change)}
    return draw(
        request, "retention.html", caller, groups=groups, units=units, tally=tally, coming=coming,
        said=say_length, asked=asked,
    )  # fmt: skip


@router.get(_CLASS, name="retention.show")
async def show_class(
    request: Request, code: str, caller: Reader, length: Annotated[str, Query(max_length=8)] = ""
) -> Response:
    """Show a class; with `length` also what that would bring, before anybody asks for it."""
    try:
        async with audited(request, caller) as session:
            effect = await weigh(session, code, _number(length), COUNTED) if length else None
            return await _draw_class(request, caller, session, code, effect=effect, typed=length)
    except AppError as error:
        if not length or isinstance(error, NotFoundError):
            raise
        problem = error
    async with audited(request, caller) as session:
        return await _draw_class(request, caller, session, code, typed=length, problem=problem)


@router.post(_CLASS, name="retention.ask")
async def post_ask(
    request: Request,
    code: str,
    caller: Changer,
    form_id: Annotated[UUID, Form()],
    length: Annotated[str, Form(max_length=8)] = "",
    reason: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    async with audited(request, caller) as session:
        await ask_change(
            session, form_id, code=code, length=_number(length), reason=reason, by=caller.account_id
        )
    return RedirectResponse(f"/console/retention/{code}", 303)


@router.post(f"{_CHANGE}/confirm", name="retention.confirm")
async def post_confirm(request: Request, code: str, change_id: UUID, caller: Changer) -> Response:
    async with audited(request, caller) as session:
        _of(code, await confirm_change(session, change_id, by=caller.account_id))
    return RedirectResponse(f"/console/retention/{code}", 303)


@router.post(f"{_CHANGE}/withdraw", name="retention.withdraw")
async def post_withdraw(request: Request, code: str, change_id: UUID, caller: Changer) -> Response:
    async with audited(request, caller) as session:
        _of(code, await withdraw_change(session, change_id, by=caller.account_id))
    return RedirectResponse(f"/console/retention/{code}", 303)


def _of(code: str, change: RetentionChange) -> None:
    """A change is found through its class."""
    if change.code != code:
        raise NotFoundError("no such change of this class")


def _number(typed: str) -> int:
    """Return a typed length; what is no number lies outside all bounds."""
    return int(typed) if typed.isascii() and typed.isdigit() else -1


def comes(change: RetentionChange) -> bool:
    """Tell whether a change is under way: it waits for its second person, or for its day."""
    if change.withdrawn_at is not None:
        return False
    return change.holds_from is None or change.holds_from > utc_now()


def say_length(kept: KeptClass, units: int) -> str:
    """30 วัน"""
    return say(f"time.{kept.unit}", n=f"{units:,}")


async def _draw_class(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    code: str,
    *,
    effect: Effect | None = None,
    typed: str = "",
    problem: AppError | None = None,
) -> Response:
    kept = kept_classes().get(code)
    if kept is None:
        raise NotFoundError("no such class")
    units = await units_in_force(await driver_connection(session))
    changes = await list_changes(session, code)
    under_way = next((one for one in changes if comes(one)), None)
    weighed = None
    if under_way is not None and units[code] != under_way.length and under_way.holds_from is None:
        weighed = await weigh(session, code, under_way.length, COUNTED)
    names = {account.id: account.name for account in await list_accounts(session)}
    return draw(
        request, "retention_class.html", caller, status=problem.status if problem else 200, code=code, kept=kept,
        units=units[code], changes=changes, coming=under_way, weighed=weighed, effect=effect, typed=typed,
        problem=problem, days=await read_days(session, code), names=names, reasons=REASONS, form_id=new_id(),
        most_counted=MOST_COUNTED, said=say_length,
    )  # fmt: skip
