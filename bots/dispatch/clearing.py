"""The `clear_chat` job: deleting both sides' messages of the last 48 hours from a chat that its person left.

It is enqueued in the turn's own transaction, so a crash loses nothing, and safe to repeat: what is gone already is passed
over by Telegram. While Telegram is away it asks for itself again, later and later, as long as anything can be deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from bots.channels.base import Channel, ClearingChannel, Outcome
from bots.delivery.tokens import TokenStore
from bots.dispatch.people import open_state
from bots.dispatch.recent import DELETABLE_SECONDS
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.jobs.queue import enqueue_on
from core.logs import get_logger

# Telegram takes so many at once (Bot API, "deleteMessages").
_AT_ONCE = 100
_DELETABLE = timedelta(seconds=DELETABLE_SECONDS)
_SOONEST, _LATEST = timedelta(seconds=2), timedelta(minutes=15)
_LATER: frozenset[Outcome] = frozenset({"wait", "not_sent", "unclear"})

_LEFT = """
SELECT e.received_at, e.handled_at, i.id AS identity_id, i.channel, i.address, c.id AS conversation_id, c.state,
       k.id AS key_id, k.wrapped
FROM inbound_event e
JOIN channel_identity i ON i.channel = e.channel AND i.address_key = e.address_key
JOIN conversation c ON c.identity_id = i.id
JOIN contact t ON t.id = i.contact_id
JOIN data_key k ON k.id = t.data_key_id
WHERE e.id = $1 AND e.handled_at IS NOT NULL AND k.wrapped IS NOT NULL
"""
# What came before the answer that the person left with; that one is written in the same moment as the mark.
_OURS = """
SELECT a.platform_message FROM message m JOIN message_attempt a ON a.message_id = m.id
WHERE m.identity_id = $1 AND m.channel = 'telegram' AND m.created_at < $2 AND a.started_at > $3
  AND a.platform_message IS NOT NULL
"""
_ON_ITS_WAY = """
SELECT EXISTS (SELECT FROM message WHERE identity_id = $1 AND channel = 'telegram' AND created_at < $2
               AND state = 'sending')
"""
_log = get_logger()


class _Chat(NamedTuple):
    """One chat to be cleared: whose, which messages (newest first), and whether more may still arrive."""

    channel: str
    address: str
    messages: Sequence[int]
    left_at: datetime
    more_coming: bool


class ChatCleaner:
    def __init__(
        self, database: Database, keys: DataKeys, channels: Mapping[str, Channel], tokens: TokenStore
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._tokens = tokens

    async def clear(self, event_ids: Sequence[UUID]) -> None:
        """Clear the chats that were left with these events."""
        for event_id in event_ids:
            chat = await self._chat(event_id)
            if chat is None:
                continue
            channel = self._channels.get(chat.channel)
            done = not isinstance(channel, ClearingChannel) or await self._delete(channel, chat)
            if not done or chat.more_coming:
                await self._again(event_id, chat)

    async def _chat(self, event_id: UUID) -> _Chat | None:
        """What is to be deleted; None where the person was erased or nothing can be deleted any more."""
        since = utc_now() - _DELETABLE
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            row = await connection.fetchrow(_LEFT, event_id)
            if row is None or row["received_at"] < since:
                return None
            ours = await connection.fetch(_OURS, row["identity_id"], row["handled_at"], since)
            coming = await connection.fetchval(_ON_ITS_WAY, row["identity_id"], row["handled_at"])
        key = self._keys.open(row["key_id"], row["wrapped"])
        bound = context("channel_identity", "address", row["identity_id"])
        theirs = _theirs(row, key)
        messages = sorted({*theirs, *(one["platform_message"] for one in ours)}, reverse=True)
        address = open_sealed(key, row["address"], bound).decode()
        return _Chat(row["channel"], address, messages, row["received_at"], coming)

    async def _delete(self, channel: ClearingChannel, chat: _Chat) -> bool:
        """Delete all that can be; False where Telegram could not be asked about everything."""
        every = range(0, len(chat.messages), _AT_ONCE)
        waiting = [chat.messages[start : start + _AT_ONCE] for start in every]
        while waiting:
            some = waiting.pop(0)
            await self._tokens.acquire(channel.name, "reply")
            outcome = (await channel.delete_messages(chat.address, some)).outcome
            if outcome == "refused" and len(some) > 1:
                # One that is too old spoils the call for its neighbours: it is found by halves and passed over.
                half = len(some) // 2
                waiting[:0] = [some[:half], some[half:]]
            elif outcome in _LATER:
                return False
            elif outcome == "blocked":
                return True
        return True

    async def _again(self, event_id: UUID, chat: _Chat) -> None:
        """Soon at first, then ever later: the longer Telegram is away, the longer it will be."""
        delay = min(max((utc_now() - chat.left_at) / 2, _SOONEST), _LATEST)
        _log.info("clearing_waits", channel=chat.channel, seconds=delay.total_seconds())
        async with self._database.unit_of_work() as session:
            await enqueue_on(await driver_connection(session), "clear_chat", [event_id], delay=delay)


def _theirs(row: Any, key: bytes) -> list[int]:
    """What the person wrote or pressed until they left."""
    state = open_state(key, row["conversation_id"], row["state"]) if row["state"] else None
    if state is None:
        return []
    until = int(row["received_at"].timestamp())
    return [number for number, at in state.recent if at <= until]
