"""The database of this process and the one place that commits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from core.db.embedded import start_embedded
from core.errors import SettingsError
from core.logs import get_logger
from core.settings import Settings

_log = get_logger()

# What a connection that was never made or was cut looks like, by library.
CONNECTION_ERRORS = (
    OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError, OperationalError,
    asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError, TimeoutError,
    # asyncpg's own word for a connection whose last operation never ended.
    asyncpg.InternalClientError,
    # All connections of this process are in use: for who waits that is the same as a database that is away.
    PoolTimeoutError,
)  # fmt: skip


# A host that vanished or froze in the middle of a transaction would keep its locks, for hours by TCP's own patience;
# nothing of ours pauses so long between two statements.
_SERVER_SETTINGS = {
    "jit": "off",
    "application_name": "rootan",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "30s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


def is_connection_error(error: BaseException) -> bool:
    """Tell whether the database was away, as opposed to having refused a statement."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
        return error.connection_invalidated or isinstance(cause, CONNECTION_ERRORS)
    return isinstance(error, CONNECTION_ERRORS)


class Database:
    """The engine of this process. `unit_of_work` alone commits; a lint checks who opens it (invariant 5)."""

    def __init__(self, address: str, *, embedded_dir: Path | None = None, pool_size: int = 8) -> None:
        self.address = address
        self._embedded_dir = embedded_dir
        self._reviving: asyncio.Task[None] | None = None
        self.engine: AsyncEngine = create_async_engine(
            address,
            pool_size=pool_size,
            max_overflow=4,
            pool_timeout=5,
            pool_pre_ping=False,
            hide_parameters=True,
            connect_args={
                "timeout": 3,
                "command_timeout": 60,
                "server_settings": _SERVER_SETTINGS,
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)

    @contextlib.asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """Open one transaction: commit at the end, roll back on any error."""
        session = self._sessions()
        try:
            yield session
            await session.commit()
        except BaseException as error:
            await _undo(session, error)
            if is_connection_error(error):
                self.revive()
            raise
        finally:
            await session.close()

    def revive(self) -> None:
        """Start the embedded server again, beside what goes on, when it is the one that died; elsewhere do nothing."""
        if self._embedded_dir is not None and (self._reviving is None or self._reviving.done()):
            self._reviving = asyncio.create_task(self._start_again(self._embedded_dir))

    async def _start_again(self, data_dir: Path) -> None:
        with contextlib.suppress(Exception):
            await asyncio.to_thread(start_embedded, data_dir)
            _log.info("embedded_database_joined")

    async def close(self) -> None:
        await self.engine.dispose()

    @property
    def asyncpg_address(self) -> str:
        return self.address.replace("postgresql+asyncpg://", "postgresql://", 1)


async def _undo(session: AsyncSession, error: BaseException) -> None:
    """Roll back; where the server may not answer, or was cut short, drop the connection without asking it.

    A rollback would wait for a server that hangs, whatever time the caller had; and a connection that was cut short in
    the pool would fail whoever is given it next.
    """
    if not isinstance(error, asyncio.CancelledError) and not is_connection_error(error):
        await session.rollback()
        return
    raw = session.info.pop(_DRIVER, None)
    if raw is not None:
        raw.terminate()
    await session.invalidate()


async def driver_connection(session: AsyncSession) -> Any:
    """Return the session's own asyncpg connection, inside the session's transaction.

    SQLAlchemy begins lazily: without a first statement, work on the raw connection would be outside the transaction.
    Its adapter is told to begin at once, for a statement that does nothing was a twentieth of a web process. Where it
    can't, such a statement meets the same error, so that SQLAlchemy sees it and drops the other dead connections too.
    """
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    adapter: Any = raw.dbapi_connection
    session.info[_DRIVER] = driver
    with contextlib.suppress(adapter.dbapi.Error):
        if not driver.is_in_transaction():
            await adapter._start_transaction()  # noqa: SLF001 - SQLAlchemy begins with this, at its first statement
    if not driver.is_in_transaction():
        await connection.execute(_FIRST)
    return driver


_DRIVER = "driver"
_FIRST = text("SELECT 1")


def open_database(settings: Settings, *, pool_size: int = 8) -> Database:
    """Return the database that the settings name, starting the embedded one when they name none."""
    if settings.is_embedded:
        address = start_embedded(settings.data_dir)
        return Database(address, embedded_dir=settings.data_dir, pool_size=pool_size)
    return Database(normalise_address(settings.database_url), pool_size=pool_size)


def normalise_address(url: str) -> str:
    """Accept the usual spellings of a PostgreSQL address and name our driver."""
    for prefix in ("postgresql+asyncpg://", "postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    raise SettingsError("ROOTAN_DATABASE_URL must begin with postgresql://")
