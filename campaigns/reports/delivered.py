"""What became of a campaign's messages, from the ledger: floored sums, and one figure for all who were left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import floored, floored_of_run
from campaigns.models import CampaignMember, CampaignPart, CampaignRun
from core.messages.models import Message

_ARRIVED = ("sent", "resent")
# What a failure may be said to come from; anything else is "other".
REASONS = ("blocked", "refused", "quota", "gave_up", "unreadable", "unrenderable")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Counts in tens; None for fewer than 20, and what became of messages also where it is of fewer than 50 people."""

    members: int | None
    holdout: int | None
    # The platform took it: whether somebody saw it, no platform tells.
    sent: int | None
    failed: Mapping[str, int | None]
    unknown: int | None
    waiting: int | None
    # Whoever got nothing for another reason: stopped, late, or not to be reached. Why is never said (invariant 8).
    left_out: int | None


def runs_of(campaign_id: UUID, run_id: UUID | None) -> sa.Select[UUID]:
    """The runs of a campaign that were frozen, or the one of them."""
    wanted = sa.select(CampaignRun.id).where(
        CampaignRun.campaign_id == campaign_id, CampaignRun.frozen_at.is_not(None)
    )
    return wanted if run_id is None else wanted.where(CampaignRun.id == run_id)


async def read_delivered(session: AsyncSession, campaign_id: UUID, run_id: UUID | None = None) -> Delivered:
    """Sum up a campaign's messages, of all its runs or of one."""
    rows = await session.execute(
        sa.select(Message.state, Message.reason, sa.func.count())
        .join(CampaignPart, CampaignPart.batch_id == Message.batch_id)
        .where(CampaignPart.run_id.in_(runs_of(campaign_id, run_id)))
        .group_by(Message.state, Message.reason)
    )
    states: dict[str, int] = {}
    failed: dict[str, int] = {}
    for state, reason, count in rows:
        states[state] = states.get(state, 0) + count
        if state == "failed":
            why = reason if reason in REASONS else "other"
            failed[why] = failed.get(why, 0) + count
    members, holdout = await _members(session, campaign_id, run_id)
    return Delivered(
        members=floored(members),
        holdout=floored(holdout),
        sent=floored_of_run(sum(states.get(state, 0) for state in _ARRIVED), members),
        failed={why: floored_of_run(count, members) for why, count in sorted(failed.items())},
        unknown=floored_of_run(states.get("unknown", 0), members),
        waiting=floored_of_run(states.get("pending", 0) + states.get("sending", 0), members),
        left_out=floored_of_run(states.get("skipped", 0), members),
    )


async def _members(session: AsyncSession, campaign_id: UUID, run_id: UUID | None) -> tuple[int, int]:
    held_out = CampaignMember.variant == "holdout"
    found = await session.execute(
        sa.select(
            sa.func.count().filter(sa.not_(held_out)), sa.func.count().filter(held_out)
        ).where(CampaignMember.run_id.in_(runs_of(campaign_id, run_id)))
    )  # fmt: skip
    members, holdout = found.one()
    return members, holdout
