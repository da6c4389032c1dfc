"""Waiting until nothing is open any more, within bounds."""

import asyncio
import sys
import time
from pathlib import Path

from tests.crash.truth import oldest_open, open_work
from tests.support.stand import Stand


async def wait_until_quiet(stand: Stand, address: str, seconds: float) -> float:
    """Return how long it took. Raises AssertionError that names what is still open."""
    begun = time.monotonic()
    await asyncio.wait_for(stand.simulator.settle(), seconds)
    while True:
        # The spool first: what leaves it is in the database by then, and is not missed between the two looks.
        spooled = spool_files(stand)
        left: dict[str, int] = await open_work(address)
        if not left and not spooled:
            return time.monotonic() - begun
        if time.monotonic() - begun > seconds:
            rows = "\n".join(str(row) for row in await oldest_open(address))
            raise AssertionError(f"after {seconds} s still open: {left}, {len(spooled)} spooled\n{rows}")
        await asyncio.sleep(0.25)


def tell(line: str) -> None:
    """Say it where pytest shows it on a failure, or at once with `-s`."""
    sys.stderr.write(line + "\n")


def spool_files(stand: Stand) -> list[Path]:
    return [path for path in (stand.folder / "var" / "spool").glob("*.spool") if path.name[0] != "."]
