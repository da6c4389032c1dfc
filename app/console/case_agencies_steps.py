"""What staff decide on a request: calling it back, telling who the person is, writing an agency's answer down for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.console.case_agencies import Writer, staff_of
from app.console.case_agencies_one import ONE, Typed, back_to, draw_request
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from referrals.agencies.templates import templates
from referrals.referring import answering
from referrals.referring.errors import ReasonCodeError
from referrals.referring.finding import ByHotline
from referrals.referring.identity import give_identity, refuse_identity, take_identity_back
from referrals.referring.sending import recall

router = APIRouter()


@router.post(f"{ONE}/recall", name="referral.recall_agency")
async def post_recall(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    reason: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await recall(
                session, runtime.keys, agency_referral_id, staff_of(referral_id, caller), reason=reason, note=text,
                now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("recall", text, reason)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


@router.post(f"{ONE}/identity", name="referral.give_identity")
async def post_identity(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    text: Annotated[str, Form()] = "",
    ground: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """The second step: who the person is, in the parts that the agency may be told, with a reason."""
    runtime: Runtime = request.app.state.runtime
    form = await request.form()
    who = {
        code: value
        for code in templates().identity
        if isinstance(value := form.get(f"who_{code}"), str) and value
    }
    try:
        async with audited(request, caller) as session:
            await give_identity(
                session, runtime.keys, agency_referral_id, staff_of(referral_id, caller), who=who, reason=text,
                ground=ground, now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("identity", text, ground=ground, who=who)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


@router.post(f"{ONE}/identity/refuse", name="referral.refuse_identity")
async def post_refusal(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    text: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await refuse_identity(
                session, runtime.keys, agency_referral_id, staff_of(referral_id, caller), reason=text,
                now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("refusal", text)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


@router.post(f"{ONE}/identity/back", name="referral.take_identity_back")
async def post_taking_back(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    text: Annotated[str, Form()] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await take_identity_back(
                session, runtime.keys, agency_referral_id, staff_of(referral_id, caller), reason=text,
                now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("back", text)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


@router.post(f"{ONE}/answer", name="referral.answer_for_agency")
async def post_answer(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    step: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Write down what an agency without officers here said: `reason` is why it declines or how it ended."""
    try:
        async with audited(request, caller) as session:
            runtime: Runtime = request.app.state.runtime
            staff = staff_of(referral_id, caller)
            await _answer(session, runtime, agency_referral_id, staff, step, reason, text)
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("answer", text, reason, step=step)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


async def _answer(
    session: AsyncSession, runtime: Runtime, request_id: UUID, staff: ByHotline, step: str, reason: str, text: str
) -> None:  # fmt: skip
    now, keys = utc_now(), runtime.keys
    match step:
        case "accepted":
            await answering.accept(session, keys, request_id, staff, now=now)
        case "declined":
            await answering.decline(session, keys, request_id, staff, reason=reason, note=text, now=now)
        case "in_service":
            await answering.begin_service(session, keys, request_id, staff, now=now)
        case "done":
            await answering.finish(
                session, keys, request_id, staff, outcome=reason, citizen_text=text, now=now
            )
        case _:
            raise ReasonCodeError("choose what the agency said")
