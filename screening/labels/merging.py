"""Waves as staff see them: their names, and waves that they found to be one; whoever calls leaves the audit row.

A merge is a pointer and nothing else, so it is undone without loss. It groups what staff see; what citizens hear of others
who sent the like is counted by likeness alone.
"""

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from screening.desk import MAY_LABEL, MAY_READ, Mask, require
from screening.models import Wave

LONGEST_NAME = 60


class WaveMergedError(ConflictError):
    """The wave is a part of another, or the other of it."""

    code = "wave_merged"


class BadNameError(InvalidInputError):
    """The name is too long, or names somebody."""

    code = "bad_wave_name"


class Part(msgspec.Struct, frozen=True):
    """A wave that was merged into another, by whom and when."""

    id: UUID
    kind: str
    senders: int
    founded_at: datetime
    merged_by: str
    merged_at: datetime


class WaveOnDesk(msgspec.Struct, frozen=True):
    """A wave with what was merged into it; `merged_into` where it is itself a part."""

    id: UUID
    name: str
    band: str
    kind: str
    senders: int
    founded_at: datetime
    merged_into: UUID | None
    parts: tuple[Part, ...]


async def read_wave(session: AsyncSession, wave_id: UUID, *, by: Account) -> WaveOnDesk:
    """Raises ForbiddenError, NotFoundError."""
    require(by, MAY_READ)
    wave = await _find(session, wave_id)
    rows = await session.execute(
        sa.select(Wave, Account.name)
        .join(Account, Account.id == Wave.merged_by)
        .where(Wave.merged_into == wave_id)
        .order_by(Wave.merged_at)
    )
    parts = tuple(
        Part(row.id, row.kind, row.senders, row.founded_at, name, row.merged_at or row.founded_at)
        for row, name in rows
    )
    return WaveOnDesk(
        wave.id, wave.name or "", wave.band, wave.kind, wave.senders, wave.founded_at, wave.merged_into, parts
    )


async def name_wave(session: AsyncSession, wave_id: UUID, name: str, *, by: Account, mask: Mask) -> None:
    """Call a wave something, or nothing any more; raises ForbiddenError, NotFoundError, BadNameError."""
    require(by, MAY_LABEL)
    words = " ".join(name.split())
    if len(words) > LONGEST_NAME or list(await mask([words])) != [words]:
        raise BadNameError(f"at most {LONGEST_NAME} letters, without ids, numbers, links or companies")
    (await _find(session, wave_id)).name = words or None
    await session.flush()


async def merge_waves(session: AsyncSession, wave_id: UUID, *, into: UUID, by: Account) -> None:
    """Find a wave, with all that was merged into it, to be the same as another.

    Raises ForbiddenError, NotFoundError, WaveMergedError where either is a part already, or both are one.
    """
    require(by, MAY_LABEL)
    # In one order, so that two merges that cross wait for each other.
    found = {each: await _find(session, each) for each in sorted({wave_id, into})}
    if len(found) < 2 or any(wave.merged_into is not None for wave in found.values()):
        raise WaveMergedError("one of them is a part of another wave; take it out first")
    await session.execute(
        sa.update(Wave)
        .where(sa.or_(Wave.id == wave_id, Wave.merged_into == wave_id))
        .values(merged_into=into, merged_by=by.id, merged_at=utc_now())
        .execution_options(synchronize_session=False)
    )


async def part_wave(session: AsyncSession, wave_id: UUID, *, part: UUID, by: Account) -> None:
    """Take a part out of a wave again; raises ForbiddenError, and NotFoundError for what is no part of it."""
    require(by, MAY_LABEL)
    parted = await session.scalar(
        sa.update(Wave)
        .where(Wave.id == part, Wave.merged_into == wave_id)
        .values(merged_into=None, merged_by=None, merged_at=None)
        .returning(Wave.id)
        .execution_options(synchronize_session=False)
    )
    if parted is None:
        raise NotFoundError("this wave is no part of the other")


async def _find(session: AsyncSession, wave_id: UUID) -> Wave:
    wave = await session.get(Wave, wave_id, with_for_update=True)
    if wave is None:
        raise NotFoundError("no such wave")
    return wave
