"""What a person sends for their report: noted in the turn, then fetched, cleaned and sealed beside the turns.

The row is written and the `keep_evidence` job enqueued in the turn's own transaction, so a crash loses nothing; the job
looks at the row first, so that doing it again changes nothing. What can't be kept comes back as an event of the same
conversation, so that the person learns what to send instead.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bots.channels.base import Channel
from bots.dispatch.ground import Ground
from bots.dispatch.own_events import tell
from bots.dispatch.turn import aged
from bots.engine.events import Event, EvidenceProblem
from bots.engine.steps import EvidenceEffect
from bots.models import InboundEvent
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.jobs.queue import enqueue, enqueue_on
from core.logs import get_logger
from referrals.cleaning.apart import clean
from referrals.cleaning.kinds import MOST_BYTES, Cleaned, Refused
from referrals.evidence import TOO_MANY, keep_evidence, note_evidence, refuse_evidence

# By the event's kind, until the bytes tell.
_KINDS = {"picture": "picture", "audio": "sound", "file": "document"}
# A film may take LINE a while to get ready; what a platform still doesn't give after this is gone.
_PATIENCE = timedelta(minutes=2)
_AGAIN = timedelta(seconds=5)
# What was sent in one go has pauses of no more than this.
_FLOOD = timedelta(minutes=1)
# A decoder takes a core and hundreds of megabytes: one at a time.
_AT_ONCE = 1

_PIECE = """
SELECT v.id AS piece, v.state, v.reason, v.at, e.id, e.channel, e.body, e.body_key_id, e.received_at, k.wrapped
FROM evidence v JOIN inbound_event e ON e.id = v.event_id LEFT JOIN data_key k ON k.id = e.body_key_id
WHERE v.id = $1
"""
# Of a flood that finds no room the first is told of, the others are counted by their rows.
_TO_DO = """
SELECT v.id FROM evidence v WHERE v.id = ANY($1) AND (v.reason IS DISTINCT FROM $2 OR NOT EXISTS (
  SELECT FROM evidence o WHERE o.referral_id = v.referral_id AND o.reason = $2 AND o.id < v.id
  AND o.at > v.at - $3::interval))
ORDER BY v.id
"""
_TOLD_ALREADY = """
SELECT EXISTS (
  SELECT FROM evidence v JOIN evidence o ON o.referral_id = v.referral_id AND o.id <> v.id AND o.state = v.state
    AND o.reason IS NOT DISTINCT FROM v.reason AND o.at BETWEEN v.at - $2::interval AND v.at + $2::interval
  WHERE v.id = $1)
"""
_log = get_logger()


async def note(ground: Ground, effect: EvidenceEffect) -> None:
    """Note this event, or those of earlier messages, as evidence of the person's open referral."""
    events = (
        await _earlier(ground, effect.messages)
        if effect.messages
        else [(ground.item.row_id, _KINDS.get(ground.item.event.kind, "document"))]
    )
    noted = [
        await note_evidence(
            ground.session, identity_id=ground.person.identity_id, event_id=event_id, kind=kind
        )
        for event_id, kind in events
    ]
    rows = [row_id for row_id in noted if row_id is not None]
    if rows:
        connection = await driver_connection(ground.session)
        for row in await connection.fetch(_TO_DO, rows, TOO_MANY, _FLOOD):
            await enqueue_on(connection, "keep_evidence", [row["id"]])


async def _earlier(ground: Ground, messages: Sequence[tuple[str, str]]) -> list[tuple[UUID, str]]:
    """The stored events of the person's own earlier messages, as far as nothing was taken back."""
    index, channel = ground.keys.keyset.index, ground.person.channel
    wanted = {index(f"{channel}-message", message): kind for message, kind in messages}
    found = await ground.session.execute(
        sa.select(InboundEvent.message_key, InboundEvent.id)
        .where(
            InboundEvent.message_key.in_(wanted),
            InboundEvent.address_key == ground.person.address_key,
            InboundEvent.body.is_not(None),
            # What a picture turned out to say carries its key too.
            sa.not_(InboundEvent.event_id.startswith("reading:")),
        )
        .order_by(InboundEvent.position)
    )
    return [(event_id, _KINDS.get(wanted[bytes(key)], "document")) for key, event_id in found if key]


class _Piece(NamedTuple):
    """A row that waits for its content, and the event that brought it; None where its words are gone."""

    row: Any
    event: Event | None


class EvidenceKeeper:
    """The `keep_evidence` job of one process."""

    def __init__(self, database: Database, keys: DataKeys, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def keep(self, evidence_ids: Sequence[UUID]) -> None:
        for evidence_id in evidence_ids:
            piece = await self._load(evidence_id)
            if piece is None:
                continue
            if piece.row["reason"] == TOO_MANY:
                async with self._database.unit_of_work() as session:
                    await self._tell(session, piece, TOO_MANY)
            elif piece.row["state"] == "fetching":
                await self._fetch(piece)

    async def _load(self, evidence_id: UUID) -> _Piece | None:
        async with self._database.unit_of_work() as session:
            row = await (await driver_connection(session)).fetchrow(_PIECE, evidence_id)
        if row is None or row["channel"] not in self._channels:
            return None
        if row["body"] is None or row["wrapped"] is None:
            return _Piece(row, None)
        key = self._keys.open(row["body_key_id"], row["wrapped"])
        raw = orjson.loads(open_sealed(key, row["body"], context("inbound_event", "body", row["id"])))
        event = self._channels[row["channel"]].parse(raw)
        return _Piece(row, aged(event, row["received_at"], utc_now()))

    async def _fetch(self, piece: _Piece) -> None:
        if piece.event is None or not piece.event.media:
            await self._refuse(piece, "gone")
            return
        data = await self._channels[piece.row["channel"]].fetch_media(piece.event.media, limit=MOST_BYTES)
        if data is None:
            await self._wait_or_give_up(piece)
            return
        async with self._room:
            try:
                cleaned = await asyncio.to_thread(clean, data)
            except Refused as refused:
                _log.info("evidence_refused", reason=refused.code, channel=piece.row["channel"])
                await self._refuse(piece, refused.code)
                return
        await self._keep(piece, cleaned)

    async def _keep(self, piece: _Piece, cleaned: Cleaned) -> None:
        async with self._database.unit_of_work() as session:
            await keep_evidence(session, self._keys, piece.row["piece"], cleaned)

    async def _wait_or_give_up(self, piece: _Piece) -> None:
        at: datetime = piece.row["at"]
        if utc_now() - at > _PATIENCE:
            await self._refuse(piece, "gone")
            return
        async with self._database.unit_of_work() as session:
            await enqueue(session, "keep_evidence", [piece.row["piece"]], delay=_AGAIN)

    async def _refuse(self, piece: _Piece, problem: EvidenceProblem) -> None:
        async with self._database.unit_of_work() as session:
            if problem == "gone":
                state = await refuse_evidence(session, piece.row["piece"], "gone")
            else:
                state = await refuse_evidence(session, piece.row["piece"], "refused", problem)
            if state != "taken_back" and not await self._was_told(session, piece):
                await self._tell(session, piece, problem)

    async def _was_told(self, session: AsyncSession, piece: _Piece) -> bool:
        """Of many that can't be kept for one reason, one answer says so."""
        connection = await driver_connection(session)
        return bool(await connection.fetchval(_TOLD_ALREADY, piece.row["piece"], _FLOOD))

    async def _tell(self, session: AsyncSession, piece: _Piece, problem: EvidenceProblem) -> None:
        """Let the person learn, once, that something could not be kept; nothing where they took it back."""
        if piece.event is None:
            return
        told = Event(
            kind="evidence",
            message=piece.event.message,
            handle=piece.event.handle,
            handle_until=piece.event.handle_until,
            problem=problem,
        )
        name = f"evidence:{piece.row['piece']}"
        await tell(session, self._keys, source=piece.row["id"], name=name, event=told)
