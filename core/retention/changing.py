"""Changing a length: asked for by one person with its effect before their eyes, confirmed by another, from a midnight on.

Shortening can't be undone and lengthening keeps more than people were told when they wrote, so both take two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok, utc_now
from core.db.database import driver_connection
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.retention.classes import KeptClass, kept_classes
from core.retention.lengths import lengths_in_force, units_in_force
from core.retention.models import RetentionChange, RetentionTally
from core.retention.steps import Sweep

REASONS = ("ministry_decided", "law_changed", "fewer_data", "work_needs_it")
MOST_COUNTED = 100_000
_TALLIED_DAYS = 30


class LengthError(InvalidInputError):
    """A length outside the bounds of its class, or the one in force."""

    code = "length_bounds"


class FixedLengthError(ConflictError):
    """This class's length is not changed here."""

    code = "length_fixed"


class ChangeWaitsError(ConflictError):
    """Another change of the class waits for its second person."""

    code = "change_waits"


class SecondLookError(ForbiddenError):
    """Whoever asked for a change can't be the one who confirms it."""

    code = "second_look"


class ChangeGoneError(ConflictError):
    """It was confirmed, withdrawn, or holds already."""

    code = "change_gone"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new length brings, from `holds_from` on: how many go that would else have stayed, `MOST_COUNTED` at most."""

    before: int
    after: int
    removed: int
    holds_from: datetime


def next_midnight(now: datetime) -> datetime:
    """The beginning of the next day in Bangkok."""
    return (bangkok(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def changeable(code: str, length: int) -> KeptClass:
    """Return the class; raises NotFoundError, FixedLengthError, LengthError."""
    kept = kept_classes().get(code)
    if kept is None:
        raise NotFoundError("no such class")
    if not kept.changeable:
        raise FixedLengthError("this length is not changed here")
    if not kept.least <= length <= kept.most:
        raise LengthError(f"from {kept.least} to {kept.most}")
    return kept


async def weigh(session: AsyncSession, code: str, length: int, sweeps: Sequence[Sweep]) -> Effect:
    """Count what a length would remove on its first day. Raises as `changeable`, and LengthError for the one in force."""
    kept = changeable(code, length)
    connection = await driver_connection(session)
    begins = next_midnight(utc_now())
    units = await units_in_force(connection, begins)
    if units[code] == length:
        raise LengthError("this is the length already")
    removed = 0
    if length < units[code]:
        present = (await lengths_in_force(connection, begins))[code]
        for sweep in (one for one in sweeps if one.code == code):
            shorter = await sweep.count(connection, begins - kept.span(length), MOST_COUNTED)
            removed += shorter - await sweep.count(connection, begins - present, MOST_COUNTED)
    return Effect(units[code], length, max(removed, 0), begins)


async def ask_change(
    session: AsyncSession, change_id: UUID, *, code: str, length: int, reason: str, by: UUID
) -> None:
    """Write a change down for a second person; the same id once.

    Raises as `changeable`, InvalidInputError for an unknown reason, ChangeWaitsError.
    """
    changeable(code, length)
    if reason not in REASONS:
        raise InvalidInputError("choose why")
    await session.execute(
        insert(RetentionChange)
        .values(id=change_id, code=code, length=length, reason=reason, asked_by=by, asked_at=utc_now())
        .on_conflict_do_nothing()
    )
    if await session.get(RetentionChange, change_id) is None:
        raise ChangeWaitsError("another change of this class waits")


async def confirm_change(session: AsyncSession, change_id: UUID, *, by: UUID) -> RetentionChange:
    """Let it hold from the coming midnight. Raises SecondLookError, ChangeGoneError, NotFoundError."""
    change = await _waiting(session, change_id)
    if change.asked_by == by:
        raise SecondLookError("another person has to confirm it")
    changeable(change.code, change.length)
    now = utc_now()
    change.confirmed_by, change.confirmed_at, change.holds_from = by, now, next_midnight(now)
    return change


async def withdraw_change(session: AsyncSession, change_id: UUID, *, by: UUID) -> RetentionChange:
    """Take a change back that does not hold yet. Raises ChangeGoneError, NotFoundError."""
    change = await session.get(RetentionChange, change_id, with_for_update=True)
    if change is None:
        raise NotFoundError("no such change")
    if change.withdrawn_at is not None or (change.holds_from is not None and change.holds_from <= utc_now()):
        raise ChangeGoneError("it holds already, or was taken back")
    change.withdrawn_by, change.withdrawn_at = by, utc_now()
    return change


async def _waiting(session: AsyncSession, change_id: UUID) -> RetentionChange:
    change = await session.get(RetentionChange, change_id, with_for_update=True)
    if change is None:
        raise NotFoundError("no such change")
    if change.withdrawn_at is not None or change.confirmed_at is not None:
        raise ChangeGoneError("it was confirmed or taken back")
    return change


async def list_changes(session: AsyncSession, code: str | None = None) -> list[RetentionChange]:
    """Return changes of one class or of all, the newest first."""
    chosen = sa.select(RetentionChange).order_by(RetentionChange.asked_at.desc()).limit(100)
    return list(await session.scalars(chosen.where(RetentionChange.code == code) if code else chosen))


async def read_tally(session: AsyncSession) -> dict[str, int]:
    """Return how many of each class were removed in the last thirty days."""
    since = bangkok(utc_now()).date() - timedelta(days=_TALLIED_DAYS)
    rows = await session.execute(
        sa.select(RetentionTally.code, sa.func.sum(RetentionTally.removed))
        .where(RetentionTally.day > since)
        .group_by(RetentionTally.code)
    )
    return {code: int(removed) for code, removed in rows}


async def read_days(session: AsyncSession, code: str) -> list[RetentionTally]:
    """Return what was removed of a class, day by day, the newest first."""
    found = sa.select(RetentionTally).where(RetentionTally.code == code).order_by(RetentionTally.day.desc())
    return list(await session.scalars(found.limit(_TALLIED_DAYS)))
