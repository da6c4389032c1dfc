"""Freezing a run: who belongs to it, and a pending message for each, all inside the database and all or nothing.

The run's row is the lock: whoever dies in the middle leaves it due, and the next one begins from nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.selecting import HOLDOUT, SHARES, at_cap, members, sendable, share_of
from campaigns.models import Campaign, CampaignRun, RunState
from campaigns.plans.plan import Plan, decode_plan, hash_plan
from campaigns.plans.times import Drip
from campaigns.scheduler.drips import note_taken, whose_turn
from campaigns.scheduler.firing import answers_for_it
from campaigns.scheduler.occurrences import is_personal
from campaigns.sender.wordings import Part, languages_of, open_parts, spoken_in
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from core.jobs.queue import enqueue
from core.messages.filling import PAGE, chunk_size, fill_batches, pages
from core.messages.models import MessageBatch, MessageChunk
from core.messages.quota import quota_left

# Who waits for the better wording of a trial.
REST = "rest"
# A statement over the whole audience may take longer than one of any other kind.
_SECONDS = 600.0
_MEMORY = "SET LOCAL work_mem = '16MB'"
_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]

_TABLE = """
CREATE TEMP TABLE {table} (
  contact_id uuid NOT NULL, identity_id uuid NOT NULL, channel text NOT NULL, variant text NOT NULL, ready boolean NOT NULL,
  batch_id uuid, size int, n bigint NOT NULL, place bigint NOT NULL) ON COMMIT DROP
"""
_MEMBERS = """
INSERT INTO campaign_member (run_id, contact_id, variant)
SELECT $1, contact_id, variant FROM {table} WHERE n > $2 AND n <= $3 ORDER BY n
"""
_COUNTS = """
SELECT count(*) AS everybody, count(*) FILTER (WHERE variant = 'holdout') AS holdout,
       count(*) FILTER (WHERE channel = 'line' AND ready AND batch_id IS NOT NULL) AS line
FROM {table}
"""


class Counts(NamedTuple):
    """Of a frozen audience; `line` is what it takes of LINE's quota."""

    everybody: int
    holdout: int
    line: int


async def freeze(
    session: AsyncSession,
    keys: DataKeys,
    run_id: UUID,
    *,
    base_url: str,
    quota_reserve: int = 0,
    page: int = PAGE,
) -> RunState | None:
    """Freeze a run that is due and let it go out; return its new state, None where it is not to be frozen now.

    It comes out as "sending"; as "paused" where the quota is too small or an account was closed; ended where it is too
    late, was changed, or nobody is left. Doing it twice is the same as once.
    """
    now = utc_now()
    run = await session.get(
        CampaignRun, run_id, with_for_update={"skip_locked": True}, populate_existing=True
    )
    if run is None or run.state != "due":
        return None
    campaign = await session.get_one(Campaign, run.campaign_id, populate_existing=True)
    plan = decode_plan(campaign.plan)
    if campaign.state == "paused":
        return None
    obstacle = await _obstacle(session, run, campaign, plan, now)
    if obstacle is not None:
        return _end(run, *obstacle)
    parts = await open_parts(session, keys, run, campaign, plan, base_url=base_url, now=now)
    connection = await driver_connection(session)
    counts = await _write(session, connection, run, campaign, plan, parts, page)
    run.frozen_at, run.weekly_cap = now, plan.audience.weekly_cap
    run.intended, run.holdout = counts.everybody - counts.holdout, counts.holdout
    if run.intended == 0:
        return _end(run, "done", "empty", now)
    left = await quota_left(
        connection, "line", reserve=quota_reserve, apart_from=[part.batch_id for part in parts]
    )
    if left is not None and counts.line > left:
        return _end(run, "paused", "quota", None)
    await let_go(session, [part.batch_id for part in parts])
    await session.flush()
    return _end(run, "sending", None, None)


async def _obstacle(
    session: AsyncSession, run: CampaignRun, campaign: Campaign, plan: Plan, now: datetime
) -> tuple[RunState, str, datetime | None] | None:
    if campaign.state not in ("scheduled", "running"):
        return "cancelled", "manager", now
    if run.plan_hash != campaign.plan_hash or run.plan_hash != hash_plan(campaign.title, plan):
        return "cancelled", "changed", now
    if now >= run.expires_at:
        return "expired", "late", now
    if not await answers_for_it(session, campaign):
        return "paused", "account", None
    return None


async def _write(
    session: AsyncSession,
    connection: Any,
    run: CampaignRun,
    campaign: Campaign,
    plan: Plan,
    parts: list[Part],
    page: int,
) -> Counts:
    """Write members and messages of everybody whom the audience means."""
    table = f"frozen_{run.id.hex}"
    await connection.execute(_MEMORY)
    await stage(connection, table, _audience(run, campaign, plan, parts))
    counts = Counts(*await connection.fetchrow(_COUNTS.format(table=table)))
    for first, last in pages(counts.everybody, page):
        await connection.execute(_MEMBERS.format(table=table), run.id, first, last)
    await fill_batches(connection, table, counts.everybody, page=page)
    if isinstance(plan.schedule, Drip) and is_personal(plan.schedule):
        await note_taken(session, run)
    return counts


async def stage(connection: Any, table: str, audience: sa.Select[Any]) -> int:
    """Put a numbered audience into a table of this transaction: it is asked for once and written in pages. Return its size."""
    await connection.execute(_TABLE.format(table=table))
    statement = audience.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    values = [statement.params[name] for name in statement.positiontup or ()]
    done: str = await connection.execute(f"INSERT INTO {table} {statement}", *values, timeout=_SECONDS)
    await connection.execute(f"CREATE UNIQUE INDEX ON {table} (n)", timeout=_SECONDS)
    await connection.execute(f"ANALYZE {table}", timeout=_SECONDS)
    return int(done.rpartition(" ")[2])


def _audience(run: CampaignRun, campaign: Campaign, plan: Plan, parts: list[Part]) -> sa.Select[Any]:
    """Everybody whom the audience means, drawn into holdout, wordings and rest, each with the batch that is theirs.

    Who is held or blocked has a place like anybody else and is skipped: neither counts nor caps tell of a hold.
    """
    now, subject = utc_now(), campaign.subject or None
    meant = members(plan.audience, subject, now).subquery("meant")
    reached = sendable(plan.audience, subject, now).subquery("reached")
    chosen = sa.select(
        meant.c.contact_id,
        meant.c.identity_id,
        meant.c.channel,
        _drawn(campaign.id, plan, run.step, meant.c.contact_id).label("variant"),
        reached.c.contact_id.is_not(None).label("ready"),
        spoken_in(meant.c.language, languages_of(plan.steps[run.step].wordings)).label("language"),
    ).outerjoin(reached, reached.c.contact_id == meant.c.contact_id)
    if plan.audience.weekly_cap:
        capped = at_cap(plan.audience.weekly_cap, now).subquery("capped")
        chosen = chosen.where(sa.not_(sa.exists().where(next(iter(capped.c)) == meant.c.contact_id)))
    if isinstance(plan.schedule, Drip) and is_personal(plan.schedule):
        turn = whose_turn(plan.schedule, run).subquery("turn")
        chosen = chosen.where(sa.exists().where(next(iter(turn.c)) == meant.c.contact_id))
    return number(chosen, parts)


def _drawn(
    campaign_id: UUID, plan: Plan, step: int, contact: sa.ColumnElement[UUID]
) -> sa.ColumnElement[str]:
    """The wording a person gets, the same in every run of a campaign."""
    wordings = [wording.variant for wording in plan.steps[step].wordings]
    place = share_of(campaign_id, contact, "variant") % len(wordings)
    cases: list[tuple[sa.ColumnElement[bool], str]]
    cases = [(share_of(campaign_id, contact, HOLDOUT) < plan.audience.holdout * SHARES // 100, HOLDOUT)]
    if plan.trial is not None and len(wordings) > 1:
        cases.append((share_of(campaign_id, contact, "trial") >= plan.trial.share * SHARES // 100, REST))
    cases += [(place == at, variant) for at, variant in enumerate(wordings[1:], start=1)]
    return sa.case(*cases, else_=wordings[0])


def number(chosen: sa.Select[Any], parts: list[Part]) -> sa.Select[Any]:
    """Give each row of (contact_id, identity_id, channel, variant, ready, language) its batch and its places."""
    one = chosen.subquery("one")
    part = sa.values(
        sa.column("variant", sa.Text),
        sa.column("language", sa.Text),
        sa.column("batch_id", sa.Uuid),
        sa.column("line_size", sa.Integer),
        name="part",
    ).data([(p.variant, p.language, p.batch_id, chunk_size("line", personal=p.personal)) for p in parts])
    among = [one.c.channel, part.c.batch_id, one.c.ready]
    return sa.select(
        one.c.contact_id,
        one.c.identity_id,
        one.c.channel,
        one.c.variant,
        one.c.ready,
        part.c.batch_id,
        sa.case((one.c.channel == "line", part.c.line_size), else_=chunk_size("", personal=False)),
        sa.func.row_number().over(order_by=[*among, one.c.contact_id]),
        sa.func.row_number().over(partition_by=among, order_by=one.c.contact_id),
    ).outerjoin(part, sa.and_(part.c.variant == one.c.variant, part.c.language == one.c.language))


async def let_go(session: AsyncSession, batch_ids: Sequence[UUID]) -> None:
    """Let batches go out, and wake whoever sends."""
    await session.execute(
        sa.update(MessageBatch).where(MessageBatch.id.in_(batch_ids)).values(paused=False, halted=None)
    )
    await look_now(session, batch_ids)


async def look_now(session: AsyncSession, batch_ids: Sequence[UUID]) -> None:
    """Let whoever sends look at what is open of these batches, however long it was put off."""
    await session.execute(
        sa.update(MessageChunk)
        .where(
            MessageChunk.batch_id.in_(batch_ids),
            MessageChunk.done_at.is_(None),
            MessageChunk.not_before.is_not(None),
        )
        .values(not_before=None)
        .execution_options(synchronize_session=False)
    )
    await enqueue(session, "deliver_batch", list(batch_ids))


def _end(run: CampaignRun, state: RunState, reason: str | None, now: datetime | None) -> RunState:
    run.state, run.reason, run.ended_at = state, reason, now
    return state
