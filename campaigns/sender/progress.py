"""How far a run has come: figures that reveal nobody, the rate of the last minute, and when it will be over.

Counts are floored (campaigns.figures); every reason not to reach somebody is one figure (invariant 8).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import SMALLEST_COUNT, floored, floored_of_run
from campaigns.models import CampaignRun, RunState
from campaigns.sender.running import batches_of
from core.clock import utc_now
from core.db.database import driver_connection
from core.errors import NotFoundError

_WINDOW = timedelta(seconds=60)
_STEP_PERCENT = 5

_STATES = """
SELECT state, CASE WHEN state IN ('failed', 'skipped') THEN reason END AS reason, count(*) AS n
FROM message WHERE batch_id = ANY($1) GROUP BY 1, 2
"""
# Whole chunks, so that neither the rate nor the time that is left tells what became of anybody.
_PACE = """
SELECT channel, coalesce(sum(members) FILTER (WHERE done_at > $2), 0)::int AS lately,
       coalesce(sum(members) FILTER (WHERE done_at IS NULL), 0)::int AS waiting
FROM message_chunk WHERE batch_id = ANY($1) GROUP BY channel
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as its managers may see it. None is fewer than 20 people, what became of fewer than 50, or not known yet."""

    run_id: UUID
    campaign_id: UUID
    step: int
    state: RunState
    reason: str | None
    due_at: datetime
    expires_at: datetime
    frozen_at: datetime | None
    ended_at: datetime | None
    intended: int | None
    sent: int | None
    # By reason: "blocked", "refused", "gave_up", "unrenderable".
    failed: Mapping[str, int | None]
    # Every reason not to reach somebody now, the month's quota apart.
    not_ready: int | None
    # Ended by a person, by its time, or by the quota, before their turn came.
    left_out: int | None
    unknown: int | None
    waiting: int | None
    # In steps of five.
    percent: int | None
    # People a minute, of the last minute.
    rate: int | None
    over_at: datetime | None


async def read_progress(session: AsyncSession, run_id: UUID) -> Progress:
    """How one run stands; raises NotFoundError."""
    run = await session.get(CampaignRun, run_id, populate_existing=True)
    if run is None:
        raise NotFoundError("no such run")
    now = utc_now()
    connection = await driver_connection(session)
    batches = await batches_of(session, [run.id])
    states: Counter[tuple[str, str | None]] = Counter()
    for row in await connection.fetch(_STATES, batches):
        states[row["state"], row["reason"]] = row["n"]
    since = max(now - _WINDOW, run.resumed_at or run.frozen_at or now - _WINDOW)
    paces = await connection.fetch(_PACE, batches, since) if run.state == "sending" else []
    return _seen(run, states, paces, now, (now - since).total_seconds())


async def list_runs(session: AsyncSession, campaign_id: UUID, limit: int = 20) -> list[Progress]:
    """The newest runs of a campaign."""
    found = await session.scalars(
        sa.select(CampaignRun.id)
        .where(CampaignRun.campaign_id == campaign_id)
        .order_by(CampaignRun.due_at.desc(), CampaignRun.step.desc())
        .limit(limit)
    )
    return [await read_progress(session, run_id) for run_id in found.all()]


def _seen(
    run: CampaignRun, states: Counter[tuple[str, str | None]], paces: list[Any], now: datetime, seconds: float
) -> Progress:
    by_state: Counter[str] = Counter()
    for (state, _), count in states.items():
        by_state[state] += count
    not_ready = states["skipped", "not_ready"]
    over = (
        by_state["sent"] + by_state["resent"] + by_state["failed"] + by_state["skipped"] + by_state["unknown"]
    )
    lately = sum(pace["lately"] for pace in paces)
    return Progress(
        run_id=run.id,
        campaign_id=run.campaign_id,
        step=run.step,
        state=cast("RunState", run.state),
        reason=run.reason,
        due_at=run.due_at,
        expires_at=run.expires_at,
        frozen_at=run.frozen_at,
        ended_at=run.ended_at,
        intended=floored(run.intended),
        sent=floored_of_run(by_state["sent"] + by_state["resent"], run.intended),
        failed={
            reason or "": floored_of_run(n, run.intended)
            for (state, reason), n in states.items()
            if state == "failed"
        },
        not_ready=floored_of_run(not_ready, run.intended),
        left_out=floored_of_run(by_state["skipped"] - not_ready, run.intended),
        unknown=floored_of_run(by_state["unknown"], run.intended),
        waiting=floored_of_run(max(0, run.intended - over), run.intended),
        percent=_percent(over, run.intended),
        rate=floored(round(lately * 60 / seconds)) if seconds >= 1 else None,
        over_at=_over_at(paces, now, seconds),
    )


def _percent(over: int, intended: int) -> int | None:
    if intended < SMALLEST_COUNT:
        return None
    return min(100, over * 100 // intended // _STEP_PERCENT * _STEP_PERCENT)


def _over_at(paces: list[Any], now: datetime, seconds: float) -> datetime | None:
    """When the slowest channel will be through, at its pace of the last minute; None while nothing moves."""
    waiting = [pace for pace in paces if pace["waiting"]]
    if not waiting or any(not pace["lately"] for pace in waiting) or seconds < 1:
        return None
    return now + timedelta(seconds=max(pace["waiting"] * seconds / pace["lately"] for pace in waiting))
