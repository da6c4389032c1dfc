"""The `forget_menus` job: LINE shows who is being forgotten no menu of their own any more.

It is enqueued with the farewell, while the address can still be read, and asks for itself again until LINE answered. The
keys go without it once the farewell had its time, so that nobody's address is kept for it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from bots.channels.base import Channel, Outcome
from bots.channels.menus import MenuChannel
from core.clock import utc_now
from core.contacts.erasure import FAREWELL_WITHIN
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.jobs.queue import enqueue_on
from core.logs import get_logger

_SOONEST, _LATEST = timedelta(seconds=2), timedelta(minutes=5)
_LATER: frozenset[Outcome] = frozenset({"wait", "not_sent", "unclear"})

_WHOSE = """
SELECT i.id, i.channel, i.address, k.id AS key_id, k.wrapped, q.farewell_at
FROM erasure_request q
JOIN channel_identity i ON i.contact_id = q.contact_id
JOIN contact t ON t.id = q.contact_id
JOIN data_key k ON k.id = t.data_key_id
WHERE q.id = $1 AND q.done_at IS NULL AND q.farewell_at IS NOT NULL AND q.menus_gone_at IS NULL
  AND k.wrapped IS NOT NULL
"""
_log = get_logger()


class MenuForgetter:
    """The `forget_menus` job of one process; its arguments are requests to be forgotten."""

    def __init__(self, database: Database, keys: DataKeys, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels

    async def forget(self, request_ids: Sequence[UUID]) -> None:
        """Safe to repeat: unlinking what is not linked changes nothing."""
        for request_id in request_ids:
            async with self._database.unit_of_work() as session:
                rows = await (await driver_connection(session)).fetch(_WHOSE, request_id)
            if rows:
                outcomes = [await self._forget(row) for row in rows]
                await self._note(request_id, rows[0], again=any(one in _LATER for one in outcomes))

    async def _forget(self, row: Any) -> Outcome:
        channel = self._channels.get(row["channel"])
        if not isinstance(channel, MenuChannel):
            return "sent"
        key = self._keys.open(row["key_id"], row["wrapped"])
        address = open_sealed(key, row["address"], context("channel_identity", "address", row["id"])).decode()
        result = await channel.forget_menu(address)
        if result.outcome == "refused":
            _log.info("menu_refused", channel=row["channel"], status=result.status)
        return result.outcome

    async def _note(self, request_id: UUID, row: Any, *, again: bool) -> None:
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            if not again:
                await connection.execute(
                    "UPDATE erasure_request SET menus_gone_at = $2 WHERE id = $1", request_id, utc_now()
                )
                return
            waited = utc_now() - row["farewell_at"]
            if waited < FAREWELL_WITHIN:
                delay = min(max(waited / 2, _SOONEST), _LATEST)
                _log.info("forgetting_menus_waits", seconds=delay.total_seconds())
                await enqueue_on(connection, "forget_menus", [request_id], delay=delay)
