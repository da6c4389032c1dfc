"""A look, before a long-running process starts, at what it will stand on."""

import asyncio
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from app.cli.process import plain_database_errors
from app.revisions import current_revision, head_revision, known_revisions
from app.runtime import Runtime, make_runtime
from core.accounts.demo import has_demo_accounts
from core.crypto.data_keys import DataKey
from core.errors import CryptoError, SettingsError
from core.settings import Settings


class Ground(NamedTuple):
    """What the database said."""

    revision: str | None
    newest_key: tuple[UUID, bytes | None] | None
    demo_accounts: bool


def check_ground(settings: Settings) -> None:
    """Refuse to start where the process would only fail later.

    Raises SettingsError with one line that says what to set: the database is away, empty or behind, the keyset opens
    nothing there, or a production database holds demo accounts.
    """
    asyncio.run(_check(make_runtime(settings, pool_size=1)))


async def _check(runtime: Runtime) -> None:
    try:
        with plain_database_errors():
            ground = await _look(runtime)
    finally:
        await runtime.database.close()
    _check_schema(ground.revision)
    if ground.demo_accounts and runtime.settings.env == "production":
        raise SettingsError("this database holds demo accounts; production needs a database of its own")
    if ground.newest_key is not None:
        _check_keys(runtime, *ground.newest_key)


async def _look(runtime: Runtime) -> Ground:
    revision = await current_revision(runtime.database)
    if revision is None or _is_behind(revision):
        return Ground(revision, None, demo_accounts=False)
    newest = (
        sa.select(DataKey.id, DataKey.wrapped)
        .where(DataKey.wrapped.is_not(None))
        .order_by(DataKey.id.desc())
        .limit(1)
    )
    async with runtime.database.unit_of_work() as session:
        row = (await session.execute(newest)).one_or_none()
        demo = await has_demo_accounts(session)
    return Ground(revision, None if row is None else (row.id, row.wrapped), demo)


def _check_schema(revision: str | None) -> None:
    if revision is None:
        raise SettingsError("the database has no schema yet; run `rootan migrate`")
    if _is_behind(revision):
        raise SettingsError(f"the database's schema is at {revision}; run `rootan migrate`")


def _is_behind(revision: str) -> bool:
    """A revision that this release does not know is a newer one: old and new processes may run side by side."""
    return revision in known_revisions() - {head_revision()}


def _check_keys(runtime: Runtime, key_id: UUID, wrapped: bytes | None) -> None:
    try:
        runtime.keys.open(key_id, wrapped)
    except CryptoError:
        raise SettingsError(
            "the keyset does not open what this database holds; point ROOTAN_KEYS_FILE at the right one"
        ) from None
