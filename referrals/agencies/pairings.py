"""Pairings: who may refer to whom, one way or both.

From the hotline to an agency: cases may be referred to it. From an agency to the hotline: its officers and programs may
write and send files back; without that it only answers. From an agency to another: it may name that one when it declines;
sending stays the hotline's, for nothing is ever forwarded.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.agencies.models import Agency, AgencyPairing


class PairingError(InvalidInputError):
    """A pairing has two different sides, of which one is an agency."""

    code = "pairing_sides"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One way that stands; None is the hotline."""

    id: UUID
    giver_id: UUID | None
    taker_id: UUID | None
    since: datetime


async def pair(
    session: AsyncSession, giver_id: UUID | None, taker_id: UUID | None, *, by: UUID, both: bool = True
) -> None:
    """Let one side refer to the other, and with `both` back; None is the hotline. Safe to repeat.

    Raises PairingError, NotFoundError for an agency that is closed or unknown.
    """
    if giver_id == taker_id:
        raise PairingError("choose two sides")
    for agency_id in {giver_id, taker_id} - {None}:
        row = await session.get(Agency, agency_id)
        if row is None or row.closed_at is not None:
            raise NotFoundError("no such agency")
    ways = [(giver_id, taker_id), (taker_id, giver_id)]
    for giver, taker in ways if both else ways[:1]:
        await session.execute(
            insert(AgencyPairing)
            .values(id=new_id(), giver_id=giver, taker_id=taker, created_at=utc_now(), created_by=by)
            .on_conflict_do_nothing(
                index_elements=["giver_id", "taker_id"], index_where=AgencyPairing.ended_at.is_(None)
            )
        )


async def end_pairing(
    session: AsyncSession, giver_id: UUID | None, taker_id: UUID | None, *, both: bool = True
) -> None:
    """End a way, and with `both` the way back; what was sent already goes on. Safe to repeat."""
    ways = _way(giver_id, taker_id)
    await session.execute(
        sa.update(AgencyPairing)
        .where(sa.or_(ways, _way(taker_id, giver_id)) if both else ways, AgencyPairing.ended_at.is_(None))
        .values(ended_at=utc_now())
    )


async def may_refer(session: AsyncSession, giver_id: UUID | None, taker_id: UUID | None) -> bool:
    """Whether this way stands."""
    stands = sa.exists().where(_way(giver_id, taker_id), AgencyPairing.ended_at.is_(None))
    return bool(await session.scalar(sa.select(stands)))


async def read_pairings(session: AsyncSession) -> list[Pairing]:
    """Return every way that stands, the oldest first."""
    rows = await session.scalars(
        sa.select(AgencyPairing).where(AgencyPairing.ended_at.is_(None)).order_by(AgencyPairing.id)
    )
    return [Pairing(row.id, row.giver_id, row.taker_id, row.created_at) for row in rows]


def _way(giver_id: UUID | None, taker_id: UUID | None) -> sa.ColumnElement[bool]:
    return sa.and_(
        AgencyPairing.giver_id.is_not_distinct_from(giver_id),
        AgencyPairing.taker_id.is_not_distinct_from(taker_id),
    )
