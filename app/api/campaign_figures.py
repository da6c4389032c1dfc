"""How far campaigns are and what came of them: the figures of the console, floored in the same way, of nobody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.access import Program, require_token
from app.auditing import audited
from app.faces.routers import make_router
from app.runtime import Runtime
from campaigns.drafting import read_campaign
from campaigns.figures import SMALLEST_COUNT
from campaigns.models import CampaignState, RunState
from campaigns.reports.outcomes import read_outcomes
from campaigns.sender.progress import list_runs
from core.clock import utc_now
from core.errors import NotFoundError

router = make_router("campaigns")
Reader = Annotated[Program, Depends(require_token("campaigns.read"))]
_MOST_RUNS = 100


class Figures(BaseModel):
    """Counts of people in tens; null is fewer than twenty, or not known."""

    model_config = ConfigDict(from_attributes=True)


class RunProgress(Figures):
    """One sending of one step. `sent` is taken by the platform; whether it was seen, none tells."""

    run_id: UUID
    step: int
    state: RunState
    reason: str | None
    due_at: datetime
    expires_at: datetime
    frozen_at: datetime | None
    ended_at: datetime | None
    intended: int | None
    sent: int | None
    failed: Mapping[str, int | None]
    not_ready: int | None = Field(description="Every reason not to reach somebody, in one figure.")
    left_out: int | None
    unknown: int | None
    waiting: int | None
    percent: int | None
    rate: int | None = Field(description="People a minute, of the last minute.")
    over_at: datetime | None


class Progress(BaseModel):
    """The newest runs first."""

    state: CampaignState
    smallest_count: int
    runs: list[RunProgress]


class Delivered(Figures):
    members: int | None
    holdout: int | None
    sent: int | None
    failed: Mapping[str, int | None]
    unknown: int | None
    waiting: int | None
    left_out: int | None


class Group(Figures):
    people: int | None
    answered: int | None
    checked: int | None
    danger: int | None
    stopped: int | None


class Difference(Figures):
    """Members less holdout in per cent points, between these with 95 % confidence."""

    low: float
    high: float
    is_sure: bool


class Gain(Figures):
    """Shares of right answers before and after, in per cent."""

    measures: str
    people: int | None
    before: int | None
    after: int | None
    gain: int | None


class Answers(Figures):
    question: str
    people: int | None
    choices: Mapping[str, int | None]


class Reported(Figures):
    """Reports opened afterwards; `withheld` says why none is told."""

    withheld: str
    members: int | None
    holdout: int | None


class Link(Figures):
    address: str
    variant: str
    opened: int | None


class Unit(Figures):
    """What LINE tells of one wording."""

    variant: str
    language: str
    read_at: datetime | None
    impressions: int | None
    clicks: int | None


class Outcomes(Figures):
    delivered: Delivered
    members: Group
    holdout: Group
    differences: Mapping[str, Difference]
    counts_until: datetime | None
    gains: list[Gain]
    answers: list[Answers]
    reported: Reported
    links: list[Link]
    units: list[Unit]


class Which(BaseModel):
    model_config = ConfigDict(extra="forbid")

    run_id: Annotated[UUID | None, Query(description="Of one run; without it of all.")] = None


@router.get("/campaigns/{campaign_id}/progress", name="campaign.progress", summary="See how far it is")
async def get_progress(request: Request, campaign_id: UUID, program: Reader) -> Progress:
    async with audited(request, program) as session:
        campaign = await read_campaign(session, campaign_id)
        runs = await list_runs(session, campaign_id, _MOST_RUNS)
    return Progress(
        state=campaign.state,
        smallest_count=SMALLEST_COUNT,
        runs=[RunProgress.model_validate(run) for run in runs],
    )


@router.get("/campaigns/{campaign_id}/outcomes", name="campaign.outcomes", summary="See what came of it")
async def get_outcomes(
    request: Request, campaign_id: UUID, program: Reader, which: Annotated[Which, Query()]
) -> Outcomes:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program) as session:
        runs = (
            {run.run_id for run in await list_runs(session, campaign_id, _MOST_RUNS)}
            if which.run_id
            else set()
        )
        if which.run_id and which.run_id not in runs:
            raise NotFoundError("no such run of this campaign")
        found = await read_outcomes(session, runtime.keys.keyset, campaign_id, utc_now(), which.run_id)
    return Outcomes.model_validate(found)
