"""How long a process with loops lasts."""

import asyncio
from collections.abc import Sequence


async def wait_for_any(stop: asyncio.Event, loops: Sequence[asyncio.Task[None]]) -> None:
    """Wait until told to stop. A process of which one loop ended is half dead: it ends, and is started anew.

    Raises what ended the loop.
    """
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([stopping, *loops], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    for ended in done - {stopping}:
        ended.result()
        raise RuntimeError("a loop of the process ended by itself")


async def end_loops(loops: Sequence[asyncio.Task[None]]) -> None:
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
