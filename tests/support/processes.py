"""Whether processes are gone, which takes a moment after they were told."""

import asyncio
import time
from collections.abc import Iterable

import psutil

_PATIENCE_SECONDS = 5.0


def lives(process: psutil.Process) -> bool:
    """A zombie is gone: it holds no memory and no file any more."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def left_of(family: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return who still lives after a few seconds."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (left := [one for one in family if lives(one)]) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return left
