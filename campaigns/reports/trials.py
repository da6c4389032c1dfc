"""Wordings against each other: what is seen of each, whether one is surely better, and which one the rest gets.

A person counts once the time to answer is over that everybody is given, whether they answered or not; so that looking
early favours nobody. Decisions are made of exact counts, what is shown of floored ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import floored
from campaigns.models import Campaign, CampaignRun
from campaigns.plans.plan import Plan, Trial, decode_plan
from campaigns.reports.evidence import Block, Seen, find_better, interval, sum_up

# What `Trial.counts` may be: gave an answer, gave a right one, had an offer checked.
COUNTS = ("answered", "right", "checked")
_STEP = 10
_SHORTEST = timedelta(minutes=15)
_ANSWERED = "SELECT FROM campaign_answer a WHERE a.contact_id = t.id AND a.campaign_id = r.campaign_id AND a.at >= r.frozen_at AND a.at < g.finished_at + :patience"
_DID = {
    "answered": _ANSWERED,
    "right": f'{_ANSWERED} AND a."right"',
    "checked": "SELECT FROM screening s WHERE s.contact_id = t.id AND NOT t.minor AND s.created_at >= r.frozen_at AND s.created_at < g.finished_at + :patience",
}
# By the hour in which it was sent. Who waited for the better wording is not of the trial.
_SEEN = """
SELECT date_trunc('hour', g.finished_at) AS hour, p.variant, count(*) AS people, count(*) FILTER (WHERE EXISTS ({did})) AS did
FROM campaign_run r JOIN campaign_part p ON p.run_id = r.id AND NOT p.of_rest
JOIN message g ON g.batch_id = p.batch_id AND g.state IN ('sent', 'resent')
JOIN channel_identity i ON i.id = g.identity_id JOIN contact t ON t.id = i.contact_id
WHERE r.id = :run AND g.finished_at <= :now - :patience
GROUP BY 1, 2 ORDER BY 1, 2
"""


class Arm(NamedTuple):
    """One wording: counts in tens, None for fewer than 20; its share lies between `low` and `high` per cent, however often
    one looks. None where the counts are.
    """

    variant: str
    people: int | None
    did: int | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Trialled:
    """How a trial stands. `winner` is what the rest gets: the one that is surely better, or the first when time is up."""

    arms: tuple[Arm, ...]
    leads: str | None
    is_sure: bool
    ends_at: datetime
    winner: str | None


class Decided(NamedTuple):
    """A run whose rest may get this wording now."""

    run_id: UUID
    variant: str


def patience_of(trial: Trial) -> timedelta:
    """How long everybody is given before they count: a quarter of the trial's time."""
    return max(_SHORTEST, timedelta(hours=trial.hours) / 4)


async def read_trial(session: AsyncSession, run_id: UUID, now: datetime) -> Trialled | None:
    """Return how the trial of a run stands; None where there is none, or before it was frozen."""
    found = await session.execute(
        sa.select(Campaign.plan, CampaignRun.step, CampaignRun.frozen_at)
        .join(CampaignRun, CampaignRun.campaign_id == Campaign.id)
        .where(CampaignRun.id == run_id)
    )
    row = found.one_or_none()
    if row is None or row.frozen_at is None:
        return None
    plan = decode_plan(row.plan)
    variants = _variants(plan, row.step)
    if plan.trial is None or len(variants) < 2:
        return None
    blocks = await _blocks(session, run_id, plan.trial, now)
    return judge(blocks, variants, row.frozen_at + timedelta(hours=plan.trial.hours), now)


def judge(blocks: Sequence[Block], variants: Sequence[str], ends_at: datetime, now: datetime) -> Trialled:
    """Say how it stands; pure."""
    leads, is_sure = find_better(blocks, variants)
    sums = sum_up(blocks, variants)
    in_time = variants[0] if now >= ends_at else None
    arms = tuple(_arm(variant, sums[variant], len(variants)) for variant in variants)
    return Trialled(arms, leads, is_sure, ends_at, leads if is_sure else in_time)


def _variants(plan: Plan, step: int) -> list[str]:
    return [wording.variant for wording in plan.steps[step].wordings] if step < len(plan.steps) else []


async def _blocks(session: AsyncSession, run_id: UUID, trial: Trial, now: datetime) -> list[Block]:
    did = _DID[trial.counts if trial.counts in COUNTS else COUNTS[0]]
    wanted = sa.text(_SEEN.format(did=did)).bindparams(
        sa.bindparam("run", type_=sa.Uuid()),
        sa.bindparam("now", type_=sa.DateTime(timezone=True)),
        sa.bindparam("patience", type_=sa.Interval()),
    )
    rows = await session.execute(wanted, {"run": run_id, "now": now, "patience": patience_of(trial)})
    blocks: dict[datetime, dict[str, Seen]] = {}
    for hour, variant, people, count in rows:
        blocks.setdefault(hour, {})[variant] = Seen(people, count)
    return list(blocks.values())


def _arm(variant: str, seen: Seen, arms: int) -> Arm:
    people, did = floored(seen.people), floored(seen.did)
    if people is None or did is None:
        return Arm(variant, people, did, None, None)
    low, high = interval(Seen(people, did), people + _STEP - 1, did + _STEP - 1, error=0.05 / arms)
    return Arm(variant, people, did, round(100 * low, 1), round(100 * high, 1))


async def decided_trials(session: AsyncSession, now: datetime) -> list[Decided]:
    """Runs under way whose rest waits, whose plan picks by itself, and whose trial has a winner by now."""
    waiting = sa.text("""
        SELECT r.id FROM campaign_run r JOIN campaign c ON c.id = r.campaign_id
        WHERE r.state = 'sending' AND (c.plan -> 'trial' ->> 'picks_itself')::boolean
          AND EXISTS (SELECT FROM campaign_member m WHERE m.run_id = r.id AND m.variant = 'rest')
          AND NOT EXISTS (SELECT FROM campaign_part p WHERE p.run_id = r.id AND p.of_rest)
        ORDER BY r.due_at
    """)
    decided: list[Decided] = []
    for run_id in (await session.scalars(waiting)).all():
        found = await read_trial(session, run_id, now)
        if found is not None and found.winner is not None:
            decided.append(Decided(run_id, found.winner))
    return decided
