"""The demo as a newcomer starts it: one command, its printed accounts, its phones, its database."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from app.cli.demo.simulated import free_port
from core.db.embedded import DATABASE
from simulator.client import SimulatorClient
from tests.app.cli.conftest import bare_environment
from tests.support.processes import left_of

START_SECONDS = 60
STOP_SECONDS = 10
_ACCOUNT = re.compile(r"^ +(\S+)@rootan\.test +(\S+) +([A-Z2-7]{32}) +\w+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    password: str
    totp_secret: str


class Demo:
    """A running `rootan demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.said = ""
        self._process: asyncio.subprocess.Process
        self._reading: asyncio.Task[None]
        self._greeted = asyncio.Event()

    async def start(self) -> None:
        """Return once it has greeted; raises TimeoutError with what it said."""
        self._process = await begin(self.port, self.folder)
        self._reading = asyncio.create_task(self._read())
        try:
            await asyncio.wait_for(self._greeted.wait(), START_SECONDS)
        except TimeoutError:
            raise TimeoutError(f"the demo did not greet; it said:\n{self.said}") from None

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while heard := await self._process.stdout.read(4_096):
            self.said += heard.decode(errors="replace")
            if "A sign-in code" in self.said:
                self._greeted.set()

    def account(self, name: str) -> Account:
        found = {who: (password, secret) for who, password, secret in _ACCOUNT.findall(self.said)}
        return Account(f"{name}@rootan.test", *found[name])

    def simulator(self) -> SimulatorClient:
        """A client of the platforms that this demo started; the supervisor's child knows their port."""
        command = next(
            words
            for child in psutil.Process(self._process.pid).children()
            if "simulator" in (words := child.cmdline())
        )
        return SimulatorClient(f"http://127.0.0.1:{command[command.index('--port') + 1]}")

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection to the embedded server that does not count as one of its processes."""
        lines = (self.folder / "var/postgres/cluster/postmaster.pid").read_text().splitlines()
        connection = await asyncpg.connect(
            host=lines[4], port=int(lines[3]), user="postgres", database=DATABASE
        )
        try:
            yield connection
        finally:
            await connection.close()

    async def grow_older(self, by: str) -> None:
        """The service's clock is real, so what it remembers of everybody's last words is moved back instead."""
        async with self.database() as connection:
            await connection.execute(
                f"UPDATE conversation SET last_inbound_at = last_inbound_at - interval '{by}'"
            )

    async def stop(self) -> None:
        """Press Ctrl-C; fails unless everything is gone in time, the database included."""
        family = psutil.Process(self._process.pid).children(recursive=True)
        server = self.folder / "var/postgres/cluster/postmaster.pid"
        family.append(psutil.Process(int(server.read_text().splitlines()[0])))
        self._process.send_signal(signal.SIGINT)
        status = await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        await self._reading
        assert status == 0, self.said[-2_000:]
        assert await left_of(family) == []
        assert not server.exists()

    async def kill(self) -> None:
        """The last resort, where stopping failed: its own processes, by their ids."""
        if self._process.returncode is None:
            for child in psutil.Process(self._process.pid).children(recursive=True):
                child.kill()
            self._process.kill()
            await self._process.wait()


async def begin(port: int, folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "demo", "--port", str(port),
        cwd=folder,
        env=bare_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
