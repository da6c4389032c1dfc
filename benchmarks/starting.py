"""From `rootan demo` to its first page, on a data folder that was set up once before."""

import asyncio
import contextlib
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, Popen

import httpx

from benchmarks.processes import ROOT, free_port


async def measure_start(*, rounds: int = 3) -> float:
    """Return the median seconds until the sandbox page answers; the first start, which sets up, is not counted."""
    folder = Path(tempfile.mkdtemp(prefix="rootan-start-"))
    try:
        taken = [await _start_once(folder) for _ in range(rounds + 1)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return statistics.median(taken[1:])


async def _start_once(folder: Path) -> float:
    port, began = free_port(), time.monotonic()
    environment = os.environ | {"ROOTAN_DATA_DIR": str(folder)}
    process = Popen(  # noqa: ASYNC220 - it runs beside the loop
        [sys.executable, "-m", "app.cli", "demo", "--port", str(port)],
        cwd=ROOT, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient() as client:
            while time.monotonic() - began < 60:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"http://127.0.0.1:{port}/sandbox")).status_code == 200:
                        return time.monotonic() - began
                await asyncio.sleep(0.05)
        raise TimeoutError("the demo did not start within a minute")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        await asyncio.to_thread(process.wait, 20)
