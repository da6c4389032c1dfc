"""The outcome of a campaign, put together for its page: sums of people, never a person (docs/decisions/0027)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.links import Opened, links_opened
from campaigns.models import Campaign, CampaignRun
from campaigns.plans.plan import Plan, decode_plan
from campaigns.reports.afterwards import DEEDS, WINDOW, Deed, Difference, Group, compare, read_groups
from campaigns.reports.delivered import Delivered, read_delivered, runs_of
from campaigns.reports.learning import Answers, Gain, read_answers, read_gains
from campaigns.reports.reported import Reported, read_reported
from campaigns.reports.units import Unit, read_units
from core.crypto.keyset import Keyset
from core.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What is known of a campaign. What is of all its runs stays the same where one run is asked for."""

    delivered: Delivered
    members: Group
    holdout: Group
    # Members less holdout, where both can be shown.
    differences: Mapping[Deed, Difference]
    # Until when what people do counts for the last run; None before the first.
    counts_until: datetime | None
    # Of all runs.
    gains: tuple[Gain, ...]
    answers: tuple[Answers, ...]
    reported: Reported
    links: tuple[Opened, ...]
    units: tuple[Unit, ...]


async def read_outcomes(
    session: AsyncSession, keyset: Keyset, campaign_id: UUID, now: datetime, run_id: UUID | None = None
) -> Outcomes:
    """Return the outcome of a campaign, or of one of its runs; raises NotFoundError."""
    plan = await _plan(session, campaign_id)
    members, holdout = await read_groups(session, campaign_id, run_id)
    compared = {deed: compare(members, holdout, deed) for deed in DEEDS}
    return Outcomes(
        delivered=await read_delivered(session, campaign_id, run_id),
        members=members,
        holdout=holdout,
        differences={
            deed: found for deed, found in compared.items() if found is not None and deed != "answered"
        },
        counts_until=await _counts_until(session, campaign_id, run_id),
        gains=tuple(await read_gains(session, campaign_id, plan)),
        answers=tuple(await read_answers(session, campaign_id, plan)),
        reported=await read_reported(session, keyset, campaign_id, plan, now),
        links=tuple(await links_opened(session, campaign_id)),
        units=tuple(await read_units(session, campaign_id)),
    )


async def _plan(session: AsyncSession, campaign_id: UUID) -> Plan:
    stored = await session.scalar(sa.select(Campaign.plan).where(Campaign.id == campaign_id))
    if stored is None:
        raise NotFoundError("no such campaign")
    try:
        return decode_plan(stored)
    except msgspec.ValidationError:
        # Of before plans were kept: it said one text, and asked nothing.
        return Plan(())


async def _counts_until(session: AsyncSession, campaign_id: UUID, run_id: UUID | None) -> datetime | None:
    last = await session.scalar(
        sa.select(sa.func.max(CampaignRun.frozen_at)).where(CampaignRun.id.in_(runs_of(campaign_id, run_id)))
    )
    return None if last is None else last + WINDOW
