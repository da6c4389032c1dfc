"""The compensation of a case: what was ordered, has grown, was paid and confirmed, by source of money; and the execution."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller
from app.console.case_agencies import case_of, staff_of
from app.console.case_money_words import say_baht
from app.console.case_tracks import (
    ADDRESS,
    CASE,
    Reader,
    Recorder,
    by_staff,
    own_event,
    read_names,
    sees_money,
    version_of,
    viewer_of,
)
from app.console.case_tracks_view import timeline_of
from app.console.case_tracks_words import say_clock_code, say_due, say_fund, say_item
from app.console.pages import draw
from app.runtime import Runtime
from core.clock import bangkok, utc_now
from core.errors import AppError, NotFoundError
from referrals.compensation.interest import interest_rules
from referrals.compensation.ledger import book, entries_of
from referrals.tracks.alarms import read_running
from referrals.tracks.deciding import holding
from referrals.tracks.events import NewStep
from referrals.tracks.models import CaseEvent
from referrals.tracks.reading import read_events
from referrals.tracks.recording import record

router = APIRouter()
_TRACK = "compensation"


@router.get(f"{CASE}/money", name="referral.money")
async def show_money(request: Request, referral_id: UUID, caller: Reader) -> Response:
    return await _draw_money(request, referral_id, caller)


async def _draw_money(
    request: Request, referral_id: UUID, caller: Caller, problem: AppError | None = None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    now = utc_now()
    async with audited(request, caller, "referral.money") as session:
        referral = await case_of(session, staff_of(referral_id, caller))
        events = await read_events(session, runtime.keys, referral_id)
        names = await read_names(session, events)
        running = await read_running(session, referral_id, events, now)
        version = await version_of(session, referral_id)
    books = book(entries_of(holding(events).events), bangkok(now).date())
    lines = [
        line
        for line in timeline_of(events, names, viewer_of(caller), caller.account_id).lines
        if line.track == _TRACK
    ]
    return draw(
        request, "case_money.html", caller, status=problem.status if problem else 200, problem=problem, referral=referral, books=books, sees_money=sees_money(caller), lines=lines,
        funds=[one for one in books.by_fund.values() if one.is_used], rules=interest_rules().rule,
        clocks=[one for one in running if one.due.event_id in {line.id for line in lines}], say_baht=say_baht, say_fund=say_fund,
        say_item=say_item, say_clock_code=say_clock_code, say_due=say_due, now_on=books.as_of, version=version,
        unsaid={one.id for one in books.payments if one.word != "confirmed" and books.closed is None},
    )  # fmt: skip


@router.post(f"{ADDRESS}/{{case_event_id}}/receipt", name="referral.note_receipt")
async def post_receipt(
    request: Request,
    referral_id: UUID,
    case_event_id: UUID,
    caller: Recorder,
    said: Annotated[Literal["confirmed", "denied"], Form()],
) -> Response:
    """Write down what the person told the hotline of a payment: not everybody can say it in the chat."""
    runtime: Runtime = request.app.state.runtime
    now = utc_now()
    try:
        async with audited(request, caller) as session:
            await own_event(session, staff_of(referral_id, caller), case_event_id)
            paid = await session.get_one(CaseEvent, case_event_id)
            step = NewStep(
                step=f"receipt_{said}", track=_TRACK, happened_on=bangkok(now).date(), amount=paid.amount, about_id=paid.id
            )  # fmt: skip
            await record(session, runtime.keys, referral_id, step, by_staff(caller), now=now)
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_money(request, referral_id, caller, error)
    return RedirectResponse(f"/console/referrals/{referral_id}/money", 303)
