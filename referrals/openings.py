"""That a conversation opened a report by its code word: remembered until some time after it last looked.

The word is part of what is remembered, so that an opening ends when the word is changed. It stands among the tries at
receipts as a keyed hash with none wrong, and ties the report to the conversation for nobody who reads the database.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.crypto.keyset import Keyset

# Longer than the quarter of an hour for which the conversation itself remembers, which may go on without a look.
LASTS = timedelta(minutes=30)

_NOTE = """
INSERT INTO receipt_try (source_key, tries, last_at) VALUES ($1, 0, $2)
ON CONFLICT (source_key) DO UPDATE SET last_at = $2
"""
_GO_ON = "UPDATE receipt_try SET last_at = $2 WHERE source_key = $1 AND last_at >= $3 RETURNING true"


def opening_key(keyset: Keyset, referral_id: UUID, identity_id: UUID, word_key: bytes) -> bytes:
    """Name an opening: `word_key` is the report's code word as it is stored."""
    return keyset.index("receipt_opening", f"{referral_id}:{identity_id}:{word_key.hex()}")


async def note_opening(connection: Any, opening: bytes, now: datetime) -> None:
    await connection.execute(_NOTE, opening, now)


async def goes_on(connection: Any, opening: bytes, now: datetime) -> bool:
    """Tell whether an opening still stands, and let it stand on from now."""
    return bool(await connection.fetchval(_GO_ON, opening, now, now - LASTS))
