"""All campaigns, by how they stand; and bringing one in from a file."""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.campaign_frame import names_of
from app.console.pages import draw
from campaigns.drafting import list_campaigns
from campaigns.models import Campaign, CampaignState
from campaigns.porting import MOST_FILE_BYTES, import_campaign
from campaigns.scheduler.occurrences import next_times
from core.clock import utc_now
from core.errors import AppError

router = APIRouter()
ADDRESS = "/console/campaigns"
Reader = Annotated[Caller, Depends(require("campaigns.read"))]
Writer = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write"))]
Which = Literal["all", "draft", "submitted", "ready", "going", "done", "ended"]
# What stands together in the list; "all" is every state.
GROUPS: Mapping[str, tuple[CampaignState, ...]] = {
    "draft": ("draft",),
    "submitted": ("submitted",),
    "ready": ("approved", "scheduled"),
    "going": ("running", "paused"),
    "done": ("done",),
    "ended": ("cancelled", "expired"),
}
_AT_ONCE = 30


@router.get(ADDRESS, name="campaign.list")
async def show_campaigns(
    request: Request,
    caller: Reader,
    which: Annotated[Which, Query()] = "all",
    after: Annotated[UUID | None, Query()] = None,
) -> Response:
    return await _draw(request, caller, which, after)


async def _draw(
    request: Request, caller: Caller, which: Which, after: UUID | None, problem: AppError | None = None
) -> Response:
    async with audited(request, caller, "campaign.list") as session:
        counts = await _counts(session)
        found = list(await list_campaigns(session, GROUPS.get(which, ()), _AT_ONCE + 1, after))
        names = await names_of(session, [view.changed_by or view.created_by for view in found])
    now = utc_now()
    page = found[:_AT_ONCE]
    coming = {
        view.id: times[0]
        for view in page
        if view.state in ("submitted", "approved", "scheduled", "running")
        and (times := next_times(view.plan.schedule, now, 1))
    }
    return draw(
        request, "campaign_list.html", caller, status=problem.status if problem else 200, problem=problem,
        campaigns=page, which=which, groups=get_args(Which), counts=counts, names=names, coming=coming,
        older=page[-1].id if len(found) > len(page) else None,
    )  # fmt: skip


async def _counts(session: AsyncSession) -> dict[str, int]:
    """How many campaigns stand in each group."""
    rows = await session.execute(
        sa.select(Campaign.state, sa.func.count().label("n")).group_by(Campaign.state)
    )
    by_state = {row.state: row.n for row in rows}
    counts = {group: sum(by_state.get(state, 0) for state in states) for group, states in GROUPS.items()}
    return counts | {"all": sum(by_state.values())}


@router.post(f"{ADDRESS}/files", name="campaign.bring_in")
async def post_file(request: Request, caller: Writer, file: UploadFile) -> Response:
    """Write a draft of what a file holds."""
    data = await file.read(MOST_FILE_BYTES + 1)
    try:
        async with audited(request, caller) as session:
            campaign_id = await import_campaign(session, data, author_id=caller.account_id)
    except AppError as error:
        return await _draw(request, caller, "all", None, error)
    return RedirectResponse(f"{ADDRESS}/{campaign_id}", 303)
