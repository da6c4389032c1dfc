"""Facts of a whole batch, one query each."""

import contextlib
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from bots.delivery.staff_words import from_staff
from bots.dialogues.waiting import OPEN
from bots.dispatch.campaign_answers import find_asked
from bots.dispatch.tracking import find_holdings
from bots.dispatch.turn import Turn, Want
from bots.engine.steps import Wanted
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError
from core.messages.content import Content, decode_envelope
from screening.offers import Found, Offer, consult

Running = Generator[Want, Any, Turn]
Fetcher = Callable[[Any, DataKeys, list[Want]], Awaitable[Mapping[Want, Any]]]
_NONE: Mapping[Wanted, Fetcher] = {}


async def run_turns(
    connection: Any, keys: DataKeys, turns: list[Running], others: Mapping[Wanted, Fetcher] = _NONE
) -> list[Turn]:
    """Run all turns to their end, fetching what they want together, round by round; `others` fetch what these can't."""
    finished: list[Turn] = []
    answers: list[tuple[Running, Any]] = [(turn, None) for turn in turns]
    while answers:
        wanting: list[tuple[Running, Want]] = []
        for running, answer in answers:
            try:
                wanting.append((running, running.send(answer)))
            except StopIteration as end:
                finished.append(end.value)
        answers = await _answer(connection, keys, wanting, others)
    return finished


async def _answer(
    connection: Any, keys: DataKeys, wanting: list[tuple[Running, Want]], others: Mapping[Wanted, Fetcher]
) -> list[tuple[Running, Any]]:
    found: dict[Want, Any] = {}
    for kind, fetch in (*_FETCHERS.items(), *others.items()):
        wants = [want for _, want in wanting if want.kind == kind]
        if wants:
            found |= await fetch(connection, keys, wants)
    return [(running, found[want]) for running, want in wanting]


async def _similar(connection: Any, keys: DataKeys, wants: list[Want]) -> dict[Want, Found]:
    """Return, for each, what is known of the offer beside its words."""
    offers = [want.offer or Offer(want.about, want.person.contact_id) for want in wants]
    return dict(zip(wants, await consult(connection, keys.keyset, offers, utc_now()), strict=True))


async def _waiting(connection: Any, _keys: DataKeys, wants: list[Want]) -> dict[Want, tuple[Content, ...]]:
    """Open messages that people asked to see; only their own, whatever id the button carried."""
    asked: dict[Want, UUID] = {}
    for want in wants:
        with contextlib.suppress(ValueError):
            asked[want] = UUID(want.about.removeprefix(OPEN))
    rows = await connection.fetch(
        "SELECT id, identity_id, kind, content FROM message WHERE id = ANY($1) AND content IS NOT NULL",
        list(asked.values()),
    )
    found = {(row["id"], row["identity_id"]): row for row in rows}
    opened: dict[Want, tuple[Content, ...]] = dict.fromkeys(wants, ())
    for want, message_id in asked.items():
        row = found.get((message_id, want.person.identity_id))
        if row is None:
            continue
        try:
            plain = open_sealed(want.person.key, row["content"], context("message", "content", message_id))
            content = decode_envelope(plain).content
        except (CryptoError, msgspec.MsgspecError):
            continue
        if row["kind"] == "staff":
            content = from_staff(content, want.person.state.language)
        opened[want] = (content,)
    return opened


async def _own_receipt(connection: Any, keys: DataKeys, wants: list[Want]) -> dict[Want, bool]:
    """Tell whether the digits are the receipt of the person's own open referral."""
    rows = await connection.fetch(
        "SELECT identity_id, receipt_key FROM referral"
        " WHERE identity_id = ANY($1) AND state IN ('open', 'claimed')",
        [want.person.identity_id for want in wants],
    )
    own = {(row["identity_id"], bytes(row["receipt_key"])) for row in rows}
    index = keys.keyset.index
    return {want: (want.person.identity_id, index("receipt", want.about)) in own for want in wants}


# By the name of the fact; each is called once for a whole batch and answers every want it is given.
_FETCHERS: Mapping[Wanted, Fetcher] = {
    "similar": _similar,
    "waiting": _waiting,
    "own_receipt": _own_receipt,
    "holdings": find_holdings,
    "asked": find_asked,
}
