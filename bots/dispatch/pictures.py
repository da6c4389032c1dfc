"""Reading pictures beside the turns: fetch, read, and come back as an event of the same conversation.

A picture takes seconds, which no turn may hold a conversation's lock for. What it says arrives as a `reading` event with
an id made from the picture's, so that reading it twice changes nothing. Pictures sent in one go (LINE's image set,
Telegram's media group) are one offer: the last of them is read together with all the others.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import orjson

from bots.channels.base import Channel
from bots.channels.reading import int_of, text_of
from bots.dispatch.turn import aged
from bots.engine.events import OWN, Event, PictureProblem
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed, seal
from core.db.database import Database, driver_connection
from core.ids import first_id_of, new_id
from core.jobs.queue import enqueue_on
from core.logs import get_logger
from nlp.ocr import UnreadablePicture, read_picture

MOST_BYTES = 12 * 1024 * 1024
# LINE lets people send twenty at once; an announcement has a few, and each takes seconds.
MOST_TOGETHER = 8
# Tesseract takes a core for seconds: one at a time, so that text keeps its pace.
_AT_ONCE = 1

# Telegram does not tell how many belong together, and of LINE's some may come late.
_SETTLED = timedelta(seconds=1.5)
# What was sent in one go lies within this of each other.
_TOGETHER = timedelta(seconds=60)

_PICTURE = """
SELECT e.id, e.channel, e.address_key, e.position, e.body, e.body_key_id, e.received_at, k.wrapped
FROM inbound_event e JOIN data_key k ON k.id = e.body_key_id WHERE e.id = $1 AND e.body IS NOT NULL
"""
# By the id, which begins with the time: a person's handled events have no index of their own.
_NEIGHBOURS = """
SELECT e.id, e.channel, e.address_key, e.position, e.body, e.body_key_id, e.received_at, k.wrapped
FROM inbound_event e JOIN data_key k ON k.id = e.body_key_id
WHERE e.id >= $1 AND e.id < $2 AND e.channel = $3 AND e.address_key = $4 AND e.body IS NOT NULL
ORDER BY e.position, e.id
"""
# What was taken back while we read leaves nothing, and a later unsend of the picture finds what it said.
_READING = """
INSERT INTO inbound_event (id, channel, event_id, address_key, position, message_key, body, body_key_id, received_at)
SELECT $1, channel, $2, address_key, position, message_key, $3, $4, $5 FROM inbound_event
WHERE id = $6 AND NOT EXISTS (SELECT FROM inbound_event WHERE id = ANY($7) AND body IS NULL)
ON CONFLICT (channel, event_id) DO NOTHING
"""
_log = get_logger()


class Album(NamedTuple):
    """Pictures sent in one go; `total` is 0 and `place` the picture's order where the platform does not count them."""

    name: str
    place: int
    total: int


def album_of(raw: Any) -> Album | None:
    """What a stored event of either platform says of the set it belongs to (LINE: imageSet; Telegram: media_group_id)."""
    line = text_of(raw, "message", "imageSet", "id")
    if line:
        place, total = (int_of(raw, "message", "imageSet", name) or 0 for name in ("index", "total"))
        return Album(line, place, total)
    telegram = text_of(raw, "message", "media_group_id")
    return Album(telegram, int_of(raw, "message", "message_id") or 0, 0) if telegram else None


class _Sent(NamedTuple):
    """A picture's row, event and album."""

    row: Any
    event: Event
    album: Album | None


class _Found(NamedTuple):
    """What one picture says, or why it can't be read."""

    text: str = ""
    problem: PictureProblem = ""


class PictureReader:
    """The `read_picture` job of one process."""

    def __init__(self, database: Database, keys: DataKeys, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def read(self, event_ids: list[UUID]) -> None:
        for event_id in event_ids:
            sent = await self._load(event_id)
            # Taken back or expired meanwhile: there is nothing to read and nothing to answer.
            if sent is not None:
                await self._answer(sent)

    async def _answer(self, sent: _Sent) -> None:
        """Read a picture, or the album that it is the last of; what an earlier one of an album says comes with the last."""
        together = [sent] if sent.album is None else await self._whole_album(sent, sent.album)
        if together and together[-1].row["id"] == sent.row["id"]:
            ordered = sorted(together, key=lambda one: one.album.place if one.album else 0)[:MOST_TOGETHER]
            found = [await self._read(one.event, one.row["channel"]) for one in ordered]
            await self._store(sent, [one.row["id"] for one in together], found)

    async def _whole_album(self, sent: _Sent, album: Album) -> list[_Sent]:
        """Return the album's pictures as they arrived, waiting a moment for those that are still to come."""
        found = await self._neighbours(sent, album)
        if not 0 < album.total <= len(found):
            await asyncio.sleep(max(0.0, (sent.row["received_at"] + _SETTLED - utc_now()).total_seconds()))
            found = await self._neighbours(sent, album)
        return found

    async def _neighbours(self, sent: _Sent, album: Album) -> list[_Sent]:
        at: datetime = sent.row["received_at"]
        async with self._database.unit_of_work() as session:
            rows = await (await driver_connection(session)).fetch(
                _NEIGHBOURS,
                first_id_of(at - _TOGETHER),
                first_id_of(at + _TOGETHER),
                sent.row["channel"],
                sent.row["address_key"],
            )
        return [
            one for row in rows if (one := self._open(row)).album is not None and one.album.name == album.name
        ]

    async def _load(self, event_id: UUID) -> _Sent | None:
        async with self._database.unit_of_work() as session:
            row = await (await driver_connection(session)).fetchrow(_PICTURE, event_id)
        return None if row is None else self._open(row)

    def _open(self, row: Any) -> _Sent:
        key = self._keys.open(row["body_key_id"], row["wrapped"])
        raw = orjson.loads(open_sealed(key, row["body"], context("inbound_event", "body", row["id"])))
        if OWN in raw:
            return _Sent(row, msgspec.convert(raw[OWN], Event), None)
        event = self._channels[row["channel"]].parse(raw)
        return _Sent(row, aged(event, row["received_at"], utc_now()), album_of(raw))

    async def _read(self, event: Event, channel: str) -> _Found:
        fetched = self._channels[channel].fetch_media(event.media, limit=MOST_BYTES) if event.media else None
        data = None if fetched is None else await fetched
        if data is None:
            return _Found(problem="gone")
        async with self._room:
            try:
                found = await asyncio.to_thread(read_picture, data)
            except UnreadablePicture as unreadable:
                _log.info("picture_unreadable", reason=unreadable.code, channel=channel)
                return _Found(problem=unreadable.code)
        return _Found("\n".join([found.text, *found.qr]).strip())

    async def _store(self, sent: _Sent, together: list[UUID], found: list[_Found]) -> None:
        """Store what was read as one event; the problem of a picture matters only where no other could be read."""
        event, read = sent.event, [one for one in found if not one.problem]
        reading = Event(
            kind="reading",
            handle=event.handle,
            handle_until=event.handle_until,
            message=event.message,
            text="\n\n".join(one.text for one in read if one.text),
            problem="" if read else found[0].problem,
        )
        now, event_id = utc_now(), new_id()
        body = orjson.dumps({OWN: msgspec.to_builtins(reading)})
        async with self._database.unit_of_work() as session:
            key_id, key = await self._keys.named(session, f"inbox:{bangkok(now):%Y-%m-%d}", "day")
            connection = await driver_connection(session)
            await connection.execute(
                _READING,
                event_id,
                f"reading:{sent.row['id']}",
                seal(key, body, context("inbound_event", "body", event_id)),
                key_id,
                now,
                sent.row["id"],
                together,
            )
            await enqueue_on(connection, "turns", [event_id])
