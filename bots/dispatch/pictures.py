"""Reading pictures beside the turns: fetch, read, and come back as an event of the same conversation.

A picture takes seconds, which no turn may hold a conversation's lock for. What it says arrives as a `reading` event with
an id made from the picture's, so that reading it twice changes nothing.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
import orjson

from bots.channels.base import Channel
from bots.dispatch.turn import aged
from bots.engine.events import OWN, Event
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed, seal
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.jobs.queue import enqueue_on
from core.logs import get_logger
from nlp.ocr import UnreadablePicture, read_picture

MOST_BYTES = 12 * 1024 * 1024
# Tesseract takes a core for seconds: one at a time, so that text keeps its pace.
_AT_ONCE = 1

_PICTURE = """
SELECT e.id, e.channel, e.body, e.body_key_id, e.received_at, k.wrapped
FROM inbound_event e JOIN data_key k ON k.id = e.body_key_id WHERE e.id = $1 AND e.body IS NOT NULL
"""
# What was taken back while we read leaves nothing, and a later unsend of the picture finds what it said.
_READING = """
INSERT INTO inbound_event (id, channel, event_id, address_key, position, message_key, body, body_key_id, received_at)
SELECT $1, channel, $2, address_key, position, message_key, $3, $4, $5 FROM inbound_event
WHERE id = $6 AND body IS NOT NULL
ON CONFLICT (channel, event_id) DO NOTHING
"""
_log = get_logger()


class PictureReader:
    """The `read_picture` job of one process."""

    def __init__(self, database: Database, keys: DataKeys, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def read(self, event_ids: list[UUID]) -> None:
        for event_id in event_ids:
            row = await self._load(event_id)
            # Taken back or expired meanwhile: there is nothing to read and nothing to answer.
            if row is not None:
                await self._store(row, await self._read(self._event(row), row["channel"]))

    async def _load(self, event_id: UUID) -> Any:
        async with self._database.unit_of_work() as session:
            return await (await driver_connection(session)).fetchrow(_PICTURE, event_id)

    def _event(self, row: Any) -> Event:
        key = self._keys.open(row["body_key_id"], row["wrapped"])
        body = open_sealed(key, row["body"], context("inbound_event", "body", row["id"]))
        event = self._channels[row["channel"]].parse(orjson.loads(body))
        return aged(event, row["received_at"], utc_now())

    async def _read(self, event: Event, channel: str) -> Event:
        blank = Event(
            kind="reading", handle=event.handle, handle_until=event.handle_until, message=event.message
        )
        data = (
            await self._channels[channel].fetch_media(event.media, limit=MOST_BYTES) if event.media else None
        )
        if data is None:
            return msgspec.structs.replace(blank, problem="gone")
        async with self._room:
            try:
                found = await asyncio.to_thread(read_picture, data)
            except UnreadablePicture as unreadable:
                _log.info("picture_unreadable", reason=unreadable.code, channel=channel)
                return msgspec.structs.replace(blank, problem=unreadable.code)
        return msgspec.structs.replace(blank, text="\n".join([found.text, *found.qr]).strip())

    async def _store(self, row: Any, reading: Event) -> None:
        now, event_id = utc_now(), new_id()
        body = orjson.dumps({OWN: msgspec.to_builtins(reading)})
        async with self._database.unit_of_work() as session:
            key_id, key = await self._keys.named(session, f"inbox:{bangkok(now):%Y-%m-%d}", "day")
            connection = await driver_connection(session)
            await connection.execute(
                _READING,
                event_id,
                f"reading:{row['id']}",
                seal(key, body, context("inbound_event", "body", event_id)),
                key_id,
                now,
                row["id"],
            )
            await enqueue_on(connection, "turns", [event_id])
