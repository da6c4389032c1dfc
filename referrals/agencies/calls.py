"""Writes of programs under a key of their own: called twice they are done once, and the second call hears the same.

As core/accounts/repeated_calls for staff's tokens; here the key is the program's, for its tokens last minutes.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.repeated_calls import LONGEST_KEY, CallKeyError, Done, KeyReusedError, StillWorkingError
from core.crypto.keyset import Keyset
from referrals.agencies.models import ProgramCall


@dataclass(frozen=True, slots=True)
class ProgramWrite:
    """A write under its key. `form_id` is the same for the same key; `earlier` is its answer where it was done before."""

    program_id: UUID
    key_hash: bytes
    request_hash: bytes
    form_id: UUID
    earlier: Done | None


async def begin_write(
    session: AsyncSession, keyset: Keyset, *, program_id: UUID, key: str, request: str
) -> ProgramWrite:
    """Take a key for this transaction; `request` says all that is asked for.

    Raises CallKeyError, KeyReusedError, StillWorkingError.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise CallKeyError(f"send a key of 1 to {LONGEST_KEY} plain characters, new for each write")
    key_hash = keyset.index("program-call", f"{program_id}\0{key}")
    request_hash = keyset.index("program-request", request)
    lock = int.from_bytes(key_hash[:8], signed=True)
    if not await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(lock))):
        raise StillWorkingError("the same call is under way; ask again in a moment")
    before = await session.get(ProgramCall, (program_id, key_hash))
    if before is not None and before.request_hash != request_hash:
        raise KeyReusedError("this key belongs to another request; use a new one")
    earlier = Done(before.status, before.object_id) if before else None
    form_id = UUID(bytes=keyset.index("program-form", f"{program_id}\0{key}"))
    return ProgramWrite(program_id, key_hash, request_hash, form_id, earlier)


async def end_write(session: AsyncSession, write: ProgramWrite, done: Done, *, now: datetime) -> None:
    """Remember how a write was answered."""
    session.add(
        ProgramCall(
            program_id=write.program_id, key_hash=write.key_hash, request_hash=write.request_hash,
            status=done.status, object_id=done.object_id, at=now,
        )
    )  # fmt: skip
    await session.flush()
