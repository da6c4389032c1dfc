"""Starts the simulator as the process it is."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson

LINE_SECRET = "line-secret-of-the-tests"
TELEGRAM_SECRET = "telegram-secret-of-the-tests"
LINE_TOKEN = "line-channel-access-token"
TELEGRAM_TOKEN = "123456789:simulated-bot-token-of-thirty-five"


@asynccontextmanager
async def running(webhooks: str, *more: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """(address, process); the process is stopped afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        *("--port", "0", "--line-webhook", f"{webhooks}/line", "--line-secret", LINE_SECRET),
        *("--telegram-webhook", f"{webhooks}/telegram", "--telegram-secret", TELEGRAM_SECRET),
        *more,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield orjson.loads(await process.stdout.readline())["address"], process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
