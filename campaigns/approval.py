"""Maker and checker: a campaign goes out only as somebody else has seen and agreed to it.

A word is for one submission: its revision and its hash. Whoever changes the plan, or submits it again, starts over.
Nobody approves what they made; what goes to many takes two. Routes write the audit rows (app.auditing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.bounds import check_audience
from campaigns.audience.counting import check_size
from campaigns.audience.selecting import members
from campaigns.composer.checking import Fault, faults_of
from campaigns.composer.rendering import media_of
from campaigns.drafting import ChangedMeanwhileError, lock_campaign, move_campaign, view_campaign
from campaigns.links import keep_links
from campaigns.media import read_media
from campaigns.models import Campaign, CampaignApproval
from campaigns.plans.hours import TimesError, time_faults
from campaigns.plans.plan import Plan
from core.accounts.models import Account
from core.clock import utc_now
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.ids import new_id

Verdict = Literal["submitted", "approved", "returned"]
LONGEST_REASON = 500
# "ด่วน" alone tells nobody later why people were woken.
SHORTEST_EMERGENCY = 10


class OwnCampaignError(ForbiddenError):
    """Whoever made or changed a campaign does not approve it."""

    code = "own_campaign"


class ApprovedBeforeError(ConflictError):
    """The same person's second word counts no more than the first."""

    code = "approved_before"


class ReasonError(InvalidInputError):
    """Returning a campaign, and waking people up, take a reason."""

    code = "reason_missing"


class FaultyPlanError(ConflictError):
    """What the plan says can't be sent as it is; `faults` are those that stop it (campaigns.composer.checking)."""

    code = "plan_faulty"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "correct the campaign first: " + ", ".join(f"{one.place} {one.code}" for one in faults)
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of a submission; `counts` while it is the present one and their account is open."""

    account_id: UUID
    verdict: Verdict
    reason: str
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a campaign is agreed to: everything that was said, newest first, and how many approvals it takes."""

    words: tuple[Word, ...]
    needed: int

    @property
    def given(self) -> int:
        return sum(word.counts and word.verdict == "approved" for word in self.words)


async def submit(
    session: AsyncSession, campaign_id: UUID, *, revision: int, by: UUID, reason: str = ""
) -> int:
    """Ask for approval of the plan as of `revision`; return the submission's own revision.

    An emergency takes a `reason`. Raises NotFoundError, CampaignStateError, ChangedMeanwhileError, FaultyPlanError,
    AudienceError, TooFewError, TimesError, ReasonError.
    """
    reason = _tidy(reason)
    campaign = await lock_campaign(session, campaign_id)
    if campaign.revision != revision:
        raise ChangedMeanwhileError("somebody changed this campaign since you opened it: open it again")
    move_campaign(campaign, "submitted")
    view = view_campaign(campaign)
    await _check_plan(session, view.plan)
    _check_times(view.plan)
    if view.plan.emergency and len(reason) < SHORTEST_EMERGENCY:
        raise ReasonError(
            f"say in at least {SHORTEST_EMERGENCY} characters why people must be told of this at any hour"
        )
    campaign.revision += 1
    campaign.plan_hash = view.plan_hash
    campaign.emergency_reason, campaign.emergency_by = (reason if view.plan.emergency else None), None
    _say(session, campaign, by, "submitted", reason)
    await session.flush()
    return campaign.revision


async def approve(
    session: AsyncSession, campaign_id: UUID, *, plan_hash: bytes, by: UUID, two_from: int, reason: str = ""
) -> Standing:
    """Agree to what has this hash. From `two_from` people on (setting campaign_two_approvers_from) it takes two.

    Raises NotFoundError, CampaignStateError, ChangedMeanwhileError when it is another plan by now, TimesError,
    OwnCampaignError, ApprovedBeforeError.
    """
    reason = _tidy(reason)
    campaign = await _lock_submitted(session, campaign_id, plan_hash)
    await _check_other_person(session, campaign, by)
    plan = view_campaign(campaign).plan
    _check_times(plan)
    _say(session, campaign, by, "approved", reason)
    await session.flush()
    standing = await _standing(session, campaign, plan, two_from)
    if standing.given >= standing.needed:
        move_campaign(campaign, "approved")
        await keep_links(session, campaign_id, plan)
        if plan.emergency:
            campaign.emergency_by = by
        await session.flush()
    return standing


async def send_back(
    session: AsyncSession, campaign_id: UUID, *, plan_hash: bytes, by: UUID, reason: str
) -> None:
    """Return what has this hash to its makers, who may be oneself; it must be submitted and approved anew.

    Raises NotFoundError, CampaignStateError, ChangedMeanwhileError, ReasonError.
    """
    reason = _tidy(reason)
    if not reason:
        raise ReasonError("say what is to be changed")
    campaign = await lock_campaign(session, campaign_id)
    move_campaign(campaign, "draft")
    if campaign.plan_hash != plan_hash:
        raise ChangedMeanwhileError("this campaign was changed meanwhile: open it again")
    _say(session, campaign, by, "returned", reason)
    campaign.plan_hash = campaign.emergency_reason = campaign.emergency_by = campaign.scheduled_at = None
    await session.flush()


async def read_standing(session: AsyncSession, campaign_id: UUID, *, two_from: int) -> Standing:
    """How far a campaign is agreed to; raises NotFoundError."""
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundError("no such campaign")
    return await _standing(session, campaign, view_campaign(campaign).plan, two_from)


async def count_reached(session: AsyncSession, plan: Plan) -> int:
    """How many people a plan is for now, to the one: never shown, only weighed. Who is held plays no part."""
    chosen = members(plan.audience, plan.subject, utc_now()).order_by(None).subquery()
    return await session.scalar(sa.select(sa.func.count()).select_from(chosen)) or 0


async def _check_plan(session: AsyncSession, plan: Plan) -> None:
    media = await read_media(session, media_of(plan), "")
    faults = tuple(fault for fault in faults_of(plan, media=media) if fault.stops)
    if faults:
        raise FaultyPlanError(faults)
    await _check_audience(session, plan)


async def _check_audience(session: AsyncSession, plan: Plan) -> None:
    """Whoever chooses few people knows them; who chooses nobody in particular may have few."""
    if plan.audience.include or plan.audience.exclude:
        await check_size(session, plan.audience, plan.subject)
    else:
        check_audience(plan.audience)


def _check_times(plan: Plan) -> None:
    faults = time_faults(plan, utc_now())
    if faults:
        raise TimesError(faults)


async def _lock_submitted(session: AsyncSession, campaign_id: UUID, plan_hash: bytes) -> Campaign:
    """The row, once it is what the checker saw; raises CampaignStateError, ChangedMeanwhileError."""
    campaign = await lock_campaign(session, campaign_id)
    if campaign.state != "submitted":
        # Says which state it is in, and that another is wanted.
        move_campaign(campaign, "approved")
    if not plan_hash == campaign.plan_hash == view_campaign(campaign).plan_hash:
        raise ChangedMeanwhileError("this is not what was submitted: open it again and read it once more")
    return campaign


async def _check_other_person(session: AsyncSession, campaign: Campaign, by: UUID) -> None:
    words = await _words(session, campaign)
    makers = {campaign.created_by, campaign.changed_by}
    makers |= {word.account_id for word in words if word.verdict == "submitted"}
    if by in makers:
        raise OwnCampaignError("you made or submitted this campaign: somebody else approves it")
    if any(
        word.account_id == by and word.verdict == "approved" and word.revision == campaign.revision
        for word in words
    ):
        raise ApprovedBeforeError("you approved this already: it takes another person")


def _say(session: AsyncSession, campaign: Campaign, by: UUID, verdict: Verdict, reason: str) -> None:
    session.add(
        CampaignApproval(
            id=new_id(),
            campaign_id=campaign.id,
            account_id=by,
            plan_hash=campaign.plan_hash,
            revision=campaign.revision,
            verdict=verdict,
            reason=reason,
            at=utc_now(),
        )
    )


async def _words(session: AsyncSession, campaign: Campaign) -> Sequence[CampaignApproval]:
    wanted = sa.select(CampaignApproval).where(CampaignApproval.campaign_id == campaign.id)
    return (await session.scalars(wanted.order_by(CampaignApproval.id.desc()))).all()


async def _standing(session: AsyncSession, campaign: Campaign, plan: Plan, two_from: int) -> Standing:
    words = await _words(session, campaign)
    closed = set(
        await session.scalars(
            sa.select(Account.id).where(
                Account.id.in_([word.account_id for word in words]), Account.disabled_at.is_not(None)
            )
        )
    )
    told = tuple(
        Word(
            account_id=word.account_id,
            verdict=cast("Verdict", word.verdict),
            reason=word.reason,
            at=word.at,
            counts=word.revision == campaign.revision
            and word.plan_hash == campaign.plan_hash
            and word.account_id not in closed,
        )
        for word in words
    )
    needed = 2 if await count_reached(session, plan) >= two_from else 1
    return Standing(told, needed)


def _tidy(reason: str) -> str:
    """Raises ReasonError for one too long."""
    reason = " ".join(reason.replace("\0", "").split())
    if len(reason) > LONGEST_REASON:
        raise ReasonError(f"a reason has at most {LONGEST_REASON} characters")
    return reason
