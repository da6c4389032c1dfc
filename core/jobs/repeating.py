"""Doing something again and again at its own pace, whatever becomes of one time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from core.logs import get_logger

Chore = Callable[[], Awaitable[None]]
_log = get_logger()


async def repeat_all(plan: Iterable[tuple[timedelta, Chore]]) -> None:
    """Do every chore at its own pace until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for every, chore in plan:
            tasks.create_task(_repeat(every, chore))


async def _repeat(every: timedelta, chore: Chore) -> None:
    while True:
        try:
            await chore()
        except Exception as error:  # noqa: BLE001 - the database may be away; the next time will do
            _log.warning("chore_failed", error=error, kind=getattr(chore, "__name__", "chore"))
        await asyncio.sleep(every.total_seconds())
