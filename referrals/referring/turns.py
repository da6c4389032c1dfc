"""An agency's requests in the order in which they want looking at: what is urgent and due first, then what waits longest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.models import Referral
from referrals.referring.models import AgencyReferral
from referrals.referring.reading import PAGE, STATES, Box, InboxLine, line_of, unread_of
from referrals.tracks.models import CaseStanding, TrackAlarm


class Place(NamedTuple):
    """Where a page ended: whether the row's turn came first (0) or after those (1), its moment, and the request."""

    rank: int
    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Turn:
    """A request and why its turn comes: a life in danger, as far as the agency was told, or a clock of the agency's own."""

    line: InboxLine
    is_urgent: bool
    clock_at: datetime | None
    place: Place


async def read_turns(
    session: AsyncSession,
    agency_id: UUID,
    *,
    box: Box,
    clocks: Collection[str],
    after: Place | None = None,
    limit: int = PAGE,
) -> list[Turn]:
    """Return a page of a box beyond a place; what is over comes the newest first.

    `clocks` are those of clocks.toml that the agency's own steps end: others' are not for it to know.
    """
    urgent, clock_at = _urgent(), _clock_at(clocks)
    rank, at = _order(box, urgent, clock_at)
    asked = (
        sa.select(AgencyReferral, unread_of("hotline"), urgent, clock_at, rank, at)
        .join(Referral, Referral.id == AgencyReferral.referral_id)
        .outerjoin(CaseStanding, CaseStanding.referral_id == AgencyReferral.referral_id)
        .where(AgencyReferral.agency_id == agency_id, AgencyReferral.state.in_(STATES[box]))
        .limit(limit)
    )
    keys = (rank, at, AgencyReferral.id)
    here, is_over = sa.tuple_(*keys), box == "ended"
    if after is not None:
        beyond = sa.tuple_(
            sa.literal(after.rank),
            sa.literal(after.at, sa.DateTime(timezone=True)),
            sa.literal(after.id, sa.Uuid),
        )
        asked = asked.where(here < beyond if is_over else here > beyond)
    asked = asked.order_by(*([key.desc() for key in keys] if is_over else keys))
    return [
        Turn(line_of(row, unread), is_urgent, clock, Place(of_rank, moment, row.id))
        for row, unread, is_urgent, clock, of_rank, moment in await session.execute(asked)
    ]


def _urgent() -> sa.ColumnElement[bool]:
    """Whether a life is in danger, where that was among the fields that the agency was given."""
    return sa.and_(Referral.priority == "P0", AgencyReferral.fields.contains(["priority"]))


def _clock_at(clocks: Collection[str]) -> sa.ColumnElement[Any]:
    """When the first clock ran or runs out that the agency's own steps end."""
    rung = (
        sa.select(sa.func.min(TrackAlarm.due_at))
        .where(
            TrackAlarm.referral_id == AgencyReferral.referral_id,
            TrackAlarm.clock.in_(clocks),
            TrackAlarm.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    following = sa.case((CaseStanding.next_clock.in_(clocks), CaseStanding.next_due_at))
    return sa.func.least(rung, following)


def _order(
    box: Box, urgent: sa.ColumnElement[bool], clock_at: sa.ColumnElement[Any]
) -> tuple[sa.ColumnElement[int], Any]:
    """Return the rank of a row and its moment."""
    row = AgencyReferral
    if box == "waiting":
        return sa.case((urgent, 0), else_=1), row.due_at
    if box == "working":
        return sa.case((clock_at.is_(None), 1), else_=0), sa.func.coalesce(
            clock_at, row.answered_at, row.sent_at
        )
    return sa.case((row.ended_at.is_(None), 1), else_=0), sa.func.coalesce(row.ended_at, row.sent_at)
