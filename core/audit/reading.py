"""Reading the audit, newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.chain import AuditEvent, Outcome


class Place(NamedTuple):
    """Where a page ended: the last row's moment, stream and number."""

    at: datetime
    stream: int
    number: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of a time, an account, an action or a whole kind of object, one object, an outcome."""

    since: datetime
    until: datetime
    actor_id: UUID | None = None
    action: str = ""
    object_id: UUID | None = None
    outcome: Outcome | None = None


async def read_audit(
    session: AsyncSession, wanted: Wanted, *, after: Place | None, limit: int
) -> tuple[list[AuditEvent], Place | None]:
    """Return up to `limit` rows older than `after`, and where to go on; None at the end."""
    order = (AuditEvent.at, AuditEvent.stream, AuditEvent.number)
    query = sa.select(AuditEvent).where(*_conditions(wanted))
    if after is not None:
        query = query.where(sa.tuple_(*order) < sa.tuple_(*(sa.literal(value) for value in after)))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    rows = list(await session.scalars(query))
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], Place(last.at, last.stream, last.number) if last else None


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [AuditEvent.at >= wanted.since, AuditEvent.at < wanted.until]
    if wanted.actor_id is not None:
        found.append(AuditEvent.actor_id == wanted.actor_id)
    if wanted.object_id is not None:
        found.append(AuditEvent.object_id == wanted.object_id)
    if wanted.outcome is not None:
        found.append(AuditEvent.outcome == wanted.outcome)
    if wanted.action:
        is_kind = "." not in wanted.action
        column = AuditEvent.object_kind if is_kind else AuditEvent.action
        found.append(column == wanted.action)
    return found
