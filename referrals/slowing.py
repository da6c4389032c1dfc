"""Slowing down whoever guesses at receipts, without ever locking somebody out.

Wrong codes and wrong code words are counted by source, a keyed hash of the address they come from. After a few the next
try of that source must wait, longer each time, at most a quarter of an hour; a try within the wait is not looked at and
does not lengthen it. When many sources guess at once, those with a wrong try of their own wait longer and sooner. A
source without wrong tries never waits, so the right code of somebody who is not guessing always opens.
"""

from datetime import datetime, timedelta
from typing import Any

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
