"""What stands above every page of a campaign: its name, how it stands, and its way in steps with what blocks the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.runtime import Runtime
from campaigns.approval import Standing, read_standing
from campaigns.audience.bounds import AudienceError
from campaigns.audience.counting import TooFewError, check_size
from campaigns.composer.checking import Fault, faults_of
from campaigns.composer.rendering import media_of
from campaigns.drafting import EDITABLE, CampaignView, read_campaign
from campaigns.media import read_media
from campaigns.plans.hours import is_quiet, time_faults
from campaigns.plans.times import Once
from campaigns.scheduler.occurrences import Occurrence, next_occurrences
from campaigns.sender.progress import Progress, list_runs
from core.accounts.models import Account
from core.clock import utc_now

STEPS = ("draft", "test", "approval", "schedule", "running", "report")
Done = Literal["done", "now", "ahead"]
# Where each state stands on the way; what ended stands at its report.
_AT: Mapping[str, int] = {
    "draft": 0, "submitted": 2, "approved": 3, "scheduled": 4, "running": 4, "paused": 4, "done": 5, "cancelled": 5,
    "expired": 5,
}  # fmt: skip
# Pages below a campaign's address, by step.
_PAGES = {"draft": "/write", "test": "/write/test", "approval": "/approval", "schedule": "/times", "running": "/run",
          "report": "/report"}  # fmt: skip
_COMING = 3


@dataclass(frozen=True, slots=True)
class Block:
    """Why it does not go on, as a code of `campaign_block.` in the texts, and the page where that is changed."""

    code: str
    page: str
    n: int = 0


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the way. Only the step that it stands at is blocked."""

    key: str
    done: Done
    address: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A campaign with all that its pages say above and beside their own."""

    view: CampaignView
    steps: tuple[StepLine, ...]
    faults: tuple[Fault, ...]
    standing: Standing | None
    run: Progress | None
    coming: tuple[Occurrence, ...]
    people: Mapping[UUID, str]

    @property
    def address(self) -> str:
        return f"/console/campaigns/{self.view.id}"

    @property
    def is_editable(self) -> bool:
        return self.view.state in EDITABLE

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for step in self.steps for block in step.blocks)


async def read_frame(session: AsyncSession, runtime: Runtime, campaign_id: UUID) -> Frame:
    """Raises NotFoundError."""
    now = utc_now()
    view = await read_campaign(session, campaign_id)
    media = await read_media(session, media_of(view.plan), runtime.settings.base_url)
    faults = tuple(faults_of(view.plan, media=media))
    standing = None
    if view.state in ("submitted", "approved"):
        standing = await read_standing(
            session, campaign_id, two_from=runtime.settings.campaign_two_approvers_from
        )
    run = next(iter(await list_runs(session, campaign_id, 1)), None)
    blocks = await _blocks(session, view, faults, standing, run, now)
    words = standing.words if standing else ()
    people = await names_of(session, [view.created_by, view.changed_by, *(word.account_id for word in words)])
    coming = tuple(next_occurrences(view.plan.schedule, now, _COMING)) if view.state in _AT else ()
    return Frame(view, steps_of(view, blocks), faults, standing, run, coming, people)


def steps_of(view: CampaignView, blocks: tuple[Block, ...] = ()) -> tuple[StepLine, ...]:
    """The way of a campaign; pure."""
    at = _AT[view.state]
    address = f"/console/campaigns/{view.id}"
    return tuple(
        StepLine(
            key, "done" if n < at else "now" if n == at else "ahead", address + _PAGES[key], blocks if n == at else ()
        )
        for n, key in enumerate(STEPS)
    )  # fmt: skip


async def names_of(session: AsyncSession, accounts: Sequence[UUID | None]) -> Mapping[UUID, str]:
    """The names of staff by account."""
    rows = await session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_({one for one in accounts if one}))
    )
    return {row.id: row.name for row in rows}


async def _blocks(
    session: AsyncSession,
    view: CampaignView,
    faults: Sequence[Fault],
    standing: Standing | None,
    run: Progress | None,
    now: datetime,
) -> tuple[Block, ...]:
    match view.state:
        case "draft":
            return (*_of_words(view, faults), *await _of_audience(session, view), *_of_times(view, now))
        case "submitted" if standing is not None:
            waits = Block("waits_approval", "/approval", standing.needed - standing.given)
            return (waits, *_of_times(view, now))
        case "approved":
            return _of_times(view, now, at_once=True) or (Block("waits_schedule", "/times"),)
        case "scheduled":
            return (Block("waits_time", "/times"),)
        case "paused":
            return (Block(f"paused_{run.reason if run and run.reason else 'manager'}", "/run"),)
    return ()


def _of_words(view: CampaignView, faults: Sequence[Fault]) -> tuple[Block, ...]:
    if not any(wording.blocks for step in view.plan.steps for wording in step.wordings):
        return (Block("says_nothing", "/write"),)
    stopping = sum(fault.stops for fault in faults)
    return (Block("faults", "/write", stopping),) if stopping else ()


async def _of_audience(session: AsyncSession, view: CampaignView) -> tuple[Block, ...]:
    """Everybody who agreed is never too few: nobody chose them."""
    audience = view.plan.audience
    if not audience.include and not audience.exclude:
        return ()
    try:
        await check_size(session, audience, view.subject)
    except TooFewError:
        return (Block("audience_few", "/audience"),)
    except AudienceError:
        return (Block("audience_wrong", "/audience"),)
    return ()


def _of_times(view: CampaignView, now: datetime, *, at_once: bool = False) -> tuple[Block, ...]:
    faults = list(time_faults(view.plan, now))
    soon = isinstance(view.plan.schedule, Once) and view.plan.schedule.at is None
    if at_once and soon and is_quiet(now) and not view.plan.emergency:
        faults.append("quiet")
    return tuple(Block(f"times_{fault}", "/times") for fault in faults)
