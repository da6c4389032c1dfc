"""Where a campaign begins: from nothing, from a pack that is ready, or as a copy of an earlier one."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.texts import say, spoken
from campaigns.drafting import (
    LONGEST_TITLE,
    CampaignView,
    copy_campaign,
    create_campaign,
    list_campaigns,
    read_campaign,
)
from campaigns.plans.blocks import Wording
from campaigns.plans.plan import Plan, Step
from campaigns.ready.planning import make_ready, next_day, programmes
from campaigns.ready.programme import Occasion, Yearly
from core.clock import bangkok, utc_now
from core.contacts.subjects import SUBJECTS, Subject
from core.errors import AppError
from core.languages import in_language

router = APIRouter()
Writer = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write"))]
ADDRESS = "/console/campaigns/new"
_SHOWN = 30


class Offered(NamedTuple):
    """An occasion of a pack, as the page shows it; `day` is None for a course of each person's own."""

    id: str
    title: str
    why: str
    steps: int
    day: date | None
    source: str
    signed: bool


class Pack(NamedTuple):
    id: str
    title: str
    occasions: tuple[Offered, ...]


def blank_plan() -> Plan:
    """One message without blocks."""
    return Plan(steps=(Step((Wording(blocks=(), notice={"th": ""}),)),))


def offered(today: date) -> tuple[Pack, ...]:
    """All packs with the next day of each occasion after today (Bangkok)."""
    language = spoken.get()
    return tuple(
        Pack(
            programme.id,
            in_language(programme.title, language),
            tuple(_offered(one, today, language) for one in programme.occasions),
        )
        for programme in programmes().values()
    )


def _offered(one: Occasion, today: date, language: str) -> Offered:
    day = next_day(one.when, today) if isinstance(one.when, Yearly) else None
    return Offered(
        one.id, in_language(one.title, language), in_language(one.why, language), len(one.steps), day,
        in_language(one.source, language), bool(one.reviewed_by),
    )  # fmt: skip


@router.get(ADDRESS, name="campaign.begin_page")
async def show_beginnings(request: Request, caller: Writer) -> Response:
    return await _draw(request, caller)


async def _draw(
    request: Request, caller: Caller, *, title: str = "", subject: str = "", problem: AppError | None = None
) -> Response:
    async with audited(request, caller, "campaign.begin_page") as session:
        earlier: Sequence[CampaignView] = await list_campaigns(session, limit=_SHOWN)
    return draw(
        request, "campaign_begin.html", caller, status=problem.status if problem else 200, problem=problem,
        packs=offered(bangkok(utc_now()).date()), earlier=earlier, subjects=SUBJECTS, longest_title=LONGEST_TITLE,
        title=title, subject=subject,
    )  # fmt: skip


@router.post(ADDRESS, name="campaign.begin")
async def begin(
    request: Request,
    caller: Writer,
    title: Annotated[str, Form(max_length=400)] = "",
    subject: Annotated[str, Form(max_length=40)] = "",
    ready: Annotated[str, Form(max_length=120)] = "",
    copied: Annotated[UUID | None, Form()] = None,
) -> Response:
    """`ready` is pack/occasion; `copied` an earlier campaign; without either it begins with nothing."""
    try:
        async with audited(request, caller) as session:
            if ready:
                campaign_id = await _from_pack(session, caller, ready)
            elif copied is not None:
                campaign_id = await _from_earlier(session, caller, copied)
            else:
                campaign_id = await _from_nothing(session, caller, title, subject)
    except AppError as error:
        return await _draw(request, caller, title=title, subject=subject, problem=error)
    return RedirectResponse(f"/console/campaigns/{campaign_id}/write", 303)


async def _from_pack(session: AsyncSession, caller: Caller, ready: str) -> UUID:
    pack, _, occasion = ready.partition("/")
    one = make_ready(pack, occasion, bangkok(utc_now()).date())
    return await create_campaign(
        session, title=one.title, plan=one.plan, author_id=caller.account_id, origin=one.origin
    )


async def _from_earlier(session: AsyncSession, caller: Caller, earlier_id: UUID) -> UUID:
    earlier = await read_campaign(session, earlier_id)
    title = say("campaign_begin.copy_of", title=earlier.title)[:LONGEST_TITLE]
    return await copy_campaign(session, earlier_id, title=title, author_id=caller.account_id)


async def _from_nothing(session: AsyncSession, caller: Caller, title: str, subject: str) -> UUID:
    about: Subject | None = next((one for one in SUBJECTS if one == subject), None)
    plan = msgspec.structs.replace(blank_plan(), subject=about)
    return await create_campaign(session, title=title, plan=plan, author_id=caller.account_id)
