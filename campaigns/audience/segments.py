"""Audiences under a name, to be chosen again. A campaign copies the rule, so that what was approved stays as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import regex
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.bounds import check_audience
from campaigns.models import Segment
from campaigns.plans.audience import Audience
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id

LONGEST_NAME = 60
MOST_SEGMENTS = 500
_PRINTABLE = regex.compile(r"[^\p{C}]+")


class SegmentNameError(InvalidInputError):
    code = "segment_name"


class SegmentNameTakenError(ConflictError):
    code = "segment_name_taken"


class SegmentsFullError(ConflictError):
    code = "segments_full"


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A saved audience; None where its rule is of a form that is no more."""

    id: UUID
    name: str
    audience: Audience | None
    created_by: UUID
    created_at: datetime


async def save_segment(session: AsyncSession, *, name: str, audience: Audience, author_id: UUID) -> UUID:
    """Raises SegmentNameError, SegmentNameTakenError, SegmentsFullError, AudienceError."""
    tidy = _tidy(name)
    check_audience(audience)
    if (await session.scalar(sa.select(sa.func.count()).select_from(Segment)) or 0) >= MOST_SEGMENTS:
        raise SegmentsFullError(f"there are {MOST_SEGMENTS} already; remove one that nobody uses")
    saved: UUID | None = await session.scalar(
        insert(Segment)
        .values(
            id=new_id(), name=tidy, rule=msgspec.to_builtins(audience), created_by=author_id, created_at=utc_now()
        )
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(Segment.id)
    )  # fmt: skip
    if saved is None:
        raise SegmentNameTakenError("there is a segment of this name; choose another name")
    return saved


async def list_segments(session: AsyncSession) -> list[SegmentView]:
    """Return all of them by name."""
    return [_view(row) for row in await session.scalars(sa.select(Segment).order_by(Segment.name))]


async def read_segment(session: AsyncSession, segment_id: UUID) -> SegmentView:
    """Raises NotFoundError."""
    row = await session.get(Segment, segment_id)
    if row is None:
        raise NotFoundError("no such segment")
    return _view(row)


async def remove_segment(session: AsyncSession, segment_id: UUID) -> None:
    """Campaigns that were made from it keep their rule. Raises NotFoundError."""
    gone = await session.scalar(sa.delete(Segment).where(Segment.id == segment_id).returning(Segment.id))
    if gone is None:
        raise NotFoundError("no such segment")


def _tidy(name: str) -> str:
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST_NAME or not _PRINTABLE.fullmatch(tidy):
        raise SegmentNameError(f"a name has 1 to {LONGEST_NAME} characters")
    return tidy


def _view(row: Segment) -> SegmentView:
    return SegmentView(row.id, row.name, _decoded(row.rule), row.created_by, row.created_at)


def _decoded(stored: Mapping[str, Any]) -> Audience | None:
    try:
        return msgspec.convert(stored, Audience)
    except msgspec.ValidationError:
        return None
