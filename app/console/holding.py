"""Who goes on with a case and when: handing over, taking over, putting aside, flags. A part of the case page, and a page."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.days import read_day
from app.console.pages import draw
from app.console.queue_view import list_colleagues, list_teams
from app.runtime import Runtime
from core.clock import BANGKOK, bangkok, utc_now
from core.ids import new_id
from referrals.cases import read_case
from referrals.desk.assigning import LONGEST_REASON, take_over
from referrals.desk.flags import LONGEST, list_flags, put_flag, resolve_flag
from referrals.desk.handing_over import accept, decline, offer, offer_of, withdraw
from referrals.desk.snoozing import REASONS, SnoozeTimeError, snooze, wake

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]
Overseer = Annotated[Caller, Depends(require("referrals.read", "referrals.assign"))]
_CASE = "/console/referrals/{referral_id}"
# How long something is put aside, as one presses it.
SPANS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "3d": timedelta(days=3)}
CHOICES = (*SPANS, "tomorrow", "chosen")
_MORNING = time(8, 30)


@router.get(f"{_CASE}/holding", name="referral.holding")
async def show_holding(request: Request, referral_id: UUID, caller: Reader) -> Response:
    """Draw what can be done about who holds a case; alone for the case page, else as a page."""
    runtime: Runtime = request.app.state.runtime
    oversees = "referrals.assign" in caller.scopes
    async with audited(request, caller) as session:
        case = await read_case(session, runtime.keys, referral_id, caller.account_id, oversees=oversees)
        flags = await list_flags(session, runtime.keys, case.referral, with_words=case.shows_words)
        standing = await offer_of(session, referral_id)
        colleagues, teams = await list_colleagues(session), await list_teams(session)
    return draw(
        request, "_holding_forms.html" if "hx-request" in request.headers else "holding.html", caller,
        case=case, flags=flags, offer=standing, teams=teams, oversees=oversees,
        colleagues=[one for one in colleagues if one.id != caller.account_id], reasons=REASONS, choices=CHOICES,
        form_id=new_id(), longest_reason=LONGEST_REASON, longest_flag=LONGEST, today=bangkok(utc_now()).date(),
    )  # fmt: skip


@router.post(f"{_CASE}/hand-over", name="referral.hand_over")
async def post_offer(
    request: Request, referral_id: UUID, caller: Writer, to: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    kind, _, written = to.partition(":")
    receiver = _id(written)
    async with audited(request, caller) as session:
        await offer(
            session, referral_id, caller.account_id, to_account=receiver if kind == "account" else None,
            to_team=receiver if kind == "team" else None,
        )  # fmt: skip
    return _back(referral_id)


@router.post(f"{_CASE}/hand-over/accept", name="referral.accept_hand_over")
async def post_accept(request: Request, referral_id: UUID, caller: Writer) -> Response:
    async with audited(request, caller) as session:
        await accept(session, referral_id, caller.account_id)
    return RedirectResponse(f"/console/referrals/{referral_id}", 303)


@router.post(f"{_CASE}/hand-over/decline", name="referral.decline_hand_over")
async def post_decline(request: Request, referral_id: UUID, caller: Writer) -> Response:
    async with audited(request, caller) as session:
        await decline(session, referral_id, caller.account_id)
    return RedirectResponse("/console/referrals?view=mine", 303)


@router.post(f"{_CASE}/hand-over/withdraw", name="referral.withdraw_hand_over")
async def post_withdraw(request: Request, referral_id: UUID, caller: Writer) -> Response:
    async with audited(request, caller) as session:
        await withdraw(session, referral_id, caller.account_id)
    return _back(referral_id)


@router.post(f"{_CASE}/take-over", name="referral.take_over")
async def post_take_over(
    request: Request, referral_id: UUID, caller: Overseer, text: Annotated[str, Form()] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        await take_over(session, runtime.keys, referral_id, caller.account_id, reason=text)
    return RedirectResponse(f"/console/referrals/{referral_id}", 303)


@router.post(f"{_CASE}/snooze", name="referral.snooze")
async def post_snooze(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    reason: Annotated[str, Form(max_length=40)] = "",
    choice: Annotated[str, Form(max_length=20)] = "",
    until: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    async with audited(request, caller) as session:
        moment = until_of(choice, until, utc_now())
        await snooze(session, referral_id, caller.account_id, until=moment, reason=reason)
    return RedirectResponse("/console/referrals?view=mine", 303)


@router.post(f"{_CASE}/wake", name="referral.wake")
async def post_wake(request: Request, referral_id: UUID, caller: Writer) -> Response:
    async with audited(request, caller) as session:
        await wake(session, referral_id, caller.account_id)
    return _back(referral_id)


@router.post(f"{_CASE}/flags", name="referral.put_flag")
async def post_flag(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form()],
    text: Annotated[str, Form()] = "",
    due_on: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        await put_flag(
            session, runtime.keys, referral_id, caller.account_id, message=text, due_on=read_day(due_on),
            oversees="referrals.assign" in caller.scopes, form_id=form_id,
        )  # fmt: skip
    return _back(referral_id)


@router.post(f"{_CASE}/flags/{{flag_id}}/resolve", name="referral.resolve_flag")
async def post_resolve(
    request: Request, referral_id: UUID, flag_id: UUID, caller: Writer, text: Annotated[str, Form()] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        await resolve_flag(
            session, runtime.keys, referral_id, flag_id, caller.account_id, reason=text,
            oversees="referrals.assign" in caller.scopes,
        )  # fmt: skip
    return _back(referral_id)


def until_of(choice: str, typed: str, now: datetime) -> datetime:
    """Return the moment that a form names: a span, tomorrow morning, or a chosen time of Bangkok.

    Raises SnoozeTimeError.
    """
    if choice in SPANS:
        return now + SPANS[choice]
    if choice == "tomorrow":
        return datetime.combine(bangkok(now).date() + timedelta(days=1), _MORNING, BANGKOK)
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise SnoozeTimeError("choose a time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _back(referral_id: UUID) -> Response:
    return RedirectResponse(f"/console/referrals/{referral_id}?tab=desk", 303)
