"""What commands share: settings and logs, one transaction, plain errors, sockets, a clean end."""

import atexit
import contextlib
import ipaddress
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from asyncpg import InvalidAuthorizationSpecificationError, InvalidCatalogNameError, UndefinedTableError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.runtime import Runtime, make_runtime
from core.db import embedded
from core.db.database import is_connection_error
from core.errors import SettingsError
from core.logs import configure_logs
from core.settings import Settings, load_settings

T = TypeVar("T")


def prepare_process() -> Settings:
    """Read the settings and set up the logs; raises SettingsError."""
    settings = load_settings()
    configure_logs(json=settings.env == "production")
    return settings


async def in_one_transaction(work: Callable[[Runtime, AsyncSession], Awaitable[T]]) -> T:
    """Run a command's work in one unit of work on the database of the settings.

    Raises SettingsError when the database is away.
    """
    runtime = make_runtime(prepare_process(), pool_size=1)
    try:
        with plain_database_errors():
            async with runtime.database.unit_of_work() as session:
                return await work(runtime, session)
    finally:
        await runtime.database.close()


@contextlib.contextmanager
def plain_database_errors() -> Iterator[None]:
    """Turn what a database that is away or empty raises into a SettingsError of one line."""
    try:
        yield
    except Exception as error:
        if is_connection_error(error):
            raise SettingsError("the database does not answer; check ROOTAN_DATABASE_URL") from None
        cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig is not None else error
        if isinstance(cause, InvalidAuthorizationSpecificationError | InvalidCatalogNameError):
            raise SettingsError(
                "the database refuses us; check user, password and name in ROOTAN_DATABASE_URL"
            ) from None
        if isinstance(cause, UndefinedTableError):
            raise SettingsError("the database has no schema yet; run `rootan migrate`") from None
        raise


def leave_embedded_when_done(settings: Settings) -> None:
    """Let the embedded server stop with this process even where one that shared it was killed.

    The wheel stops its server with the last process of a list from which a killed one never takes itself.
    """
    if settings.is_embedded:
        cluster = (settings.data_dir / "postgres").resolve() / "cluster"
        atexit.register(embedded._forget_dead_processes, cluster)  # noqa: SLF001 - the one place that knows the list


def end_quietly_on_signals() -> None:
    """Let a stop by signal run the exit handlers: uvicorn raises the signal again once it has stopped."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: None)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address; raises SettingsError when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2_048)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"port {port} on {host} can't be used ({error.strerror}); choose another with --port (make run PORT=…)"
        ) from None
    listener.set_inheritable(True)
    return listener
