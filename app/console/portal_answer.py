"""An agency's answer to a request: acknowledged, accepted or declined, in service, done; and asking who the person is."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.auth import Caller
from app.console.portal_case import PAGE, back_to, draw_case
from app.console.portal_desk import Desk, Writer, at_desk
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, InvalidInputError, NotFoundError
from referrals.referring.answering import accept, acknowledge, begin_service, decline, finish
from referrals.referring.identity import ask_identity

router = APIRouter()
_Words = Annotated[str, Form(max_length=10_000)]
_Code = Annotated[str, Form(max_length=40)]


@router.post(f"{PAGE}/acknowledge", name="portal_case.acknowledge")
async def post_acknowledge(request: Request, agency_referral_id: UUID, caller: Writer) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await acknowledge(desk.session, runtime.keys, agency_referral_id, desk.party, now=utc_now())

    return await do(request, agency_referral_id, caller, act)


@router.post(f"{PAGE}/accept", name="portal_case.accept")
async def post_accept(request: Request, agency_referral_id: UUID, caller: Writer) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await accept(desk.session, runtime.keys, agency_referral_id, desk.party, now=utc_now())

    return await do(request, agency_referral_id, caller, act)


@router.post(f"{PAGE}/decline", name="portal_case.decline")
async def post_decline(
    request: Request,
    agency_referral_id: UUID,
    caller: Writer,
    reason: _Code = "",
    note: _Words = "",
    next_agency: _Code = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await decline(
            desk.session, runtime.keys, agency_referral_id, desk.party, reason=reason, note=note,
            next_agency_id=_id_or_none(next_agency), now=utc_now(),
        )  # fmt: skip

    typed = {"opens": "decline", "reason": reason, "note": note, "next_agency": next_agency}
    return await do(request, agency_referral_id, caller, act, typed)


@router.post(f"{PAGE}/begin", name="portal_case.begin")
async def post_begin(request: Request, agency_referral_id: UUID, caller: Writer) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await begin_service(desk.session, runtime.keys, agency_referral_id, desk.party, now=utc_now())

    return await do(request, agency_referral_id, caller, act)


@router.post(f"{PAGE}/finish", name="portal_case.finish")
async def post_finish(
    request: Request,
    agency_referral_id: UUID,
    caller: Writer,
    outcome: _Code = "",
    text: _Words = "",
    looked: _Code = "",
) -> Response:
    """`looked` says that the officer looked at what seemed to name somebody."""
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await finish(
            desk.session, runtime.keys, agency_referral_id, desk.party, outcome=outcome, citizen_text=text,
            looked_through=looked == "yes", now=utc_now(),
        )  # fmt: skip

    return await do(
        request, agency_referral_id, caller, act, {"opens": "finish", "outcome": outcome, "text": text}
    )


@router.post(f"{PAGE}/identity", name="portal_case.ask_identity")
async def post_identity(
    request: Request, agency_referral_id: UUID, caller: Writer, why: _Words = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await ask_identity(
            desk.session, runtime.keys, agency_referral_id, desk.party, reason=why, now=utc_now()
        )

    return await do(request, agency_referral_id, caller, act, {"opens": "identity", "why": why})


async def do(
    request: Request,
    request_id: UUID,
    caller: Caller,
    act: Callable[[Desk], Awaitable[None]],
    typed: dict[str, str] | None = None,
) -> Response:
    """Do one thing to a request in its audited transaction; what is refused is said on its page with what was typed."""
    try:
        async with at_desk(request, caller) as desk:
            await act(desk)
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_case(request, request_id, caller, problem=error, typed=typed)
    return back_to(request_id)


def _id_or_none(typed: str) -> UUID | None:
    if not typed:
        return None
    try:
        return UUID(typed)
    except ValueError:
        raise InvalidInputError("choose an agency of the list") from None
