"""Ids: UUID version 7 (RFC 9562), so that rows sort by the time they were made."""

import os
import time
from datetime import datetime
from uuid import UUID

_last = 0


def new_id() -> UUID:
    """Return a UUIDv7 that is larger than every earlier one of this process."""
    global _last  # noqa: PLW0603 - ids of one process must never go back
    # 48 bits of milliseconds and 12 bits of their fraction, so that ids made within one millisecond still sort.
    nanoseconds = time.time_ns()
    stamp = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
    _last = stamp = max(stamp, _last + 1)
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)


def first_id_of(moment: datetime) -> UUID:
    """Return an id that sorts before every id made from `moment` on, and after those made before."""
    return UUID(int=int(moment.timestamp() * 1_000) << 80 | 0x7 << 76 | 0b10 << 62)
