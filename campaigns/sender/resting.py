"""Those who wait for the better wording of a trial: frozen with the run, sent once somebody, or the test, has chosen."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.selecting import members
from campaigns.models import Campaign, CampaignMember, CampaignPart, CampaignRun
from campaigns.plans.audience import Audience, ChannelRule
from campaigns.plans.hours import is_quiet, last_moment
from campaigns.plans.plan import Plan, decode_plan
from campaigns.sender.freezing import REST, let_go, number, stage
from campaigns.sender.wordings import languages_of, open_parts, spoken_in
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from core.errors import ConflictError
from core.messages.filling import fill_batches

# So long after the trial's own time a choice is waited for; then who waits gets nothing.
_GRACE = timedelta(hours=24)


class RestError(ConflictError):
    """Nobody waits, or the run is not under way."""

    code = "campaign_rest"


async def freeze_rest(
    session: AsyncSession, keys: DataKeys, run_id: UUID, variant: str, *, base_url: str
) -> int | None:
    """Send one wording to those who waited; return to how many, None at night, when it has to be asked again.

    A second choice changes nothing and returns 0. Raises RestError.
    """
    now = utc_now()
    run = await session.get(CampaignRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.state != "sending" or run.frozen_at is None:
        raise RestError("the run is not under way")
    campaign = await session.get_one(Campaign, run.campaign_id)
    plan = decode_plan(campaign.plan)
    if variant not in {wording.variant for wording in plan.steps[run.step].wordings}:
        raise RestError("no such wording")
    if await _was_chosen(session, run_id):
        return 0
    if is_quiet(now) and not plan.emergency:
        return None
    return await _write(session, keys, run, campaign, plan, variant, base_url, now)


async def _write(
    session: AsyncSession,
    keys: DataKeys,
    run: CampaignRun,
    campaign: Campaign,
    plan: Plan,
    variant: str,
    base_url: str,
    now: datetime,
) -> int:
    # Its own time counts from the choice.
    run.expires_at = last_moment(now, plan.late_minutes, emergency=plan.emergency)
    parts = await open_parts(session, keys, run, campaign, plan, base_url=base_url, now=now, only=variant)
    connection = await driver_connection(session)
    table = f"rest_{run.id.hex}"
    channels = tuple(rule for rule in plan.audience.include if isinstance(rule, ChannelRule))
    reached = members(Audience(include=channels), campaign.subject or None, now).subquery("reached")
    spoken = languages_of(plan.steps[run.step].wordings)
    chosen = sa.select(
        reached.c.contact_id,
        reached.c.identity_id,
        reached.c.channel,
        sa.literal(variant).label("variant"),
        sa.true().label("ready"),
        spoken_in(reached.c.language, spoken).label("language"),
    ).join(
        CampaignMember,
        sa.and_(
            CampaignMember.contact_id == reached.c.contact_id,
            CampaignMember.run_id == run.id,
            CampaignMember.variant == REST,
        ),
    )
    count = await stage(connection, table, number(chosen, parts))
    await fill_batches(connection, table, count)
    waited = await session.scalar(sa.select(sa.func.count()).where(*_waiting(run.id)))
    # Who stopped meanwhile has no message that could be skipped.
    run.intended -= (waited or 0) - count
    await let_go(session, [part.batch_id for part in parts])
    await session.flush()
    return count


async def rest_waits(session: AsyncSession, run: CampaignRun, now: datetime) -> bool:
    """Whether somebody of a run still waits for the better wording."""
    campaign = await session.get_one(Campaign, run.campaign_id)
    trial = decode_plan(campaign.plan).trial
    if trial is None or trial.share >= 100 or run.frozen_at is None:
        return False
    if now > run.frozen_at + timedelta(hours=trial.hours) + _GRACE or await _was_chosen(session, run.id):
        return False
    return bool(await session.scalar(sa.select(sa.exists().where(*_waiting(run.id)))))


def _waiting(run_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return CampaignMember.run_id == run_id, CampaignMember.variant == REST


async def _was_chosen(session: AsyncSession, run_id: UUID) -> bool:
    chosen = sa.exists().where(CampaignPart.run_id == run_id, CampaignPart.of_rest)
    return bool(await session.scalar(sa.select(chosen)))
