"""Letting campaigns run: scheduling what was approved, making a run when its time has come, ending what is over.

Nothing is made up for: what was due while nobody looked, or waits past its time, ends as "expired". Routes write the
audit rows (app.auditing); what `fire_due` does by itself leaves its runs as a trace.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.drafting import CampaignStateError, lock_campaign, move_campaign
from campaigns.models import Campaign, CampaignApproval, CampaignRun
from campaigns.plans.hours import TimesError, is_quiet, last_moment, time_faults
from campaigns.plans.plan import Plan, decode_plan, hash_plan
from campaigns.plans.times import Drip, Once
from campaigns.scheduler.drips import begin_drips, due_steps
from campaigns.scheduler.occurrences import Occurrence, goes_on, is_personal, next_occurrences
from core.accounts.models import Account
from core.clock import utc_now
from core.errors import ConflictError
from core.ids import new_id
from core.logs import get_logger

# A campaign that stood still for longer goes on from here; older times leave no trace.
_MOST_MISSED = 100
_GOING = ("scheduled", "running", "paused")
_OPEN = ("due", "frozen", "sending", "paused")
_log = get_logger()


class AccountClosedError(ConflictError):
    """Who submitted or approved the campaign has no open account any more."""

    code = "campaign_account_closed"


async def schedule(session: AsyncSession, campaign_id: UUID) -> None:
    """Let an approved campaign run at its times; one without a time is due now.

    Raises NotFoundError, CampaignStateError, TimesError, AccountClosedError.
    """
    now = utc_now()
    campaign = await lock_campaign(session, campaign_id)
    move_campaign(campaign, "scheduled")
    plan = decode_plan(campaign.plan)
    if campaign.plan_hash != hash_plan(campaign.title, plan):
        raise CampaignStateError("this is not the plan that was approved: submit it again")
    faults = time_faults(plan, now)
    at_once = isinstance(plan.schedule, Once) and plan.schedule.at is None
    if at_once and is_quiet(now) and not plan.emergency:
        faults = (*faults, "quiet")
    if not at_once and not goes_on(plan.schedule, now):
        faults = (*faults, "past")
    if faults:
        raise TimesError(tuple(dict.fromkeys(faults)))
    if not await answers_for_it(session, campaign):
        raise AccountClosedError("the account of who submitted or approved this is closed: submit it again")
    campaign.scheduled_at = now
    await session.flush()
    if at_once:
        await _make_run(session, campaign, plan, Occurrence(now, 0), now)


async def fire_due(session: AsyncSession, now: datetime) -> list[UUID]:
    """Make the runs whose time has come and return those to be frozen; end runs that are too late and campaigns that are over.

    Several workers may call it at once: campaigns that another one holds are left to it, and a run is made once.
    """
    await _expire(session, now)
    await _void(session, now)
    going = await session.scalars(
        sa.select(Campaign.id).where(Campaign.state.in_(_GOING)).order_by(Campaign.id)
    )
    fired: list[UUID] = []
    for campaign_id in going.all():
        try:
            async with session.begin_nested():
                fired += await _fire(session, campaign_id, now)
        except Exception as error:  # noqa: BLE001 - one that can't be read holds up no other
            _log.error("campaign_not_fired", error=error, campaign_id=str(campaign_id))
    return fired


async def answers_for_it(session: AsyncSession, campaign: Campaign) -> bool:
    """Whether everybody whose word lets this submission run still has an open account."""
    closed = await session.scalar(
        sa.select(sa.func.count())
        .select_from(CampaignApproval)
        .join(Account, Account.id == CampaignApproval.account_id)
        .where(
            CampaignApproval.campaign_id == campaign.id,
            CampaignApproval.revision == campaign.revision,
            CampaignApproval.verdict.in_(("submitted", "approved")),
            Account.disabled_at.is_not(None),
        )
    )
    return not closed


async def _fire(session: AsyncSession, campaign_id: UUID, now: datetime) -> list[UUID]:
    campaign = await session.get(
        Campaign,
        campaign_id,
        with_for_update={"skip_locked": True, "key_share": True},
        populate_existing=True,
    )
    if campaign is None or campaign.state not in _GOING:
        return []
    if not campaign.plan:
        # Sent before plans were kept; its batch ends by itself.
        return []
    plan = decode_plan(campaign.plan)
    if campaign.plan_hash != hash_plan(campaign.title, plan):
        raise CampaignStateError("this is not the plan that was approved")
    due = [] if campaign.state == "paused" else await _due(session, campaign, plan, now)
    in_time = [one for one in due if now < _last_moment(campaign, plan, one)]
    if in_time and not await answers_for_it(session, campaign):
        await _stop(session, campaign, plan, due, now)
        return []
    made = [await _make_run(session, campaign, plan, one, now) for one in due]
    await _end(session, campaign, plan, now)
    return [run_id for run_id in made if run_id is not None]


async def _due(session: AsyncSession, campaign: Campaign, plan: Plan, now: datetime) -> list[Occurrence]:
    """The times that have come since the last that left a run."""
    if isinstance(plan.schedule, Drip) and is_personal(plan.schedule):
        await begin_drips(session, campaign, plan.schedule, now)
        return await due_steps(session, campaign, plan.schedule, now)
    last = await session.scalar(
        sa.select(sa.func.max(CampaignRun.due_at)).where(CampaignRun.campaign_id == campaign.id)
    )
    since = max(filter(None, (campaign.scheduled_at, last)), default=now)
    return [one for one in next_occurrences(plan.schedule, since, _MOST_MISSED) if one.at <= now]


def _last_moment(campaign: Campaign, plan: Plan, one: Occurrence) -> datetime:
    emergency = plan.emergency and campaign.emergency_by is not None and bool(campaign.emergency_reason)
    return last_moment(one.at, plan.late_minutes, emergency=emergency)


async def _make_run(
    session: AsyncSession, campaign: Campaign, plan: Plan, one: Occurrence, now: datetime
) -> UUID | None:
    """Write the run, expired where it is too late; return its id where it is to be frozen and was not there before."""
    in_time = now < _last_moment(campaign, plan, one)
    run_id = await _write_run(
        session, campaign, plan, one, *(("due",) if in_time else ("expired", "late", now))
    )
    if run_id is None or not in_time:
        return None
    if campaign.state == "scheduled":
        move_campaign(campaign, "running")
        await session.flush()
    return run_id


async def _write_run(
    session: AsyncSession,
    campaign: Campaign,
    plan: Plan,
    one: Occurrence,
    state: str,
    reason: str | None = None,
    ended_at: datetime | None = None,
) -> UUID | None:
    written = await session.execute(
        insert(CampaignRun)
        .values(
            id=new_id(),
            campaign_id=campaign.id,
            step=one.step,
            state=state,
            due_at=one.at,
            expires_at=_last_moment(campaign, plan, one),
            plan_hash=campaign.plan_hash,
            reason=reason,
            ended_at=ended_at,
        )
        .on_conflict_do_nothing()
        .returning(CampaignRun.id)
    )
    return written.scalar_one_or_none()


async def _stop(
    session: AsyncSession, campaign: Campaign, plan: Plan, due: list[Occurrence], now: datetime
) -> None:
    """Nobody answers for it any more: what never ran is to be submitted anew, what did stands still."""
    for one in due:
        await _write_run(session, campaign, plan, one, "cancelled", "account", now)
    if campaign.state == "scheduled":
        move_campaign(campaign, "draft")
        campaign.scheduled_at = None
    else:
        move_campaign(campaign, "paused")
    await session.flush()
    _log.warning("campaign_stopped", campaign_id=str(campaign.id), reason="account")


async def _end(session: AsyncSession, campaign: Campaign, plan: Plan, now: datetime) -> None:
    """A campaign is over when no run is under way and nothing comes any more: "done" if anything of it went out."""
    if goes_on(plan.schedule, now):
        return
    states = set(
        await session.scalars(sa.select(CampaignRun.state).where(CampaignRun.campaign_id == campaign.id))
    )
    if not states or states.intersection(_OPEN):
        return
    end = next(state for state in ("done", "expired", "cancelled") if state in states)
    move_campaign(campaign, cast("Any", end))
    await session.flush()


async def _expire(session: AsyncSession, now: datetime) -> None:
    """What was not frozen in time is not sent any more; what was is ended by the sender."""
    late = sa.select(CampaignRun.id).where(
        CampaignRun.state.in_(("due", "paused")),
        CampaignRun.frozen_at.is_(None),
        CampaignRun.expires_at <= now,
    )
    await _close_runs(session, late, "expired", "late", now)


async def _void(session: AsyncSession, now: datetime) -> None:
    """A run that waits is dropped when its plan was changed or its campaign ended."""
    voided = (
        sa.select(CampaignRun.id)
        .join(Campaign, Campaign.id == CampaignRun.campaign_id)
        .where(
            CampaignRun.state == "due",
            sa.or_(
                Campaign.plan_hash.is_distinct_from(CampaignRun.plan_hash),
                Campaign.state.not_in(("running", "scheduled", "paused")),
            ),
        )
    )
    await _close_runs(session, voided, "cancelled", "manager", now)


async def _close_runs(
    session: AsyncSession, wanted: sa.Select[UUID], state: str, reason: str, now: datetime
) -> None:
    """End these runs, leaving those that the sender holds to it."""
    free = wanted.order_by(CampaignRun.id).with_for_update(of=CampaignRun, skip_locked=True)
    await session.execute(
        sa.update(CampaignRun)
        .where(CampaignRun.id.in_(free))
        .values(state=state, reason=reason, ended_at=now)
        .execution_options(synchronize_session=False)
    )
