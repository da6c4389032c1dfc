"""Waves: texts like one another, found by their prints, and the people who sent them.

A text belongs to the wave of its exact print, else to the newest wave near enough by signature, else it founds one. A
person counts once a wave, however often they send it, and only once established: known to the service for a day. So
neither one sender's 2,000 copies nor a crowd of accounts made this morning swell a wave or push others out of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from core.crypto.keyset import Keyset
from core.ids import new_id
from screening.prints import ALIKE, Print, Signature, bands, likeness, pack, print_of, sign, unpack

SIMILAR_DAYS = 7
# How long the service must have known somebody for them to count.
ESTABLISHED = timedelta(days=1)
# Of a wave that goes around the country the newest senders are counted; the figure is then a lower bound.
MOST_COUNTED = 2_000
# Of the waves that share a band, the newest are compared. Stock phrases put many waves into one band.
MOST_NEAR = 16
# Who sends the same again within the hour changes nothing.
_SAME_HOUR = timedelta(hours=1)

_EXACT = "SELECT print, wave_id FROM wave_print WHERE print = ANY($1)"
_NEAR = """
SELECT near.place, w.id, w.signature
FROM (SELECT DISTINCT asked.place, b.wave_id FROM unnest($1::int[], $2::bigint[]) AS asked(place, band)
      CROSS JOIN LATERAL (SELECT wave_id FROM wave_band WHERE band = asked.band ORDER BY wave_id DESC LIMIT $3) b) near
JOIN wave w ON w.id = near.wave_id
WHERE w.signature IS NOT NULL
"""
# The wave's senders are read once however many of the batch ask; whoever asks is then taken out of their own count.
_COUNT = """
WITH counted AS MATERIALIZED (
  SELECT w.id, (SELECT count(*) FROM (SELECT known_since FROM wave_sender s WHERE s.wave_id = w.id AND s.last_at > $3
                                      ORDER BY s.last_at DESC LIMIT $5) newest WHERE newest.known_since < $4) AS senders
  FROM (SELECT DISTINCT unnest($1::uuid[]) AS id) w)
SELECT asked.wave_id, asked.contact_id, greatest(c.senders - (own.wave_id IS NOT NULL)::int, 0)::int AS others
FROM unnest($1::uuid[], $2::uuid[]) AS asked(wave_id, contact_id)
JOIN counted c ON c.id = asked.wave_id
LEFT JOIN wave_sender own ON own.wave_id = asked.wave_id AND own.contact_id = asked.contact_id
  AND own.last_at > $3 AND own.known_since < $4
"""
_ADD_PRINTS = """
INSERT INTO wave_print (print, wave_id) SELECT * FROM unnest($1::bytea[], $2::uuid[])
ON CONFLICT DO NOTHING RETURNING print
"""
_ADD_WAVES = """
INSERT INTO wave (id, signature, band, kind, founded_at)
SELECT n.*, $5 FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[]) AS n
ON CONFLICT DO NOTHING
"""
_ADD_BANDS = "INSERT INTO wave_band (band, wave_id) SELECT * FROM unnest($1::bigint[], $2::uuid[]) ON CONFLICT DO NOTHING"
_ADD_SENDERS = """
INSERT INTO wave_sender AS s (wave_id, contact_id, known_since, first_at, last_at)
SELECT n.wave_id, n.contact_id, c.created_at, $3, $3
FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[]) AS n(wave_id, contact_id)) n
JOIN contact c ON c.id = n.contact_id ORDER BY 1, 2
ON CONFLICT (wave_id, contact_id) DO UPDATE SET last_at = $3 WHERE s.last_at < $4
"""


class Place(NamedTuple):
    """Where a text stands among the waves; `wave_id` is None where nothing like it was seen."""

    print: bytes
    wave_id: UUID | None
    # The very same text was seen: nothing is to be added but its sender.
    seen: bool
    # None for texts too short to be compared, and where the text was found by its exact print.
    signature: bytes | None


class Sent(NamedTuple):
    """A text's place, who sent it, and what it was judged."""

    place: Place
    contact_id: UUID
    band: str
    kind: str


async def find_places(connection: Any, keyset: Keyset, texts: Mapping[str, str]) -> dict[str, Place]:
    """Return the place of each text, given with its squeezed form or "" where that isn't at hand.

    Two statements for the whole batch, one where all are known.
    """
    prints = {text: print_of(keyset, text, squeezed) for text, squeezed in texts.items()}
    rows = await connection.fetch(_EXACT, list({p.exact for p in prints.values()}))
    known = {row["print"]: row["wave_id"] for row in rows}
    unknown = {p.exact: p for p in prints.values() if p.exact not in known}
    near = await _find_near(connection, keyset, list(unknown.values())) if unknown else {}
    return {
        text: Place(p.exact, known[p.exact], seen=True, signature=None) if p.exact in known else near[p.exact]
        for text, p in prints.items()
    }


async def _find_near(connection: Any, keyset: Keyset, prints: Sequence[Print]) -> dict[bytes, Place]:
    signed = [sign(keyset, p.letters) if p.letters else None for p in prints]
    keys = [
        (n, band) for n, signature in enumerate(signed) if signature is not None for band in bands(signature)
    ]
    rows = (
        await connection.fetch(_NEAR, [n for n, _ in keys], [band for _, band in keys], MOST_NEAR)
        if keys
        else []
    )
    candidates: dict[int, list[tuple[UUID, bytes]]] = {}
    for row in rows:
        candidates.setdefault(row["place"], []).append((row["id"], row["signature"]))
    places: dict[bytes, Place] = {}
    for n, (p, signature) in enumerate(zip(prints, signed, strict=True)):
        wave_id = None if signature is None else _most_like(signature, candidates.get(n, ()))
        places[p.exact] = Place(
            p.exact, wave_id, seen=False, signature=None if signature is None else pack(signature)
        )
    return places


def _most_like(signature: Signature, candidates: Sequence[tuple[UUID, bytes]]) -> UUID | None:
    """Return the likest wave; of equally like ones the newest."""
    if not candidates:
        return None
    found = likeness(signature, np.stack([unpack(stored) for _, stored in candidates]))
    best, wave_id = max(zip(found.tolist(), (wave_id for wave_id, _ in candidates), strict=True))
    return wave_id if best >= ALIKE else None


async def count_others(
    connection: Any, asked: Sequence[tuple[UUID, UUID]], now: datetime
) -> dict[tuple[UUID, UUID], int]:
    """Count, for each (wave, asker), the other established people who sent it in the last seven days."""
    if not asked:
        return {}
    pairs = sorted(set(asked))
    rows = await connection.fetch(
        _COUNT, [w for w, _ in pairs], [c for _, c in pairs], now - timedelta(days=SIMILAR_DAYS), now - ESTABLISHED,
        MOST_COUNTED,
    )  # fmt: skip
    return {(row["wave_id"], row["contact_id"]): row["others"] for row in rows}


async def join_waves(connection: Any, sent: Sequence[Sent], now: datetime) -> dict[bytes, UUID]:
    """Add prints, new waves and senders; return the wave of every print."""
    waves = {s.place.print: s.place.wave_id for s in sent if s.place.seen and s.place.wave_id is not None}
    new = {s.place.print: s for s in sent if s.place.print not in waves}
    if new:
        waves |= await _add_prints(connection, new, now)
    pairs = [(waves[s.place.print], s.contact_id) for s in sent]
    if pairs:
        await connection.execute(
            _ADD_SENDERS, [w for w, _ in pairs], [c for _, c in pairs], now, now - _SAME_HOUR
        )
    return waves


async def _add_prints(connection: Any, new: Mapping[bytes, Sent], now: datetime) -> dict[bytes, UUID]:
    """Add prints with their waves; where another turn was first with a print, its wave stands.

    Sorted, so that two turns with the same new texts wait for each other in one order.
    """
    planned = _plan(new)
    prints = sorted(planned)
    rows = await connection.fetch(_ADD_PRINTS, prints, [planned[p] for p in prints])
    mine = {row["print"] for row in rows}
    founders: dict[UUID, Sent] = {}
    for p in prints:
        if p in mine and new[p].place.wave_id is None:
            founders.setdefault(planned[p], new[p])
    await _found_waves(connection, founders, now)
    lost = [p for p in prints if p not in mine]
    if lost:
        rows = await connection.fetch(_EXACT, lost)
        planned |= {row["print"]: row["wave_id"] for row in rows}
    return planned


def _plan(new: Mapping[bytes, Sent]) -> dict[bytes, UUID]:
    """Give each new print a wave: the one found, one that another text of this batch founds, or its own."""
    planned: dict[bytes, UUID] = {}
    founded: list[tuple[UUID, bytes]] = []
    for p, one in new.items():
        place = one.place
        near = place.wave_id
        if near is None and place.signature is not None:
            near = _most_like(unpack(place.signature), founded)
        planned[p] = near or new_id()
        if near is None and place.signature is not None:
            founded.append((planned[p], place.signature))
    return planned


async def _found_waves(connection: Any, founders: Mapping[UUID, Sent], now: datetime) -> None:
    if not founders:
        return
    await connection.execute(
        _ADD_WAVES, list(founders), [s.place.signature for s in founders.values()],
        [s.band for s in founders.values()], [s.kind for s in founders.values()], now,
    )  # fmt: skip
    keys = [
        (band, wave_id)
        for wave_id, one in founders.items()
        if one.place.signature is not None
        for band in bands(unpack(one.place.signature))
    ]
    if keys:
        await connection.execute(_ADD_BANDS, [b for b, _ in keys], [w for _, w in keys])
