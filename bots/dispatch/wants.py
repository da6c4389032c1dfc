"""Facts of a whole batch, one query each."""

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bots.dispatch.turn import Turn, Want
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError
from core.messages.content import Content, decode_envelope
from screening.offers import ESTABLISHED, SIMILAR_DAYS, count_similar, fingerprint

# Asked in the name of nobody, a text is counted once however many of the batch sent it.
_NOBODY = UUID(int=0)
# Behind `OFFSET 0`, so that what is read is the asker's own few rows and never everybody's of that text.
_SENT_BEFORE = """
SELECT asked.fingerprint, asked.contact_id
FROM unnest($1::bytea[], $2::uuid[]) AS asked(fingerprint, contact_id)
JOIN contact c ON c.id = asked.contact_id AND c.created_at < $4
WHERE EXISTS (
  SELECT FROM (SELECT s.fingerprint FROM screening s WHERE s.contact_id = asked.contact_id AND s.created_at > $3 OFFSET 0) own
  WHERE own.fingerprint = asked.fingerprint)
"""

Asked = tuple[bytes, UUID]
Running = Generator[Want, Any, Turn]


async def run_turns(connection: Any, keys: DataKeys, turns: list[Running]) -> list[Turn]:
    """Run all turns to their end, fetching what they want together, round by round."""
    finished: list[Turn] = []
    answers: list[tuple[Running, Any]] = [(turn, None) for turn in turns]
    while answers:
        wanting: list[tuple[Running, Want]] = []
        for running, answer in answers:
            try:
                wanting.append((running, running.send(answer)))
            except StopIteration as end:
                finished.append(end.value)
        answers = await _answer(connection, keys, wanting)
    return finished


async def _answer(
    connection: Any, keys: DataKeys, wanting: list[tuple[Running, Want]]
) -> list[tuple[Running, Any]]:
    similar = await _similar(connection, keys, [w for _, w in wanting if w.kind == "similar"])
    waiting = await _waiting(connection, [w for _, w in wanting if w.kind == "waiting"])
    return [
        (running, similar[want] if want.kind == "similar" else waiting.get(want)) for running, want in wanting
    ]


async def _similar(connection: Any, keys: DataKeys, wants: list[Want]) -> dict[Want, tuple[int, bytes]]:
    """Return, for each, how many others sent the like, and the fingerprint it was looked up by."""
    if not wants:
        return {}
    asked = {want: (fingerprint(keys.keyset, want.about), want.person.contact_id) for want in wants}
    counts = await _count_others(connection, sorted(set(asked.values())), utc_now())
    return {want: (counts[pair], pair[0]) for want, pair in asked.items()}


async def _count_others(connection: Any, asked: Sequence[Asked], now: datetime) -> dict[Asked, int]:
    """Count for each asker who else sent the text.

    While one goes around, dozens of a batch ask for the same: looking at its newest senders again for each of them was
    half of the database's share of a turn.
    """
    prints = sorted({print_of_text for print_of_text, _ in asked})
    found = await count_similar(connection, [(p, _NOBODY) for p in prints], now)
    seen = [pair for pair in asked if found.get((pair[0], _NOBODY), 0)]
    own = await _sent_before(connection, seen, now) if seen else set()
    return {pair: found.get((pair[0], _NOBODY), 0) - (pair in own) for pair in asked}


async def _sent_before(connection: Any, asked: Sequence[Asked], now: datetime) -> set[Asked]:
    """Return the askers who are counted themselves: established, and senders of the text in those days."""
    since = now - timedelta(days=SIMILAR_DAYS)
    rows = await connection.fetch(
        _SENT_BEFORE, [p for p, _ in asked], [c for _, c in asked], since, now - ESTABLISHED
    )
    return {(row["fingerprint"], row["contact_id"]) for row in rows}


async def _waiting(connection: Any, wants: list[Want]) -> dict[Want, Content]:
    """Open messages that people asked to see; only their own, whatever id the button carried."""
    asked: dict[Want, UUID] = {}
    for want in wants:
        try:
            asked[want] = UUID(want.about)
        except ValueError:
            continue
    if not asked:
        return {}
    rows = await connection.fetch(
        "SELECT id, identity_id, content FROM message WHERE id = ANY($1) AND content IS NOT NULL",
        list(asked.values()),
    )
    found = {(row["id"], row["identity_id"]): row["content"] for row in rows}
    opened: dict[Want, Content] = {}
    for want, message_id in asked.items():
        sealed = found.get((message_id, want.person.identity_id))
        if sealed is None:
            continue
        try:
            plain = open_sealed(want.person.key, sealed, context("message", "content", message_id))
            opened[want] = decode_envelope(plain).content
        except (CryptoError, msgspec.MsgspecError):
            continue
    return opened
