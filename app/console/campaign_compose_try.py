"""Sending a message to oneself and to colleagues to try it, and proving the chats that such messages go to."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.campaign_compose import Place, StepAt, Variant, place_of
from app.console.campaign_frame import read_frame
from app.console.pages import draw
from app.runtime import Runtime
from campaigns.drafting import read_campaign
from campaigns.sender.trying import ask_tests, list_receivers, list_tests
from core.errors import AppError
from core.languages import WHOLE
from referrals.teams.addresses import (
    CHATS,
    VALID,
    Kind,
    begin_chat_proof,
    drop_address,
    list_addresses,
)

router = APIRouter()
Writer = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write"))]
PassiveWriter = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write", passive=True))]
ADDRESS = "/console/campaigns/{campaign_id}/write/test"
_MINUTES = int(VALID.total_seconds() // 60)


@router.get(ADDRESS, name="campaign.try_page")
async def show_tests(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    step: StepAt = 0,
    variant: Variant = "",
    asked: Annotated[int, Query(ge=0, le=999)] = 0,
) -> Response:
    return await _draw(request, caller, campaign_id, (step, variant), asked=asked)


async def _draw(
    request: Request,
    caller: Caller,
    campaign_id: UUID,
    at: tuple[int, str],
    *,
    problem: AppError | None = None,
    code: tuple[Kind, str] | None = None,
    asked: int = 0,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.try_page") as session:
        place: Place = place_of(await read_campaign(session, campaign_id), *at)
        frame = await read_frame(session, runtime, campaign_id)
        own = await list_addresses(session, runtime.keys, caller.account_id)
        receivers = await list_receivers(session)
        tests = await list_tests(session, campaign_id)
    settings = runtime.settings
    on = {"line": settings.line_on, "telegram": settings.telegram_on}
    return draw(
        request, "campaign_try.html", caller, status=problem.status if problem else 200, problem=problem, frame=frame,
        place=place, own={one.kind: one for one in own}, chats=CHATS, on=on, receivers=receivers, tests=tests,
        languages=WHOLE, code=code, minutes=_MINUTES, asked=asked,
    )  # fmt: skip


@router.post(ADDRESS, name="campaign.try")
async def post_test(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    step: StepAt = 0,
    variant: Variant = "",
    to: Annotated[Sequence[UUID] | None, Form()] = None,
    language: Annotated[str, Form(max_length=3)] = "th",
) -> Response:
    """Send the message as it is saved to whoever is ticked."""
    try:
        async with audited(request, caller) as session:
            place = place_of(await read_campaign(session, campaign_id), step, variant)
            count = await ask_tests(
                session, campaign_id, receivers=frozenset(to or ()), step=place.step, variant=place.variant,
                language=language if language in WHOLE else WHOLE[0], by=caller.account_id,
            )  # fmt: skip
    except AppError as error:
        return await _draw(request, caller, campaign_id, (step, variant), problem=error)
    return RedirectResponse(f"{place.address}/test{place.query}&asked={count}", 303)


@router.get(f"{ADDRESS}/news", name="campaign.try_refresh")
async def refresh_tests(request: Request, campaign_id: UUID, caller: PassiveWriter) -> Response:
    """How the tests stand; asks again by itself while one is on its way."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        tests = await list_tests(session, campaign_id)
    address = f"/console/campaigns/{campaign_id}/write/test"
    return draw(request, "_campaign_tests.html", caller, tests=tests, news=f"{address}/news")


@router.post(f"{ADDRESS}/{{kind}}/prove", name="campaign.try_prove")
async def post_prove(
    request: Request,
    campaign_id: UUID,
    kind: Literal["telegram", "line"],
    caller: Writer,
    step: StepAt = 0,
    variant: Variant = "",
) -> Response:
    """Show a code, once, that is to be sent to our bot from one's own chat."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        code = await begin_chat_proof(session, runtime.keys, caller.account_id, kind)
    return await _draw(request, caller, campaign_id, (step, variant), code=(kind, code))


@router.post(f"{ADDRESS}/{{kind}}/drop", name="campaign.try_drop")
async def post_drop(
    request: Request, campaign_id: UUID, kind: Literal["telegram", "line"], caller: Writer
) -> Response:
    async with audited(request, caller) as session:
        await drop_address(session, caller.account_id, kind)
    return RedirectResponse(f"/console/campaigns/{campaign_id}/write/test", 303)
