"""Access tokens of programs: given for a program's secret, for a quarter of an hour, and stored as a hash."""

import math
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.guessing import SlowDownError
from referrals.agencies.kinds import AgencyKind, read_kind
from referrals.agencies.models import Agency, AgencyProgram, ProgramToken
from referrals.agencies.programs import PROGRAM_SCOPES, ProgramScope, hash_secret

LIFE = timedelta(minutes=15)
PREFIX = "rootanp_"
# Calls of one program: so many at once, and so many a minute in the long run.
BURST, PER_MINUTE = 120, 300
_STEP = timedelta(minutes=1) / PER_MINUTE
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """The program whose token it is, its agency, and what the token was given for."""

    program_id: UUID
    agency_id: UUID
    agency_kind: AgencyKind
    scopes: frozenset[ProgramScope]
    is_sandbox: bool


async def keep_token(
    session: AsyncSession, program: AgencyProgram, token: str, scopes: Collection[str], *, now: datetime
) -> None:
    """Let a token of `new_token` open these scopes of the program from now on, for its life."""
    session.add(
        ProgramToken(
            token_hash=hash_secret(token), program_id=program.id, scopes=sorted(scopes), issued_at=now,
            expires_at=now + LIFE,
        )
    )  # fmt: skip
    await session.flush()


def new_token() -> str:
    """Return a token that opens nothing yet."""
    return PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


async def read_token(session: AsyncSession, token: str, *, now: datetime) -> TokenHolder | None:
    """Return whose token it is while it, its program and its agency hold; None for anything else."""
    if not token.startswith(PREFIX):
        return None
    found = (
        await session.execute(
            sa.select(ProgramToken, AgencyProgram, Agency.kind)
            .join(AgencyProgram, AgencyProgram.id == ProgramToken.program_id)
            .join(Agency, Agency.id == AgencyProgram.agency_id)
            .where(
                ProgramToken.token_hash == hash_secret(token),
                ProgramToken.expires_at > now,
                AgencyProgram.revoked_at.is_(None),
                Agency.closed_at.is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        return None
    row, program, kind = found
    held = set(row.scopes) & set(program.scopes)
    return TokenHolder(
        program.id,
        program.agency_id,
        read_kind(kind),
        frozenset(s for s in PROGRAM_SCOPES if s in held),
        program.is_sandbox,
    )


async def keep_pace(session: AsyncSession, program_id: UUID, *, now: datetime) -> None:
    """Count a call of a program and note its time; raises SlowDownError where they come too fast.

    Of any number of web processes: each call keeps the program busy for its share of a minute, and up to a burst may wait.
    """
    busy = sa.func.greatest(sa.func.coalesce(AgencyProgram.busy_until, now), now)
    taken = await session.scalar(
        sa.update(AgencyProgram)
        .where(AgencyProgram.id == program_id, busy <= now + _STEP * (BURST - 1))
        .values(last_used_at=now, busy_until=busy + _STEP)
        .returning(AgencyProgram.id)
    )
    if taken is None:
        until = await session.scalar(
            sa.select(AgencyProgram.busy_until).where(AgencyProgram.id == program_id)
        )
        left = (until - _STEP * (BURST - 1) - now).total_seconds() if until else 1
        raise SlowDownError(max(1, math.ceil(left)))
