"""Looking after runs that go out: pausing by itself before harm is done, and ending what is over.

Every reason is a code that the console has words for: "errors", "quota", "token", "content", "account".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.drafting import move_campaign
from campaigns.models import Campaign, CampaignRun
from campaigns.scheduler.firing import answers_for_it
from campaigns.sender.freezing import let_go
from campaigns.sender.resting import rest_waits
from campaigns.sender.running import batches_of, stand_still
from core.clock import utc_now
from core.db.database import driver_connection
from core.ids import first_id_of
from core.logs import get_logger

# Calls so old say nothing of now.
_LOOKS_BACK = timedelta(seconds=60)
# A platform that is away for a moment is none of our errors: so many calls in a row, over so long.
_ROW, _ROW_LASTS = 10, timedelta(seconds=15)
_MANY, _MOST_BAD = 100, 0.5
# Of messages: so many went wrong, and more than one in twenty.
_ERRORS, _ONE_IN = 50, 20
_BAD = ("unclear", "not_sent", "refused", "unfit")

_CALLS = """
SELECT coalesce(m.batch_id, c.batch_id) AS batch_id, a.outcome, a.status, a.started_at
FROM message_attempt a LEFT JOIN message m ON m.id = a.message_id LEFT JOIN message_chunk c ON c.id = a.chunk_id
WHERE a.id >= $1 AND a.outcome IS NOT NULL AND coalesce(m.batch_id, c.batch_id) = ANY($2)
ORDER BY a.id DESC LIMIT 5000
"""
# Whoever blocked us is no error; a bad id is one, for somebody brought it.
_WRONG = """
SELECT count(*) FROM message WHERE batch_id = ANY($1) AND state IN ('failed', 'unknown')
  AND reason IS DISTINCT FROM 'blocked' AND finished_at > $2
"""
_RIGHT = """
SELECT count(*) FROM (
  SELECT 1 FROM message WHERE batch_id = ANY($1) AND state IN ('sent', 'resent') LIMIT $2) AS enough
"""
_HALTED = "SELECT halted FROM message_batch WHERE id = ANY($1) AND halted IS NOT NULL LIMIT 1"
_OPEN = "SELECT EXISTS (SELECT 1 FROM message_chunk WHERE batch_id = ANY($1) AND done_at IS NULL)"
_TRIED = """
SELECT EXISTS (SELECT 1 FROM message WHERE batch_id = ANY($1) AND state IN ('sent', 'resent', 'failed', 'unknown')),
       EXISTS (SELECT 1 FROM message WHERE batch_id = ANY($1) AND state = 'skipped' AND reason = 'expired')
"""
_log = get_logger()


class Call(NamedTuple):
    """One call to a platform that ended."""

    outcome: str
    status: int | None
    at: datetime


class Stopped(NamedTuple):
    """A campaign that was paused by itself, and why."""

    campaign_id: UUID
    reason: str


async def watch(session: AsyncSession) -> list[Stopped]:
    """Look at every run that is under way; several workers may do so at once. Return what was paused now."""
    going = await session.execute(
        sa.select(CampaignRun.id, CampaignRun.campaign_id)
        .where(CampaignRun.state.in_(("frozen", "sending", "paused")))
        .order_by(CampaignRun.id)
    )
    stopped = []
    for run_id, campaign_id in going.all():
        try:
            async with session.begin_nested():
                reason = await _look_at(session, run_id, campaign_id)
        except Exception as error:  # noqa: BLE001 - one that can't be looked at holds up no other
            _log.error("run_not_watched", error=error, run_id=str(run_id))
            continue
        if reason is not None:
            _log.warning("campaign_paused", campaign_id=str(campaign_id), reason=reason)
            stopped.append(Stopped(campaign_id, reason))
    return stopped


async def _look_at(session: AsyncSession, run_id: UUID, campaign_id: UUID) -> str | None:
    """See to one run; return why it was paused now. What somebody else holds is left to the next look."""
    held = {"with_for_update": {"skip_locked": True, "key_share": True}, "populate_existing": True}
    campaign = await session.get(Campaign, campaign_id, **held)  # type: ignore[arg-type]
    run = None if campaign is None else await session.get(CampaignRun, run_id, **held)  # type: ignore[arg-type]
    if campaign is None or run is None or run.state not in ("frozen", "sending", "paused"):
        return None
    now = utc_now()
    batches = await batches_of(session, [run.id])
    if run.state == "paused":
        await _see_to_paused(session, campaign, run, batches, now)
        return None
    # Past its time nothing begins any more: it only ends.
    reason = await _why_stop(session, campaign, run, batches, now) if now < run.expires_at else None
    if reason is not None:
        if campaign.state == "running":
            move_campaign(campaign, "paused")
        await stand_still(session, campaign_id, reason)
        return reason
    await _end_if_over(session, run, batches, now)
    return None


async def _see_to_paused(
    session: AsyncSession, campaign: Campaign, run: CampaignRun, batches: list[UUID], now: datetime
) -> None:
    """What freezing paused pauses its campaign; what is past its time is let go, to end as expired."""
    if campaign.state == "running":
        move_campaign(campaign, "paused")
    if run.frozen_at is not None and now >= run.expires_at and not await rest_waits(session, run, now):
        run.state = "sending"
        await let_go(session, batches)


async def _why_stop(
    session: AsyncSession, campaign: Campaign, run: CampaignRun, batches: list[UUID], now: datetime
) -> str | None:
    connection = await driver_connection(session)
    halted: str | None = await connection.fetchval(_HALTED, batches)
    if halted is not None:
        return halted
    if not await answers_for_it(session, campaign):
        return "account"
    begun = run.resumed_at or run.frozen_at or now
    since = max(now - _LOOKS_BACK, begun)
    rows = await connection.fetch(_CALLS, first_id_of(since), batches)
    reason = judge([Call(row["outcome"], row["status"], row["started_at"]) for row in rows])
    if reason is None and await _too_many_went_wrong(connection, batches, begun):
        return "errors"
    return reason


def judge(calls: Sequence[Call]) -> str | None:
    """Why calls like these are reason to stop; newest first."""
    newest = calls[:3]
    if any(call.status == 401 for call in newest):
        return "token"
    if any(call.outcome == "quota" for call in newest):
        return "quota"
    row = list(_row_of_bad(calls))
    if len(row) >= _ROW and row[0].at - row[-1].at >= _ROW_LASTS:
        return "errors"
    bad = sum(call.outcome in _BAD for call in calls)
    return "errors" if len(calls) >= _MANY and bad > len(calls) * _MOST_BAD else None


def _row_of_bad(calls: Iterable[Call]) -> Iterable[Call]:
    for call in calls:
        if call.outcome not in _BAD:
            return
        yield call


async def _too_many_went_wrong(connection: Any, batches: list[UUID], since: datetime) -> bool:
    wrong = await connection.fetchval(_WRONG, batches, since)
    if wrong < _ERRORS:
        return False
    return bool(await connection.fetchval(_RIGHT, batches, wrong * _ONE_IN) < wrong * (_ONE_IN - 1))


async def _end_if_over(session: AsyncSession, run: CampaignRun, batches: list[UUID], now: datetime) -> None:
    connection = await driver_connection(session)
    if await connection.fetchval(_OPEN, batches) or await rest_waits(session, run, now):
        return
    tried, late = await connection.fetchrow(_TRIED, batches)
    run.state, run.ended_at = "expired" if late and not tried else "done", now
    run.reason = "late" if late else None
    await session.flush()
