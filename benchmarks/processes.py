"""Real processes for benchmarks: the simulator, our service, the peer, the load; ended by id when done."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import DEVNULL, Popen

import httpx
import msgspec
import orjson
import psutil

from app.schema import migrate
from benchmarks.load import Requests
from core.crypto.keyset import new_keyset, write_keyset
from core.db.database import Database
from core.db.embedded import start_embedded
from simulator.client import SimulatorClient

ROOT = Path(__file__).parents[1]
SECRET, TOKEN = "benchmark-secret", "benchmark-token"
TELEGRAM_SECRET, TELEGRAM_TOKEN = "benchmark", "12345:benchmark"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Bench:
    """A folder, a database, a simulator, and whatever processes a benchmark starts."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.database = Database(address)
        self.simulator: SimulatorClient
        self._running: dict[str, Popen[bytes]] = {}
        write_keyset(folder / "keyset.json", new_keyset())
        self._environment = os.environ | {
            "ROOTAN_ENV": "development",
            "ROOTAN_DATABASE_URL": self.database.asyncpg_address,
            "ROOTAN_DATA_DIR": str(folder / "var"),
            "ROOTAN_KEYS_FILE": str(folder / "keyset.json"),
            "ROOTAN_LINE_CHANNEL_SECRET": SECRET,
            "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "ROOTAN_LINE_REQUESTS_PER_SECOND": "2000",
            "ROOTAN_TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
            "ROOTAN_TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
            "ECHO_SECRET": SECRET,
            "ECHO_LINE_TOKEN": TOKEN,
        }

    async def start_simulator(self) -> None:
        out = self.folder / "simulator.out"
        self.spawn("simulator", "-m", "simulator", "--port", "0", "--line-secret", SECRET, "--line-token", TOKEN,
                   "--telegram-secret", TELEGRAM_SECRET, "--telegram-token", TELEGRAM_TOKEN, out=out)  # fmt: skip
        while not out.read_bytes().strip():  # noqa: ASYNC110 - another process writes the file
            await asyncio.sleep(0.05)
        self.simulator = SimulatorClient(orjson.loads(out.read_bytes().splitlines()[0])["address"])
        self._environment |= {
            "ROOTAN_LINE_API_BASE": self.simulator.line_base,
            "ROOTAN_LINE_DATA_API_BASE": self.simulator.line_data_base,
            "ROOTAN_TELEGRAM_API_BASE": self.simulator.telegram_base,
            "ECHO_LINE_BASE": self.simulator.line_base,
        }

    async def start_service(self, *, workers: int = 1, webs: int = 1) -> int:
        """Start our web and worker processes; return the port once they answer."""
        port = free_port()
        self.spawn("web", "-m", "app.cli", "serve", "--port", str(port), "--workers", str(webs))
        for number in range(workers):
            self.spawn(f"worker{number}", "-m", "app.cli", "worker")
        await self._wait_for(f"http://127.0.0.1:{port}/healthz")
        return port

    async def start_echo(self, *, replies: bool, processes: int = 1) -> int:
        """Start the peer; return the port once it answers."""
        port = free_port()
        self._environment["ECHO_REPLIES"] = "1" if replies else "0"
        self.spawn("echo", "-m", "uvicorn", "benchmarks.peers.line_echo:app", "--port", str(port),
                   "--workers", str(processes), "--log-level", "warning")  # fmt: skip
        await self._wait_for(f"http://127.0.0.1:{port}/docs")
        return port

    def spawn(self, name: str, *arguments: str, out: Path | None = None) -> None:
        with (
            (out or self.folder / f"{name}.out").open("ab") as file,
            (self.folder / f"{name}.err").open("ab") as err,
        ):
            self._running[name] = Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment, stdin=DEVNULL, stdout=file, stderr=err,
                start_new_session=True,
            )  # fmt: skip

    async def _wait_for(self, address: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        async with httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(address)).status_code == 200:
                        return
                if time.monotonic() > deadline:
                    raise TimeoutError(f"nothing answers; see {self.folder}")
                await asyncio.sleep(0.1)

    async def load(
        self,
        port: int,
        requests: Requests,
        *,
        connections: int = 32,
        rate: float = 0.0,
        seconds: float = 60.0,
    ) -> dict[str, float]:
        """Post the requests from a process of its own and return what it measured."""
        file = self.folder / "requests"
        file.write_bytes(msgspec.msgpack.encode(requests))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.load", "--port", str(port), "--requests", str(file),
            "--connections", str(connections), "--rate", str(rate), "--seconds", str(seconds),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        measured = orjson.loads(out)
        statuses = measured.pop("statuses")
        if statuses != {"200": len(requests.bodies)}:
            raise RuntimeError(f"not all requests were answered with 200: {statuses}")
        figures: dict[str, float] = measured
        return figures

    def resident_mb(self, name: str) -> float:
        """Resident memory of the largest process of a tree, in MB."""
        root = psutil.Process(self._running[name].pid)
        return max(p.memory_info().rss for p in [root, *root.children(recursive=True)]) / 1e6

    def cpu_seconds(self, name: str) -> float:
        root = psutil.Process(self._running[name].pid)
        times = [p.cpu_times() for p in [root, *root.children(recursive=True)]]
        return sum(t.user + t.system for t in times)

    def stop(self, *names: str) -> None:
        for name in names or tuple(self._running):
            process = self._running.pop(name, None)
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=20)


@contextlib.asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """A benchmark's ground: a fresh embedded database, migrated, durable as in production."""
    folder = Path(tempfile.mkdtemp(prefix="rootan-bench-"))
    address = await asyncio.to_thread(start_embedded, folder / "data")
    ground = Bench(folder, address)
    try:
        await migrate(ground.database)
        await ground.start_simulator()
        yield ground
        await ground.simulator.close()
    finally:
        ground.stop()
        await ground.database.close()
        shutil.rmtree(folder, ignore_errors=True)
