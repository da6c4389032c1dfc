"""Answering a request: each call is a step of the portal, under a key, so that a retry does it once."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.faces.routers import make_router
from app.partner_api.access import Program, require_program
from app.partner_api.bodies import VISIBLE, Given
from app.partner_api.once import DONE, WriteKey, once
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from core.clock import utc_now
from referrals.agencies.templates import templates
from referrals.referring.answering import accept, acknowledge, begin_service, decline, finish
from referrals.referring.identity import ask_identity
from referrals.referring.wording import LONGEST_CITIZEN_TEXT, LONGEST_NOTE, LONGEST_REASON

router = make_router("answers")
Answerer = Annotated[Program, Depends(require_program("cases.read", "track.referral.write"))]
Step = Callable[..., Awaitable[None]]


class Declined(Given):
    """Why the case is not taken, and who may take it instead."""

    reason: str = Field(
        max_length=40, examples=sorted(templates().decline)[:1], description="A code of `/v1/codes`."
    )
    note: str = Field(default="", max_length=LONGEST_NOTE)
    next_agency: UUID | None = None


class Finished(Given):
    """How the work ended, and what the person reads of it: plain Thai that names nobody."""

    outcome: str = Field(
        max_length=40, examples=sorted(templates().outcome)[:1], description="A code of `/v1/codes`."
    )
    citizen_text: str = Field(default="", max_length=LONGEST_CITIZEN_TEXT)
    looked_through: bool = Field(
        default=False, description="Somebody looked at words that seem to name a person, and they do not."
    )


class Why(Given):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, pattern=VISIBLE)


@router.post(
    "/cases/{case_id}/acknowledge",
    name="agency_case.acknowledge",
    summary="Say that it arrived",
    status_code=204,
)
async def post_acknowledge(request: Request, case_id: UUID, program: Answerer, key: WriteKey) -> Response:
    return await _step(request, case_id, program, key, acknowledge)


@router.post("/cases/{case_id}/accept", name="agency_case.accept", summary="Take a case on", status_code=204)
async def post_accept(request: Request, case_id: UUID, program: Answerer, key: WriteKey) -> Response:
    return await _step(request, case_id, program, key, accept)


@router.post(
    "/cases/{case_id}/decline", name="agency_case.decline", summary="Decline a case", status_code=204
)
async def post_decline(
    request: Request, case_id: UUID, program: Answerer, key: WriteKey, given: Declined
) -> Response:
    """With a reason. Then nothing of it can be read any more."""
    said = {"reason": given.reason, "note": given.note, "next_agency_id": given.next_agency}
    return await _step(request, case_id, program, key, decline, **said)


@router.post("/cases/{case_id}/begin", name="agency_case.begin", summary="Begin the work", status_code=204)
async def post_begin(request: Request, case_id: UUID, program: Answerer, key: WriteKey) -> Response:
    return await _step(request, case_id, program, key, begin_service)


@router.post("/cases/{case_id}/finish", name="agency_case.finish", summary="End the work", status_code=204)
async def post_finish(
    request: Request, case_id: UUID, program: Answerer, key: WriteKey, given: Finished
) -> Response:
    """What happens in court and with money is told further on."""
    return await _step(request, case_id, program, key, finish, **given.model_dump())


@router.post(
    "/cases/{case_id}/identity/ask",
    name="agency_case.ask_identity",
    summary="Ask who the person is",
    status_code=204,
)
async def post_ask_identity(
    request: Request, case_id: UUID, program: Answerer, key: WriteKey, given: Why
) -> Response:
    """Somebody of the hotline decides; the answer stands in the case."""
    return await _step(request, case_id, program, key, ask_identity, reason=given.reason)


async def _step(
    request: Request, case_id: UUID, program: Program, key: str, step: Step, **said: object
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await step(session, runtime.keys, case_id, program.party, now=utc_now(), **said)
        return DONE

    return await once(request, program, key, work)
