"""Steps that are counted from what each person did: who begins, and whose turn it is on a day.

A day that was missed is not made up for: the next step comes on its own day.
"""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import Campaign, CampaignAnswer, CampaignMember, CampaignRun, DripStart
from campaigns.plans.hours import begins_on, instant
from campaigns.plans.times import Drip
from campaigns.scheduler.occurrences import Occurrence
from core.clock import bangkok
from core.consent import ConsentEvent
from core.ids import first_id_of

# What happened before is taken to be known: while the service was away nobody agreed to anything.
_LOOKS_BACK = timedelta(days=2)
# Rows are written a little after the moment that stands in them.
_WRITTEN_LATE = timedelta(minutes=5)


async def begin_drips(session: AsyncSession, campaign: Campaign, drip: Drip, now: datetime) -> None:
    """Note who agreed, or answered, since the campaign was scheduled; whoever uses an entry is noted in that very turn.

    Each person begins a campaign once, however often they do it.
    """
    since = max(campaign.scheduled_at or now, now - _LOOKS_BACK)
    happened = _happenings(drip, since)
    if happened is None:
        return
    begun = sa.exists().where(
        DripStart.campaign_id == campaign.id, DripStart.contact_id == happened.c.contact_id
    )
    rows = (await session.execute(sa.select(happened).where(sa.not_(begun)))).all()
    starts = [
        {"campaign_id": campaign.id, "contact_id": contact_id, "began_on": begins_on(drip, at)}
        for contact_id, at in rows
    ]
    if starts:
        await session.execute(insert(DripStart).on_conflict_do_nothing(), starts)


def _happenings(drip: Drip, since: datetime) -> sa.Subquery | None:
    """Each person with the first moment since `since` at which they did what the drip begins with."""
    if drip.begins == "agreed":
        return (
            sa.select(ConsentEvent.contact_id, sa.func.min(ConsentEvent.at).label("at"))
            .where(
                # By its order in time the key finds them without reading the whole ledger.
                ConsentEvent.id >= first_id_of(since - _WRITTEN_LATE),
                ConsentEvent.at > since,
                ConsentEvent.topic == "campaigns",
                ConsentEvent.granted,
            )
            .group_by(ConsentEvent.contact_id)
            .subquery()
        )
    if drip.begins == "answered":
        return (
            sa.select(CampaignAnswer.contact_id, CampaignAnswer.at)
            .where(
                CampaignAnswer.campaign_id == UUID(drip.campaign),
                CampaignAnswer.question == drip.question,
                CampaignAnswer.at > since,
            )
            .subquery()
        )
    return None


async def due_steps(session: AsyncSession, campaign: Campaign, drip: Drip, now: datetime) -> list[Occurrence]:
    """The steps that somebody is due today or was yesterday, as far as their hour has come."""
    today = bangkok(now).date()
    begun = (
        sa.select(DripStart.began_on, sa.func.min(DripStart.steps_done))
        .where(
            DripStart.campaign_id == campaign.id,
            DripStart.began_on >= today - timedelta(days=drip.days[-1] + 1),
        )
        .group_by(DripStart.began_on)
    )
    since = campaign.scheduled_at or now
    found = [
        Occurrence(instant(began_on + timedelta(days=days), drip.at), step)
        for began_on, done in (await session.execute(begun)).all()
        for step, days in enumerate(drip.days)
        if done <= step and (today - began_on).days - days in (0, 1)
    ]
    return sorted(one for one in found if since < one.at <= now)


def whose_turn(drip: Drip, run: CampaignRun) -> sa.Select[UUID]:
    """Contacts whose step the run is: the sender takes of its audience only these."""
    began_on = bangkok(run.due_at).date() - timedelta(days=drip.days[run.step])
    return sa.select(DripStart.contact_id).where(
        DripStart.campaign_id == run.campaign_id,
        DripStart.began_on == began_on,
        DripStart.steps_done <= run.step,
    )


async def note_taken(session: AsyncSession, run: CampaignRun) -> None:
    """Let the members of a run be done with its step, in the transaction that made them members: it goes out once."""
    members = sa.select(CampaignMember.contact_id).where(CampaignMember.run_id == run.id)
    await session.execute(
        sa.update(DripStart)
        .where(
            DripStart.campaign_id == run.campaign_id,
            DripStart.contact_id.in_(members),
            DripStart.steps_done <= run.step,
        )
        .values(steps_done=run.step + 1)
    )
