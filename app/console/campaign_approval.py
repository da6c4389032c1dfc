"""Maker and checker: asking for approval, and reading exactly what will go out before saying yes or no."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.campaign_frame import Frame, read_frame
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.campaign_phones import Phone, phones_of
from app.console.campaign_words import say_rule, say_times
from app.console.count_pace import keep_pace
from app.console.pages import draw
from app.runtime import Runtime
from campaigns.approval import LONGEST_REASON, SHORTEST_EMERGENCY, approve, send_back, submit
from campaigns.audience.counting import Counted, count_audience
from campaigns.composer.rendering import media_of
from campaigns.drafting import CampaignStateError, CampaignView
from campaigns.media import MediaFacts, read_media
from core.errors import AppError, InvalidInputError
from core.languages import Language

router = APIRouter()
_PAGE = f"{ADDRESS}/{{campaign_id}}/approval"
Approver = Annotated[Caller, Depends(require("campaigns.read", "campaigns.approve"))]
Reason = Annotated[str, Form(max_length=2 * LONGEST_REASON)]


class Shown(NamedTuple):
    """One wording in one language on both phones; `step` counts from one."""

    step: int
    variant: str
    language: Language
    phones: tuple[Phone, ...]


@router.get(_PAGE, name="campaign.see_approval")
async def show_approval(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw(request, campaign_id, caller)


async def _draw(
    request: Request, campaign_id: UUID, caller: Caller, problem: AppError | None = None, typed: str = ""
) -> Response:
    """Count only where somebody weighs it: what was submitted, or is about to be."""
    runtime: Runtime = request.app.state.runtime
    counted: Counted | None = None
    async with audited(request, caller, "campaign.see_approval") as session:
        await keep_pace(session, caller.account_id)
        frame = await read_frame(session, runtime, campaign_id)
        media = await read_media(session, media_of(frame.view.plan), "")
        if frame.view.state in ("draft", "submitted", "approved"):
            counted = await _count(session, frame)
    return draw(
        request, "campaign_approval.html", caller, status=problem.status if problem else 200, problem=problem,
        frame=frame, shown=_shown(frame.view, media), counted=counted, say_rule=say_rule, say_times=say_times,
        typed=typed, longest=LONGEST_REASON, shortest=SHORTEST_EMERGENCY, is_maker=_is_maker(frame, caller),
    )  # fmt: skip


async def _count(session: AsyncSession, frame: Frame) -> Counted | None:
    try:
        return await count_audience(session, frame.view.plan.audience, frame.view.subject)
    except InvalidInputError:
        return None


def _shown(view: CampaignView, media: Mapping[str, MediaFacts]) -> list[Shown]:
    return [
        Shown(
            number, wording.variant, language, phones_of(wording, language, campaign_id=view.id, media=media)
        )
        for number, step in enumerate(view.plan.steps, 1)
        for wording in step.wordings
        for language in dict.fromkeys(("th", *wording.notice))
    ]


def _is_maker(frame: Frame, caller: Caller) -> bool:
    words = frame.standing.words if frame.standing else ()
    makers = {frame.view.created_by, frame.view.changed_by}
    return caller.account_id in makers | {w.account_id for w in words if w.verdict == "submitted"}


@router.post(f"{ADDRESS}/{{campaign_id}}/submit", name="campaign.submit")
async def post_submission(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    revision: Annotated[int, Form(ge=1, le=2**31 - 1)],
    reason: Reason = "",
) -> Response:
    async def act(session: AsyncSession) -> None:
        await submit(session, campaign_id, revision=revision, by=caller.account_id, reason=reason)

    return await _act(request, campaign_id, caller, act, reason)


@router.post(f"{ADDRESS}/{{campaign_id}}/approve", name="campaign.approve")
async def post_approval(
    request: Request,
    campaign_id: UUID,
    caller: Approver,
    plan_hash: Annotated[str, Form(max_length=64)],
    reason: Reason = "",
) -> Response:
    """Agree to what the page showed, and to nothing else."""
    runtime: Runtime = request.app.state.runtime

    async def act(session: AsyncSession) -> None:
        await approve(
            session, campaign_id, plan_hash=_hash(plan_hash), by=caller.account_id, reason=reason,
            two_from=runtime.settings.campaign_two_approvers_from,
        )  # fmt: skip

    return await _act(request, campaign_id, caller, act, reason)


@router.post(f"{ADDRESS}/{{campaign_id}}/send-back", name="campaign.send_back")
async def post_return(
    request: Request,
    campaign_id: UUID,
    caller: Approver,
    plan_hash: Annotated[str, Form(max_length=64)],
    reason: Reason = "",
) -> Response:
    async def act(session: AsyncSession) -> None:
        await send_back(session, campaign_id, plan_hash=_hash(plan_hash), by=caller.account_id, reason=reason)

    return await _act(request, campaign_id, caller, act, reason)


async def _act(
    request: Request,
    campaign_id: UUID,
    caller: Caller,
    act: Callable[[AsyncSession], Awaitable[None]],
    typed: str,
) -> Response:
    try:
        async with audited(request, caller) as session:
            await act(session)
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error, typed)
    return RedirectResponse(_PAGE.format(campaign_id=campaign_id), 303)


def _hash(typed: str) -> bytes:
    try:
        return bytes.fromhex(typed)
    except ValueError:
        raise CampaignStateError("open the page again: the form is not whole") from None
