"""Examples of waves: copies without anything personal, approved by staff, that no longer belong to who sent them.

Whoever calls leaves the audit row.
"""

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.crypto.sealing import seal as seal_bytes
from core.db.database import driver_connection
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from screening.desk import MAY_LABEL, MAY_PUBLISH, Mask, desk_key, require
from screening.models import Wave, WaveExample
from screening.offers import open_text

_LONGEST = 2_000


class Draft(msgspec.Struct, frozen=True):
    """A copy for staff to read before it is approved: what may still name somebody, a machine does not see."""

    wave_id: UUID
    text: str


class Example(msgspec.Struct, frozen=True):
    """An approved example."""

    id: UUID
    wave_id: UUID
    text: str
    approved_at: datetime


async def draft_example(
    session: AsyncSession, keys: DataKeys, wave_id: UUID, *, by: Account, mask: Mask
) -> Draft:
    """Return a redacted copy of the newest text of a wave that still opens.

    Raises ForbiddenError, and NotFoundError where every text's time is over.
    """
    require(by, MAY_LABEL)
    connection = await driver_connection(session)
    row = await connection.fetchrow(_NEWEST_TEXT, wave_id)
    if row is None:
        raise NotFoundError("no text of this wave is kept any more")
    if row["contact_id"] is None:
        _, key = await desk_key(session, keys)
    else:
        key = keys.open(row["key_id"], row["wrapped"])
    text = open_text(key, row["id"], row["text"])
    return Draft(wave_id, (await mask([text]))[0][:_LONGEST])


_NEWEST_TEXT = """
SELECT s.id, s.contact_id, t.text, k.id AS key_id, k.wrapped
FROM screening s JOIN screening_text t ON t.screening_id = s.id
LEFT JOIN contact c ON c.id = s.contact_id LEFT JOIN data_key k ON k.id = c.data_key_id
WHERE s.wave_id = $1 AND (s.contact_id IS NULL OR k.wrapped IS NOT NULL) ORDER BY s.id DESC LIMIT 1
"""


async def approve_example(
    session: AsyncSession, keys: DataKeys, wave_id: UUID, text: str, *, by: Account, mask: Mask
) -> UUID:
    """Keep a copy, as staff edited it, under a key that is no person's; raises ForbiddenError, NotFoundError.

    Raises InvalidInputError for a copy in which a handle or a long number still stands.
    """
    require(by, MAY_PUBLISH)
    copy = text.strip()
    if not copy or len(copy) > _LONGEST:
        raise InvalidInputError(f"an example has 1 to {_LONGEST} letters")
    if list(await mask([copy])) != [copy]:
        raise InvalidInputError("an id, a number, a link or a company still stands in it; take it out first")
    if await session.get(Wave, wave_id) is None:
        raise NotFoundError("no such wave")
    _, key = await desk_key(session, keys)
    row_id = new_id()
    sealed = seal_bytes(key, copy.encode(), _bound(row_id))
    session.add(
        WaveExample(id=row_id, wave_id=wave_id, text=Box(sealed), approved_by=by.id, approved_at=utc_now())
    )
    await session.flush()
    return row_id


async def withdraw_example(session: AsyncSession, wave_id: UUID, example_id: UUID, *, by: Account) -> None:
    """Show an example of a wave no longer; raises ForbiddenError, and NotFoundError also for another wave's."""
    require(by, MAY_PUBLISH)
    changed = await session.scalar(
        sa.update(WaveExample)
        .where(
            WaveExample.id == example_id,
            WaveExample.wave_id == wave_id,
            WaveExample.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=utc_now())
        .returning(WaveExample.id)
    )
    if changed is None:
        raise NotFoundError("no such example")


async def examples_of(session: AsyncSession, keys: DataKeys, wave_ids: list[UUID]) -> list[Example]:
    """Return the approved examples of these waves, newest first."""
    rows = (
        await session.scalars(
            sa.select(WaveExample)
            .where(WaveExample.wave_id.in_(wave_ids), WaveExample.withdrawn_at.is_(None))
            .order_by(WaveExample.id.desc())
        )
    ).all()
    if not rows:
        return []
    _, key = await desk_key(session, keys)
    return [Example(r.id, r.wave_id, r.text.open(key, _bound(r.id)).decode(), r.approved_at) for r in rows]


def _bound(row_id: UUID) -> bytes:
    return context("wave_example", "text", row_id)
