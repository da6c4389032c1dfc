"""Facts of a whole batch, one query each."""

from collections.abc import Generator
from typing import Any
from uuid import UUID

import msgspec

from bots.dispatch.turn import Turn, Want
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError
from core.messages.content import Content, decode_envelope
from screening.offers import Found, Offer, consult

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


async def _similar(connection: Any, keys: DataKeys, wants: list[Want]) -> dict[Want, Found]:
    """Return, for each, what is known of the offer beside its words."""
    if not wants:
        return {}
    offers = [want.offer or Offer(want.about, want.person.contact_id) for want in wants]
    return dict(zip(wants, await consult(connection, keys.keyset, offers, utc_now()), strict=True))


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
