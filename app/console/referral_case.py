"""The case page: claim, the thread with how far each answer got, answering, closing."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, require
from app.console.audited import audited
from app.console.pages import draw
from app.console.report_view import View, say_reason, view_of
from app.console.texts import FIRST, say_in
from app.runtime import Runtime
from core.contacts.models import ContactRule
from core.errors import AppError
from core.ids import new_id
from referrals.cases import LONGEST_ANSWER, Case, answer, read_case, send_again
from referrals.closing import OUTCOMES, Wish, close_case
from referrals.evidence import Piece, list_evidence
from referrals.queue import CLAIM_WITHIN, claim, release
from referrals.reports import read_report

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
PassiveReader = Annotated[Caller, Depends(require("referrals.read", passive=True))]
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]


@router.get("/console/referrals/{referral_id}", name="referral.read")
async def show_case(request: Request, referral_id: UUID, caller: Reader) -> Response:
    return await _draw_case(request, referral_id, caller)


async def _draw_case(
    request: Request, referral_id: UUID, caller: Caller, problem: AppError | None = None, typed: str = ""
) -> Response:
    case, report, evidence = await _read(request, referral_id, caller, "referral.read")
    return draw(
        request,
        "case.html",
        caller,
        report=report,
        evidence=evidence,
        live=False,
        say_reason=say_reason,
        status=problem.status if problem else 200,
        case=case,
        due=case.referral.opened_at + CLAIM_WITHIN[case.referral.priority],
        version=_version(case),
        problem=problem,
        typed=typed,
        form_id=new_id(),
        longest=LONGEST_ANSWER,
        outcomes=OUTCOMES,
    )


async def _read(
    request: Request, referral_id: UUID, caller: Caller, action: str
) -> tuple[Case, View | None, list[Piece]]:
    """Read the case, and its report and what came with it where the caller may read its words."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, action) as session:
        case = await read_case(
            session,
            runtime.keys,
            referral_id,
            caller.account_id,
            oversees="referrals.assign" in caller.scopes,
        )
        if not case.shows_words:
            return case, None, []
        report = await read_report(session, runtime.keys, case.referral)
        rule = await session.get(ContactRule, case.referral.contact_id)
        pieces = await list_evidence(session, case.referral.id)
        return case, view_of(report, case.referral, rule), pieces


def _version(case: Case) -> str:
    """Name what the page shows: who holds it, then how each line stands."""
    held = f"{case.referral.state}{case.referral.claimed_by}{case.referral.priority}"
    lines = repr(
        # The last entry's time stands for new answers of a report, which are no lines.
        [
            case.may_talk,
            case.referral.last_entry_at,
            *((str(x.id), x.message_state, x.message_reason, x.taken_back) for x in case.lines),
        ]
    )
    return ".".join(hashlib.sha256(part.encode()).hexdigest()[:16] for part in (held, lines))


@router.get("/console/referrals/{referral_id}/thread", name="referral.refresh")
async def refresh_thread(
    request: Request, referral_id: UUID, caller: PassiveReader, seen: str = ""
) -> Response:
    """Draw the thread anew when it changed; what shows nothing new is no reading."""
    runtime: Runtime = request.app.state.runtime
    oversees = "referrals.assign" in caller.scopes
    try:
        async with runtime.database.unit_of_work() as session:
            case = await read_case(session, runtime.keys, referral_id, caller.account_id, oversees=oversees)
    except AppError:
        # It fails again, and leaves its audit row.
        case, _, _ = await _read(request, referral_id, caller, "referral.refresh")
    version = _version(case)
    if version == seen:
        return Response(status_code=204)
    if version.partition(".")[0] != seen.partition(".")[0]:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    case, report, evidence = await _read(request, referral_id, caller, "referral.read")
    return draw(
        request,
        "_thread.html",
        caller,
        case=case,
        version=version,
        report=report,
        evidence=evidence,
        live=True,
    )


@router.post("/console/referrals/{referral_id}/claim", name="referral.claim")
async def post_claim(request: Request, referral_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await claim(session, referral_id, caller.account_id)
    except AppError as error:
        return await _draw_case(request, referral_id, caller, error)
    return _back(referral_id)


@router.post("/console/referrals/{referral_id}/release", name="referral.release")
async def post_release(request: Request, referral_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await release(session, referral_id, caller.account_id)
    except AppError as error:
        return await _draw_case(request, referral_id, caller, error)
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
        return await _draw_case(request, referral_id, caller, error, text)
    return _back(referral_id)


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
        return await _draw_case(request, referral_id, caller, error)
    return _back(referral_id)


@router.post("/console/referrals/{referral_id}/close", name="referral.close")
async def post_close(
    request: Request, referral_id: UUID, caller: Writer, outcome: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await close_case(
                session,
                runtime.keys,
                referral_id=referral_id,
                account_id=caller.account_id,
                wish=Wish(outcome),
                notice=say_in(FIRST, "notice.staff"),
                form_id=new_id(),
            )
    except AppError as error:
        return await _draw_case(request, referral_id, caller, error)
    return RedirectResponse("/console/referrals", 303)


def _back(referral_id: UUID) -> Response:
    return RedirectResponse(f"/console/referrals/{referral_id}", 303)
