"""Offers seen: the same text sent by others, counted without keeping a word of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.crypto.keyset import Keyset
from core.ids import new_id
from nlp.judgement import Judgement
from nlp.normalize import normal_word

SIMILAR_DAYS = 7
# Only people we have known for a day count, so that a wave of fresh accounts can't fake one (invariant 15).
ESTABLISHED = timedelta(days=1)
# Of a text that goes around the country the newest are looked at; the count is then a lower bound. Unbounded, 100,000
# of one text took a turn 0.6 to 1.8 s.
MOST_LOOKED_AT = 2_000

_COUNT = """
SELECT asked.fingerprint, asked.contact_id, count(DISTINCT s.contact_id) AS others
FROM unnest($1::bytea[], $2::uuid[]) AS asked(fingerprint, contact_id)
CROSS JOIN LATERAL (
  SELECT contact_id FROM screening s
  WHERE s.fingerprint = asked.fingerprint AND s.created_at > $3 AND s.contact_id IS DISTINCT FROM asked.contact_id
  ORDER BY s.created_at DESC LIMIT $5
) s
JOIN contact c ON c.id = s.contact_id AND c.created_at < $4
GROUP BY 1, 2
"""
_INSERT = """
INSERT INTO screening (id, contact_id, channel, band, score, indicators, rules, model, fingerprint, created_at)
SELECT id, contact_id, channel, band, score, string_to_array(codes, ' '), rules, model, fingerprint, created_at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::text[],
            $9::bytea[], $10::timestamptz[])
  AS n(id, contact_id, channel, band, score, codes, rules, model, fingerprint, created_at)
"""

# Indicator codes travel as one string: arrays of arrays would all have to be of one length.
Row = tuple[UUID, UUID | None, str, str, float, str, str, str, bytes, datetime]


def fingerprint(keyset: Keyset, text: str) -> bytes:
    """Return the keyed hash of a text's normal form: tricks with spaces, digits or marks don't make it another."""
    return keyset.index("offer", "".join(normal_word(text).split()))


async def count_similar(
    connection: Any, asked: Sequence[tuple[bytes, UUID]], now: datetime
) -> dict[tuple[bytes, UUID], int]:
    """Count, for each (fingerprint, asker), the other established contacts who sent the same in the last seven days."""
    since = now - timedelta(days=SIMILAR_DAYS)
    rows = await connection.fetch(
        _COUNT, [f for f, _ in asked], [c for _, c in asked], since, now - ESTABLISHED, MOST_LOOKED_AT
    )
    return {(row["fingerprint"], row["contact_id"]): row["others"] for row in rows}


def screening_row(
    judgement: Judgement, print_of_text: bytes, *, contact_id: UUID | None, channel: str, now: datetime
) -> Row:
    codes = " ".join(dict.fromkeys(indicator.code for indicator in judgement.indicators))
    return (
        new_id(), contact_id, channel, judgement.band, judgement.score, codes, judgement.rules, judgement.model,
        print_of_text, now,
    )  # fmt: skip


async def store_screenings(connection: Any, rows: Sequence[Row]) -> None:
    if rows:
        await connection.execute(_INSERT, *map(list, zip(*rows, strict=True)))
