"""Offers seen: what the service knows of one beside its words, and storing its judgement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from core.crypto.keyset import Keyset
from core.crypto.sealing import context, open_sealed, seal
from core.ids import new_id
from nlp.findings import Judgement
from nlp.normalize import LIMIT
from screening.handles import Handle, handles_in
from screening.kinds import kind_of, province_of
from screening.licences.lookup import Claim, claim_in, look_up
from screening.reports import Named, find_confirmed, note_handles
from screening.standing import Standing
from screening.waves import Place, Sent, count_others, find_places, join_waves

# Asked in the name of nobody, everybody counts.
_NOBODY = UUID(int=0)
_SUSPICIOUS = ("danger", "caution")
# Codes travel as one string: arrays of arrays would all have to be of one length.
_INSERT = """
WITH n AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::text[],
                       $9::text[], $10::text[], $11::bytea[], $12::uuid[])
    AS n(id, contact_id, channel, band, score, kind, codes, province, rules, model, text, wave_id)),
texts AS (INSERT INTO screening_text (screening_id, text) SELECT id, text FROM n WHERE text IS NOT NULL)
INSERT INTO screening (id, contact_id, channel, band, score, kind, indicators, province, rules, model, wave_id, created_at)
SELECT id, contact_id, channel, band, score, kind, string_to_array(codes, ' '), province, rules, model, wave_id, $13 FROM n
"""


class Offer(msgspec.Struct, frozen=True):
    """An offer that is asked about; `contact_id` is None on the public page, `squeezed` the normal form if known."""

    text: str
    contact_id: UUID | None = None
    handles: tuple[Handle, ...] = ()
    claim: Claim = Claim()
    squeezed: str = ""


class Found(msgspec.Struct, frozen=True):
    """What is known of an offer, and its place, with which it is stored without looking again."""

    standing: Standing
    place: Place


class Screened(msgspec.Struct, frozen=True):
    """A judgement to be stored. `key` (32 bytes) seals its text: the contact's, or the desk's for a text of nobody that
    was left to us; without one the text is not kept.

    `event_id` is the id of the event that brought the text: the row takes it, so that an unsend finds the words.
    """

    judgement: Judgement
    text: str
    channel: str
    contact_id: UUID | None = None
    key: bytes | None = None
    place: Place | None = None
    event_id: UUID | None = None


def offer_of(text: str, judgement: Judgement, contact_id: UUID | None = None) -> Offer:
    """Gather from a judgement what `consult` looks up."""
    return Offer(text, contact_id, handles_in(judgement), claim_in(judgement), judgement.squeezed)


async def consult(connection: Any, keyset: Keyset, offers: Sequence[Offer], now: datetime) -> list[Found]:
    """Return what is known of each offer: likes sent by others, confirmed handles, the licence register's word.

    A fixed number of statements however many are asked. Nothing is written.
    """
    places = await find_places(connection, keyset, {offer.text: offer.squeezed for offer in offers})
    asked = [(places[o.text].wave_id, o.contact_id or _NOBODY) for o in offers]
    counts = await count_others(connection, [(w, c) for w, c in asked if w is not None], now)
    confirmed = await find_confirmed(connection, keyset, [h for offer in offers for h in offer.handles])
    licences = await look_up(connection, [offer.claim for offer in offers], now)
    return [
        Found(
            Standing(
                similar=0 if wave_id is None else counts.get((wave_id, contact_id), 0),
                handles=tuple(confirmed[h] for h in offer.handles if h in confirmed),
                licences=licences[offer.claim],
            ),
            places[offer.text],
        )
        for offer, (wave_id, contact_id) in zip(offers, asked, strict=True)
    ]


async def store_screenings(
    connection: Any, keyset: Keyset, screened: Sequence[Screened], now: datetime
) -> list[UUID]:
    """Store judgements, and for people (never the public page) who sent what; return the ids of the rows."""
    if not screened:
        return []
    without = {one.text: one.judgement.squeezed for one in screened if one.place is None}
    found = await find_places(connection, keyset, without) if without else {}
    places = [one.place or found[one.text] for one in screened]
    sent = [
        Sent(place, one.contact_id, one.judgement.band, kind_of(one.judgement))
        for one, place in zip(screened, places, strict=True)
        if one.contact_id is not None
    ]
    waves = await join_waves(connection, sent, now)
    rows = [
        _row(one, waves.get(place.print, place.wave_id)) for one, place in zip(screened, places, strict=True)
    ]
    await connection.execute(_INSERT, *map(list, zip(*rows, strict=True)), now)
    ids: list[UUID] = [row[0] for row in rows]
    await note_handles(connection, keyset, _named(screened, ids), now)
    return ids


def _row(one: Screened, wave_id: UUID | None) -> tuple[Any, ...]:
    judgement, row_id = one.judgement, one.event_id or new_id()
    codes = " ".join(dict.fromkeys(sign.code for sign in judgement.indicators))
    text = None if one.key is None else seal_text(one.key, row_id, one.text)
    return (
        row_id, one.contact_id, one.channel, judgement.band, judgement.score, kind_of(judgement), codes,
        province_of(judgement), judgement.rules, judgement.model, text, wave_id,
    )  # fmt: skip


async def take_back_texts(connection: Any, event_ids: Sequence[UUID]) -> None:
    """An unsend: the words go, the judgement stays as a figure."""
    await connection.execute("DELETE FROM screening_text WHERE screening_id = ANY($1)", event_ids)


def seal_text(key: bytes, screening_id: UUID, text: str) -> bytes:
    """Seal what was looked at of a text; of a longer one the rest is not kept."""
    return seal(key, text[:LIMIT].encode(errors="replace"), _bound(screening_id))


def open_text(key: bytes, screening_id: UUID, sealed: bytes) -> str:
    """Return the words; raises CryptoError."""
    return open_sealed(key, sealed, _bound(screening_id)).decode()


def _bound(screening_id: UUID) -> bytes:
    return context("screening_text", "text", screening_id)


def _named(screened: Sequence[Screened], ids: Sequence[UUID]) -> list[Named]:
    return [
        Named(handle, one.contact_id, row_id)
        for one, row_id in zip(screened, ids, strict=True)
        if one.contact_id is not None and one.judgement.band in _SUSPICIOUS
        for handle in handles_in(one.judgement)
    ]
