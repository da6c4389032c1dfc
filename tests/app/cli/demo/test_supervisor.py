"""Everything on one machine: it starts, keeps its processes alive, and ends leaving nothing behind."""

import asyncio
import codecs
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.cli.demo.simulated import free_port
from tests.app.cli.conftest import bare_environment
from tests.support.processes import left_of

REAL = {
    "ROOTAN_DATABASE_URL": "postgresql://127.0.0.1:1/real",
    "ROOTAN_LINE_CHANNEL_SECRET": "real",
    "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": "real",
}


class Demo:
    """A running demo and what it has said."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process = process
        self.address = address
        self.said = ""
        # A letter may come in two pieces.
        self._letters = codecs.getincrementaldecoder("utf-8")()

    async def hear(self, words: str, seconds: float = 120) -> None:
        """Read on until it says `words`."""
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while words not in self.said:
                heard = await self.process.stdout.read(4_096)
                assert heard, self.said
                self.said += self._letters.decode(heard)

    def child(self, part: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if part in " ".join(child.cmdline()))


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.cli",
        "demo",
        "--port",
        str(port),
        cwd=tmp_path,
        # What a machine has set up for a real account must not reach the demo.
        env={**bare_environment(), **REAL},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    yield Demo(process, f"http://127.0.0.1:{port}")
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_it_runs_heals_and_ends_clean(demo: Demo, tmp_path: Path) -> None:
    await demo.hear("A sign-in code")
    assert re.search(r"anong@rootan\.test +\S+ +[A-Z2-7]{32} +hotline_officer", demo.said)
    assert f"{demo.address}/sandbox" in demo.said
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{demo.address}/readyz")).status_code == 200

    worker = demo.child("app.cli worker")
    worker.kill()
    await demo.hear("worker    │ ended with status -9; starting again")
    async with asyncio.timeout(30):
        while not any("worker" in p.cmdline() for p in psutil.Process(demo.process.pid).children()):
            await asyncio.sleep(0.1)

    family = psutil.Process(demo.process.pid).children(recursive=True)
    demo.process.send_signal(signal.SIGINT)
    # One to two seconds on a quiet machine.
    async with asyncio.timeout(15):
        assert await demo.process.wait() == 0
    assert await left_of(family) == []
    assert not (tmp_path / "var" / "postgres" / "cluster" / "postmaster.pid").exists()
    assert not os.path.lexists(tmp_path / ".env")
