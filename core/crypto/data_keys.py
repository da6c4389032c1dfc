"""Envelope keys: one data key per contact, per case, per batch and per day, wrapped by the master keyset.

Destroying a data key destroys what it sealed; the list of erasures is replayed when a backup is restored.
"""

import os
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.crypto.sealing import context
from core.db.base import Base, Id
from core.errors import KeyDestroyedError, MasterKeyMissingError
from core.ids import new_id


class DataKey(Base):
    """A wrapped data key; `wrapped` is empty once destroyed."""

    __tablename__ = "data_key"

    id: Mapped[Id]
    purpose: Mapped[str]
    # Day keys of the inbox carry their day so that all processes share one.
    name: Mapped[str | None]
    wrapped: Mapped[bytes | None]
    master: Mapped[str]
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("uq_data_key_name", "name", unique=True, postgresql_where=sa.text("name IS NOT NULL")),
        # What was lately destroyed, or destroyed again in a restored backup.
        sa.Index(
            "ix_data_key_destroyed", "destroyed_at",
            postgresql_where=sa.text("destroyed_at IS NOT NULL AND purpose = 'case'"),
        ),
    )  # fmt: skip


class Erasure(Base):
    """A key destroyed, kept for replay on a restored backup. Holds nothing about whose it was."""

    __tablename__ = "erasure"

    data_key_id: Mapped[Id]
    erased_at: Mapped[datetime]


def _bound(key_id: UUID) -> bytes:
    return context("data_key", "wrapped", key_id)


class DataKeys:
    """Makes, opens and remembers data keys for this process (bounded: the last 20,000 opened)."""

    _REMEMBERED = 20_000

    def __init__(self, keyset: Keyset, newest: Callable[[], Keyset] | None = None) -> None:
        """`newest` returns the set as it stands now, where it may change while the process runs."""
        self.keyset = keyset
        self._newest = newest
        self._opened: OrderedDict[UUID, tuple[bytes, bytes]] = OrderedDict()

    def make(self) -> tuple[UUID, bytes, bytes]:
        """Return a new key's id, the key (32 bytes) and its wrapped form."""
        key_id, key = new_id(), os.urandom(32)
        return key_id, key, self.current().wrap(key, _bound(key_id))

    def current(self) -> Keyset:
        """Return the master keyset as it stands now; what is sealed under a retired key would be lost."""
        if self._newest is not None:
            self.keyset = self._newest()
        return self.keyset

    def open(self, key_id: UUID, wrapped: bytes | None) -> bytes:
        """Return the data key.

        Raises KeyDestroyedError after an erasure, MasterKeyMissingError where this process was not given the master key
        yet, CryptoError for damage.
        """
        if not wrapped:
            self._opened.pop(key_id, None)
            raise KeyDestroyedError("the content was erased")
        remembered = self._opened.get(key_id)
        # The wrapped form is compared, so that a destroyed or re-wrapped key is never served from memory.
        if remembered is not None and remembered[0] == wrapped:
            self._opened.move_to_end(key_id)
            return remembered[1]
        key = self._unwrap(wrapped, _bound(key_id))
        self._opened[key_id] = (wrapped, key)
        if len(self._opened) > self._REMEMBERED:
            self._opened.popitem(last=False)
        return key

    def _unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        try:
            return self.keyset.unwrap(wrapped, bound_to)
        except MasterKeyMissingError:
            return self.current().unwrap(wrapped, bound_to)

    def row(self, purpose: str, name: str | None = None) -> tuple[DataKey, bytes]:
        """Return an unsaved row with a new key, and the key."""
        key_id, key, wrapped = self.make()
        row = DataKey(
            id=key_id,
            purpose=purpose,
            name=name,
            wrapped=wrapped,
            master=self.keyset.primary,
            created_at=utc_now(),
        )
        return row, key

    async def load(self, session: AsyncSession, key_id: UUID) -> bytes:
        """Read one key from the database; raises KeyDestroyedError."""
        wrapped = await session.scalar(sa.select(DataKey.wrapped).where(DataKey.id == key_id))
        return self.open(key_id, wrapped)

    async def named(self, session: AsyncSession, name: str, purpose: str) -> tuple[UUID, bytes]:
        """Return the shared key of that name, making it when it is the first use."""
        row, _ = self.row(purpose, name)
        await session.execute(
            sa.dialects.postgresql.insert(DataKey)
            .values(id=row.id, purpose=purpose, name=name, wrapped=row.wrapped, master=row.master,
                    created_at=row.created_at)
            .on_conflict_do_nothing(index_elements=["name"], index_where=sa.text("name IS NOT NULL"))
        )  # fmt: skip
        found = (
            await session.execute(sa.select(DataKey.id, DataKey.wrapped).where(DataKey.name == name))
        ).one()
        return found.id, self.open(found.id, found.wrapped)


async def destroy_data_key(session: AsyncSession, key_id: UUID) -> None:
    """Destroy a data key and note the erasure; doing it twice is the same as once."""
    now = utc_now()
    await session.execute(
        sa.update(DataKey)
        .where(DataKey.id == key_id, DataKey.destroyed_at.is_(None))
        .values(wrapped=None, destroyed_at=now)
    )
    await session.execute(
        sa.dialects.postgresql.insert(Erasure)
        .values(data_key_id=key_id, erased_at=now)
        .on_conflict_do_nothing()
    )


async def replay_erasures(session: AsyncSession, erased: list[UUID]) -> int:
    """Destroy again, in a restored database, every key of the list; return how many were still alive."""
    alive = (
        await session.scalars(
            sa.select(DataKey.id).where(DataKey.id.in_(erased), DataKey.destroyed_at.is_(None))
        )
    ).all()
    for key_id in erased:
        await destroy_data_key(session, key_id)
    return len(alive)


async def rewrap_keys(session: AsyncSession, keyset: Keyset, limit: int = 500) -> int:
    """Wrap up to `limit` data keys anew under the primary master key; 0 when none is left. Safe to repeat."""
    rows = (
        await session.scalars(
            sa.select(DataKey)
            .where(DataKey.master != keyset.primary, DataKey.destroyed_at.is_(None))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        if row.wrapped is not None:
            row.wrapped = keyset.wrap(keyset.unwrap(row.wrapped, _bound(row.id)), _bound(row.id))
            row.master = keyset.primary
    return len(rows)
