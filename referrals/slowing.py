"""Slowing down whoever guesses at receipts, without ever locking somebody out.

Wrong codes and wrong code words are counted by source, a keyed hash of the address they come from. After a few the next
try of that source must wait, longer each time, at most a quarter of an hour; a try within the wait is not looked at and
does not lengthen it. When many sources guess at once, those with a wrong try of their own wait longer and sooner. A
source without wrong tries never waits, so the right code of somebody who is not guessing always opens.

Wrong code words are counted by report too, or many sources could share out the guesses at one. The more there were, the
longer each source waits before its word for this report is looked at, from the first time that it comes; it waits for
nobody but itself, so that guessers, however many, can't keep the owner's turn from coming. The chat that the report
belongs to stands outside of this: nobody elsewhere can slow it, and it slows nobody.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from core.crypto.keyset import Keyset

# Digits get mixed up: the first mistakes cost nothing.
FREE = 2
WAITS = (10, 30, 60, 120, 300, 600, 900)  # seconds
# One mistake is forgiven an hour.
FORGIVEN_EVERY = timedelta(hours=1)
# So many sources past their free tries within a short time are no longer people mixing up digits.
MANY = 20
LATELY = timedelta(minutes=10)
# How many steps further along WAITS everybody with a mistake then is.
_SOONER = 3
# Wrong words for one report that cost nothing more, and how long a source waits once there were more than so many.
FREE_WORDS = 6
WORD_WAITS: Mapping[int, timedelta] = {
    96: timedelta(hours=24), 48: timedelta(hours=6), 24: timedelta(hours=1), 12: timedelta(minutes=15),
    FREE_WORDS: timedelta(minutes=1),
}  # fmt: skip

_SEEN = """
SELECT t.tries, t.last_at,
       (SELECT count(*) FROM receipt_try WHERE last_at > $2 AND tries > $3) AS guessing
FROM (SELECT 1) AS one LEFT JOIN receipt_try t ON t.source_key = $1
"""
_NOTE = """
INSERT INTO receipt_try (source_key, tries, last_at) VALUES ($1, 1, $2)
ON CONFLICT (source_key) DO UPDATE SET last_at = $2,
  tries = greatest(0, receipt_try.tries - floor(extract(epoch FROM $2 - receipt_try.last_at) / $3)::int) + 1
"""
_KEPT = "SELECT source_key, tries, last_at FROM receipt_try WHERE source_key = ANY($1)"
_STAND_IN_LINE = """
INSERT INTO receipt_try (source_key, tries, last_at) VALUES ($1, 0, $2)
ON CONFLICT (source_key) DO UPDATE SET last_at = $2
"""


def source_key(keyset: Keyset, channel: str, address_key: bytes) -> bytes:
    """Name a source without naming whose it is; `address_key` is the blind index of the address."""
    return keyset.index("receipt_try", f"{channel}:{address_key.hex()}")


async def seconds_to_wait(connection: Any, source: bytes, now: datetime) -> int:
    """Return the seconds until a try of this source is looked at; 0 where it may try now."""
    seen = await connection.fetchrow(_SEEN, source, now - LATELY, FREE)
    if seen["tries"] is None:
        return 0
    since: timedelta = max(now - seen["last_at"], timedelta())
    step = seen["tries"] - since // FORGIVEN_EVERY - FREE - 1
    if seen["guessing"] >= MANY and step + FREE >= 0:
        step += _SOONER
    if step < 0:
        return 0
    left = WAITS[min(step, len(WAITS) - 1)] - since.total_seconds()
    return max(0, -int(-left // 1))


async def note_wrong_try(connection: Any, source: bytes, now: datetime) -> None:
    """Count a wrong code or code word."""
    await connection.execute(_NOTE, source, now, FORGIVEN_EVERY.total_seconds())


class Guess(NamedTuple):
    """A word for one report from one source: where the report's wrong words are counted, where the source waits."""

    report: bytes
    place: bytes


def guess_at(keyset: Keyset, source: bytes, referral_id: UUID) -> Guess:
    return Guess(
        keyset.index("receipt_words", str(referral_id)),
        keyset.index("receipt_place", f"{referral_id}:{source.hex()}"),
    )


async def seconds_to_wait_for_word(connection: Any, guess: Guess, now: datetime) -> int:
    """Return the seconds until a word of this source is looked at for this report; its waiting begins here."""
    kept = {bytes(row["source_key"]): row for row in await connection.fetch(_KEPT, list(guess))}
    if guess.report not in kept:
        return 0
    words = kept[guess.report]
    wrong = words["tries"] - max(now - words["last_at"], timedelta()) // FORGIVEN_EVERY
    wait = next((wait for most, wait in WORD_WAITS.items() if wrong > most), timedelta())
    if wait and guess.place not in kept:
        await connection.execute(_STAND_IN_LINE, guess.place, now)
    since = now - kept[guess.place]["last_at"] if guess.place in kept else timedelta()
    return max(0, -int(-(wait - since).total_seconds() // 1))


async def note_wrong_word(connection: Any, guess: Guess, now: datetime) -> None:
    """Count a wrong code word for a report; the next one of this source waits from now."""
    await note_wrong_try(connection, guess.report, now)
    await connection.execute(_STAND_IN_LINE, guess.place, now)
