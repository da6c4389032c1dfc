"""The whole service in real processes: simulator, web, worker, on loopback and on a database of the test's own."""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path
from subprocess import Popen

import httpx
import orjson

from core.crypto.keyset import Keyset, new_keyset, write_keyset
from simulator.client import SimulatorClient

ROOT = Path(__file__).parents[2]
LINE_SECRET, LINE_TOKEN = "line-secret-of-the-test", "line-token-of-the-test"
TELEGRAM_SECRET, TELEGRAM_TOKEN = "telegram-secret-of-the-test", "12345:telegram-token-of-the-test"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Stand:
    """Starts processes, knows each by its id, and ends those alone."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.keyset: Keyset = new_keyset()
        write_keyset(folder / "keys" / "keyset.json", self.keyset)
        self.environment = os.environ | {
            "ROOTAN_ENV": "development",
            "ROOTAN_DATABASE_URL": database_url,
            "ROOTAN_DATA_DIR": str(folder / "var"),
            "ROOTAN_KEYS_FILE": str(folder / "keys" / "keyset.json"),
            "ROOTAN_BASE_URL": self.base,
            "ROOTAN_LINE_CHANNEL_SECRET": LINE_SECRET,
            "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN,
            "ROOTAN_TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
            "ROOTAN_TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
        }
        self.processes: dict[str, Popen[bytes]] = {}
        self.simulator: SimulatorClient

    async def start(self, *, workers: int = 1, webs: int = 1) -> None:
        await self.start_simulator()
        self.start_web(webs=webs)
        for number in range(workers):
            self.start_worker(f"worker{number}")
        await self.wait_until_up()

    async def start_simulator(self) -> None:
        out = self.folder / "simulator.out"
        self._spawn(
            "simulator", "-m", "simulator", "--port", "0",
            "--line-webhook", f"{self.base}/webhooks/line", "--line-secret", LINE_SECRET, "--line-token", LINE_TOKEN,
            "--telegram-webhook", f"{self.base}/webhooks/telegram", "--telegram-secret", TELEGRAM_SECRET,
            "--telegram-token", TELEGRAM_TOKEN,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not (out.exists() and out.read_bytes().strip()):
            if time.monotonic() > deadline:
                raise TimeoutError("the simulator did not start")
            await asyncio.sleep(0.05)
        address = orjson.loads(out.read_bytes().splitlines()[0])["address"]
        self.simulator = SimulatorClient(address)
        self.environment |= {
            "ROOTAN_LINE_API_BASE": self.simulator.line_base,
            "ROOTAN_LINE_DATA_API_BASE": self.simulator.line_data_base,
            "ROOTAN_TELEGRAM_API_BASE": self.simulator.telegram_base,
        }

    def start_web(self, *, webs: int = 1) -> None:
        self._spawn("web", "-m", "app.cli", "serve", "--port", str(self.port), "--workers", str(webs))

    def start_worker(self, name: str = "worker0") -> None:
        self._spawn(name, "-m", "app.cli", "worker")

    def _spawn(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out").open("ab") as out, (self.folder / f"{name}.err").open("ab") as err:
            self.processes[name] = Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=out, stderr=err,
                start_new_session=True,
            )  # fmt: skip

    async def wait_until_up(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self.base}/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the web process did not start: {self.errors('web')}")
                await asyncio.sleep(0.1)

    def kill(self, name: str) -> None:
        """Kill a process and its children at once, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def errors(self, name: str) -> str:
        path = self.folder / f"{name}.err"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    async def stop(self) -> None:
        await self.simulator.close()
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                await asyncio.to_thread(process.wait, 15)
            except Exception:  # noqa: BLE001 - whatever hangs is killed
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()
