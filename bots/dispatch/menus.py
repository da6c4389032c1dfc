"""The `link_menu` job: showing people on LINE the menu that their state names.

Its arguments are the rows of the events after which it changed. It reads what is wanted when it runs, so that jobs may
come late, twice or in any order; what fails for a while is asked for again, later and later, for some hours.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from bots.channels.base import Channel, Outcome
from bots.channels.menus import MenuChannel
from bots.dispatch.people import open_state
from bots.dispatch.turn import Turn
from bots.engine.steps import LinkMenuEffect
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.errors import CryptoError
from core.jobs.queue import enqueue_on
from core.logs import get_logger

_AT_ONCE = 8
_SOONEST, _LATEST = timedelta(seconds=2), timedelta(minutes=15)
_GIVEN_UP_AFTER = timedelta(hours=6)
_LATER: frozenset[Outcome] = frozenset({"wait", "not_sent", "unclear"})
# A menu that changes while it is being linked is linked again, so that the last call is of the last wish.
_MOST_CHANGES = 3

_WHOSE = """
SELECT e.id, e.received_at, i.id AS identity_id, i.channel, i.address, c.id AS conversation_id, c.state,
       k.id AS key_id, k.wrapped
FROM inbound_event e
JOIN channel_identity i ON i.channel = e.channel AND i.address_key = e.address_key
JOIN conversation c ON c.identity_id = i.id
JOIN contact t ON t.id = i.contact_id
JOIN data_key k ON k.id = t.data_key_id
WHERE e.id = ANY($1) AND k.wrapped IS NOT NULL
  -- Who is being forgotten was told farewell; their menu goes.
  AND NOT EXISTS (SELECT FROM erasure_request q WHERE q.contact_id = t.id AND q.farewell_at IS NOT NULL)
"""
_log = get_logger()


class _Wish(NamedTuple):
    """Who is to have which menu, and since when."""

    event_id: UUID
    channel: str
    address: str
    menu: str
    since: datetime


async def ask_for_menus(connection: Any, turns: Iterable[Turn]) -> None:
    """Write one job for all whose menu changed in this batch, in its transaction."""
    changed = [
        item.row_id for turn in turns for item, effect in turn.effects if isinstance(effect, LinkMenuEffect)
    ]
    if changed:
        await enqueue_on(connection, "link_menu", changed)


class MenuLinker:
    """The `link_menu` job of one process."""

    def __init__(self, database: Database, keys: DataKeys, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels

    async def link(self, event_ids: Sequence[UUID]) -> None:
        """Show each person behind these events their menu; those whom LINE did not answer for are asked for again."""
        wishes = {wish.address: wish for wish in await self._wishes(event_ids)}
        room = asyncio.Semaphore(_AT_ONCE)

        async def link(wish: _Wish) -> bool:
            async with room:
                return await self._link(wish)

        done = await asyncio.gather(*(link(wish) for wish in wishes.values()))
        await self._again([wish for wish, good in zip(wishes.values(), done, strict=True) if not good])

    async def _link(self, wish: _Wish) -> bool:
        """False where LINE could not be asked."""
        channel = self._channels.get(wish.channel)
        if not isinstance(channel, MenuChannel):
            return True
        for _ in range(_MOST_CHANGES):
            result = await channel.show_menu(wish.address, wish.menu)
            if result.outcome in _LATER:
                return False
            if result.outcome == "refused":
                _log.info("menu_refused", channel=wish.channel, status=result.status)
                return True
            now = await self._wishes([wish.event_id])
            if not now or now[0].menu == wish.menu:
                return True
            wish = now[0]
        return False

    async def _wishes(self, event_ids: Sequence[UUID]) -> list[_Wish]:
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            rows = await connection.fetch(_WHOSE, list(event_ids))
        return [wish for row in rows if (wish := self._wish(row)) is not None]

    def _wish(self, row: Any) -> _Wish | None:
        key = self._keys.open(row["key_id"], row["wrapped"])
        menu = _menu_in(row, key)
        if not menu:
            return None
        bound = context("channel_identity", "address", row["identity_id"])
        address = open_sealed(key, row["address"], bound).decode()
        return _Wish(row["id"], row["channel"], address, menu, row["received_at"])

    async def _again(self, wishes: Sequence[_Wish]) -> None:
        now = utc_now()
        young = [wish for wish in wishes if now - wish.since < _GIVEN_UP_AFTER]
        if not young:
            return
        delay = min(max((now - max(wish.since for wish in young)) / 2, _SOONEST), _LATEST)
        _log.info("menus_wait", count=len(young), seconds=delay.total_seconds())
        async with self._database.unit_of_work() as session:
            ids = [wish.event_id for wish in young]
            await enqueue_on(await driver_connection(session), "link_menu", ids, delay=delay)


def _menu_in(row: Any, key: bytes) -> str:
    """The menu that the conversation names now; "" where its state can't be read any more."""
    try:
        state = open_state(key, row["conversation_id"], row["state"]) if row["state"] else None
    except CryptoError:
        return ""
    return state.menu if state is not None else ""
