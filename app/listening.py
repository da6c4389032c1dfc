"""Groups that asked to be warned: what is said there to others is judged in memory and forgotten.

The webhook is answered first and waits for nothing here. Only an offer of danger leaves a trace: an event of our own
without a word of it. What comes faster than it can be judged is not judged.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import orjson

from app.examining.asking import Weigh, Weighed
from app.runtime import Runtime
from bots.channels.base import Arrival, Overheard
from bots.engine.events import OWN, Event
from bots.inbox import Inbox
from core.db.database import driver_connection
from core.errors import AppError
from core.logs import get_logger

# Shorter talk is no offer.
FEWEST_CHARACTERS = 20
MOST_CHARACTERS = 5_000
MOST_WAITING = 200
_LOOK_SECONDS = 5.0
_SWITCHED_ON = "SELECT channel, address_key FROM group_setting WHERE warns"

_log = get_logger()


Weighing = Callable[[Weigh], Awaitable[Weighed]]
Reading = Callable[[bytes], Sequence[Overheard]]


class GroupListener:
    """Listens for one web process; `run` must be running."""

    def __init__(self, runtime: Runtime, inbox: Inbox, weigh: Weighing) -> None:
        self._runtime = runtime
        self._inbox = inbox
        self._weigh = weigh
        self._on: frozenset[tuple[str, bytes]] = frozenset()
        self._waiting: asyncio.Queue[Overheard] = asyncio.Queue(MOST_WAITING)

    def hear(self, arrivals: Sequence[Arrival], raw: bytes, read: Reading) -> None:
        """Take what these arrivals left out, where a group asked for it; returns at once. `read` reads it from `raw`."""
        if not self._on or not any(self._wants(one) for one in arrivals if not one.body):
            return
        for heard in read(raw):
            if self._wants(heard.arrival) and FEWEST_CHARACTERS <= len(heard.text) <= MOST_CHARACTERS:
                try:
                    self._waiting.put_nowait(heard)
                except asyncio.QueueFull:
                    _log.warning("group_talk_not_judged", channel=heard.arrival.channel)
                    return

    def _wants(self, arrival: Arrival) -> bool:
        if arrival.address is None:
            return False
        index = self._runtime.keys.keyset.index
        return (arrival.channel, index(f"{arrival.channel}-address", arrival.address)) in self._on

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look())
            tasks.create_task(self._judge())

    async def _look(self) -> None:
        while True:
            try:
                await self.look_once()
            except Exception as error:  # noqa: BLE001 - the database may be away; the next look finds it
                _log.warning("groups_not_read", error=error)
            await asyncio.sleep(_LOOK_SECONDS)

    async def look_once(self) -> None:
        """Learn which groups want to be warned now."""
        async with self._runtime.database.unit_of_work() as session:
            rows = await (await driver_connection(session)).fetch(_SWITCHED_ON)
        self._on = frozenset((row["channel"], bytes(row["address_key"])) for row in rows)

    async def _judge(self) -> None:
        while True:
            heard = await self._waiting.get()
            try:
                await self._judge_one(heard)
            except AppError as error:
                _log.warning("group_talk_not_judged", channel=heard.arrival.channel, reason=error.code)
            except Exception as error:  # noqa: BLE001 - the next words must be heard all the same
                _log.error("group_talk_not_judged", channel=heard.arrival.channel, error=error)

    async def _judge_one(self, heard: Overheard) -> None:
        found = await self._weigh(Weigh(heard.text))
        # Switched off meanwhile.
        if found.danger and self._wants(heard.arrival):
            await self._inbox.store([_warning(heard, found)])


def _warning(heard: Overheard, found: Weighed) -> Arrival:
    """The event that the turn answers with a warning; told twice it is the same as once."""
    told = Event(
        kind="warning",
        place="group",
        addressed=False,
        data="\n".join(found.reasons),
        message=heard.arrival.message,
        handle=heard.handle,
        handle_until=heard.handle_until,
    )
    return heard.arrival._replace(
        event_id=f"warning:{heard.arrival.event_id}", body=orjson.dumps({OWN: msgspec.to_builtins(told)})
    )
