"""Taking up runs that are due, and pausing, resuming and cancelling: for what is queued already, too.

Locks are taken in one order, the campaign before its runs; a run that is being frozen at that moment is waited for.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.drafting import lock_campaign, move_campaign
from campaigns.models import Campaign, CampaignPart, CampaignRun
from campaigns.scheduler.firing import AccountClosedError, answers_for_it
from campaigns.sender.freezing import freeze, let_go, look_now
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.errors import ConflictError
from core.logs import get_logger
from core.messages.models import MessageBatch
from core.messages.quota import quota_left

# Longer than that nobody waits for a page; a run of a million takes about half a minute to freeze.
_PATIENCE = "SET LOCAL lock_timeout = '10s'"
_LOCK_NOT_AVAILABLE = "55P03"
_LINE_WAITING = """
SELECT coalesce(sum(members), 0) FROM message_chunk
WHERE batch_id = ANY($1) AND channel = 'line' AND done_at IS NULL AND first_tried_at IS NULL
"""
# The last of them, whole multicasts: who was frozen first goes first.
_TRIM = """
WITH waiting AS (
  SELECT id, sum(members) OVER (ORDER BY id) AS upto FROM message_chunk
  WHERE batch_id = ANY($1) AND channel = 'line' AND done_at IS NULL AND first_tried_at IS NULL),
ended AS (
  UPDATE message_chunk c SET done_at = $3 FROM waiting w WHERE c.id = w.id AND w.upto > $2 RETURNING c.id)
UPDATE message m SET state = 'skipped', reason = 'quota', finished_at = $3
FROM ended WHERE m.chunk_id = ended.id AND m.state = 'pending'
"""
_log = get_logger()


class RunBusyError(ConflictError):
    """Its audience is being written down at this moment; a minute later it can be done."""

    code = "campaign_freezing"


class QuotaShortError(ConflictError):
    """The month's quota, its reserve apart, does not last for all; resume it trimmed, or next month."""

    code = "campaign_quota"


async def take_up(
    database: Database, keys: DataKeys, *, base_url: str, quota_reserve: int, now: datetime | None = None
) -> int:
    """Freeze every run that is due, each in a transaction of its own; return how many were seen to."""
    moment = now or utc_now()
    wanted = (
        sa.select(CampaignRun.id)
        .join(Campaign, Campaign.id == CampaignRun.campaign_id)
        .where(CampaignRun.state == "due", CampaignRun.due_at <= moment, Campaign.state != "paused")
        .order_by(CampaignRun.due_at, CampaignRun.id)
    )
    async with database.unit_of_work() as session:
        due = list(await session.scalars(wanted))
    seen_to = 0
    for run_id in due:
        try:
            async with database.unit_of_work() as session:
                state = await freeze(session, keys, run_id, base_url=base_url, quota_reserve=quota_reserve)
        except Exception as error:  # noqa: BLE001 - one that can't be frozen holds up no other; it stays due until it is late
            _log.error("run_not_frozen", error=error, run_id=str(run_id))
        else:
            seen_to += state is not None
            _log.info("run_frozen", run_id=str(run_id), state=state)
    return seen_to


async def pause(session: AsyncSession, campaign_id: UUID) -> None:
    """Let nothing more begin to go out until it is resumed. Raises NotFoundError, CampaignStateError, RunBusyError."""
    campaign = await lock_campaign(session, campaign_id)
    move_campaign(campaign, "paused")
    await stand_still(session, campaign_id, "manager")


async def resume(
    session: AsyncSession, campaign_id: UUID, *, quota_reserve: int = 0, trimmed: bool = False
) -> None:
    """Go on. Where the quota does not last for all, `trimmed` sends to as many as it lasts for and skips the rest.

    Raises NotFoundError, CampaignStateError, RunBusyError, AccountClosedError, QuotaShortError.
    """
    campaign = await lock_campaign(session, campaign_id)
    move_campaign(campaign, "running")
    if not await answers_for_it(session, campaign):
        raise AccountClosedError("the account of who submitted or approved this is closed: submit a copy")
    now = utc_now()
    runs = await _lock_runs(session, campaign_id, ("paused",))
    batches = await batches_of(session, [run.id for run in runs])
    await _fit_quota(session, batches, quota_reserve, now, trimmed=trimmed)
    for run in runs:
        run.state, run.reason, run.resumed_at = "due" if run.frozen_at is None else "sending", None, now
    await session.flush()
    if batches:
        await let_go(session, batches)


async def cancel(session: AsyncSession, campaign_id: UUID) -> None:
    """Stop for good: what has not gone out is skipped. Raises NotFoundError, CampaignStateError, RunBusyError."""
    campaign = await lock_campaign(session, campaign_id)
    move_campaign(campaign, "cancelled")
    now = utc_now()
    runs = await _lock_runs(session, campaign_id, ("due", "frozen", "sending", "paused"))
    for run in runs:
        run.state, run.reason, run.ended_at = "cancelled", "manager", now
    batches = await batches_of(session, [run.id for run in runs])
    await session.flush()
    if batches:
        await session.execute(
            sa.update(MessageBatch)
            .where(MessageBatch.id.in_(batches))
            .values(cancelled_at=now, paused=False, halted=None)
        )
        await look_now(session, batches)


async def stand_still(session: AsyncSession, campaign_id: UUID, reason: str) -> None:
    """Pause every run of a locked campaign, and what of it is queued; its reason is told to who looks."""
    runs = await _lock_runs(session, campaign_id, ("frozen", "sending"))
    for run in runs:
        run.state, run.reason = "paused", reason
    await session.flush()
    batches = await batches_of(session, [run.id for run in runs])
    await session.execute(sa.update(MessageBatch).where(MessageBatch.id.in_(batches)).values(paused=True))


async def batches_of(session: AsyncSession, run_ids: Sequence[UUID]) -> list[UUID]:
    found = await session.scalars(sa.select(CampaignPart.batch_id).where(CampaignPart.run_id.in_(run_ids)))
    return list(found)


async def _lock_runs(
    session: AsyncSession, campaign_id: UUID, states: tuple[str, ...]
) -> Sequence[CampaignRun]:
    await session.execute(sa.text(_PATIENCE))
    wanted = (
        sa.select(CampaignRun)
        .where(CampaignRun.campaign_id == campaign_id, CampaignRun.state.in_((*states, "due")))
        .order_by(CampaignRun.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    try:
        found = (await session.scalars(wanted)).all()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise RunBusyError("its audience is being prepared: try again in a minute") from None
        raise
    # What was due may have been frozen while we waited for it.
    return [run for run in found if run.state in states]


async def _fit_quota(
    session: AsyncSession, batches: list[UUID], reserve: int, now: datetime, *, trimmed: bool
) -> None:
    if not batches:
        return
    connection = await driver_connection(session)
    left = await quota_left(connection, "line", reserve=reserve, apart_from=batches)
    if left is None or await connection.fetchval(_LINE_WAITING, batches) <= left:
        return
    if not trimmed:
        raise QuotaShortError("this month's LINE quota does not last for all who are left")
    await connection.execute(_TRIM, batches, left, now)
