"""Writes under a key of the program's own: called twice they are done once, and the second call hears the same.

A call is remembered in the transaction that does it, so that a refused one leaves nothing. What it made is remembered by
id alone; key and request as keyed hashes.
"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import IdempotentCall
from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.errors import ConflictError, InvalidInputError

LONGEST_KEY = 200


class CallKeyError(InvalidInputError):
    """A key that is missing, too long, or not plain characters."""

    code = "idempotency_key"


class KeyReusedError(ConflictError):
    """The key was used for another request."""

    code = "idempotency_key_reused"


class StillWorkingError(ConflictError):
    """The same call is being done at this moment; `seconds` says when to ask again."""

    code = "in_progress"
    seconds = 1


@dataclass(frozen=True, slots=True)
class Done:
    """How a call was answered, and what it made."""

    status: int
    object_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A write under its key. `form_id` is the same for the same key; `earlier` is its answer where it was done before."""

    token_id: UUID
    key_hash: bytes
    request_hash: bytes
    form_id: UUID
    earlier: Done | None


async def begin_call(
    session: AsyncSession, keyset: Keyset, *, token_id: UUID, key: str, request: str
) -> Call:
    """Take a key for this transaction; `request` says all that is asked for.

    Raises CallKeyError, KeyReusedError, StillWorkingError.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise CallKeyError(f"send a key of 1 to {LONGEST_KEY} plain characters, new for each write")
    key_hash = keyset.index("api-call", f"{token_id}\0{key}")
    request_hash = keyset.index("api-request", request)
    lock = int.from_bytes(key_hash[:8], signed=True)
    if not await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(lock))):
        raise StillWorkingError("the same call is under way; ask again in a moment")
    before = await session.get(IdempotentCall, (token_id, key_hash))
    if before is not None and before.request_hash != request_hash:
        raise KeyReusedError("this key belongs to another request; use a new one")
    earlier = Done(before.status or 204, before.object_id) if before else None
    form_id = UUID(bytes=keyset.index("api-form", f"{token_id}\0{key}"))
    return Call(token_id, key_hash, request_hash, form_id, earlier)


async def end_call(session: AsyncSession, call: Call, done: Done) -> None:
    """Remember how a call was answered."""
    session.add(
        IdempotentCall(
            token_id=call.token_id, key_hash=call.key_hash, request_hash=call.request_hash, status=done.status,
            object_id=done.object_id, at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
