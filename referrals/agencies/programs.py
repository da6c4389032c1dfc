"""Programs of agencies: made by staff, with a secret that is shown once, and ended at once when they are revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.agencies.models import Agency, AgencyProgram, ProgramToken

ProgramScope = Literal[
    "cases.read",
    "track.referral.write",
    "track.victim.write",
    "track.prosecution.write",
    "track.compensation.write",
    "messages.write",
    "files.write",
    "hooks.manage",
]
PROGRAM_SCOPES: tuple[ProgramScope, ...] = get_args(ProgramScope)
LONGEST_NAME = 60
# Of one agency at a time: one for each of its systems, and one of each for trying out.
MOST_PROGRAMS = 20
_ID_PREFIX, _SECRET_PREFIX = "rootan-", "rootans_"
_SECRET_BYTES = 32


class ProgramNameError(InvalidInputError):
    code = "program_name"


class ProgramScopesError(InvalidInputError):
    """None chosen, or one that does not exist."""

    code = "program_scopes"


class TooManyProgramsError(ConflictError):
    code = "too_many_programs"


@dataclass(frozen=True, slots=True)
class NewProgram:
    """A program that was made; `secret` is stored nowhere."""

    id: UUID
    client_id: str
    secret: str


async def make_program(
    session: AsyncSession,
    agency_id: UUID,
    *,
    name: str,
    scopes: Collection[str],
    is_sandbox: bool = False,
    by_account: UUID | None,
    now: datetime,
) -> NewProgram:
    """Write a program of an agency and return it with its secret.

    Raises NotFoundError for an agency that is not there or closed, ProgramNameError, ProgramScopesError,
    TooManyProgramsError.
    """
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= LONGEST_NAME or not plain.isprintable():
        raise ProgramNameError(f"a name has 1 to {LONGEST_NAME} characters")
    chosen = _chosen(scopes)
    agency = await session.get(Agency, agency_id, with_for_update=True)
    if agency is None or agency.closed_at is not None:
        raise NotFoundError("no such agency works with us")
    if len(await list_programs(session, agency_id)) >= MOST_PROGRAMS:
        raise TooManyProgramsError("revoke a program that is not used any more")
    made = NewProgram(
        new_id(),
        f"{_ID_PREFIX}{secrets.token_hex(10)}",
        _SECRET_PREFIX + secrets.token_urlsafe(_SECRET_BYTES),
    )
    session.add(
        AgencyProgram(
            id=made.id, agency_id=agency_id, name=plain, client_id=made.client_id,
            secret_hash=hash_secret(made.secret), scopes=chosen, is_sandbox=is_sandbox, created_at=now,
            created_by=by_account,
        )
    )  # fmt: skip
    await session.flush()
    return made


def _chosen(scopes: Collection[str]) -> list[str]:
    chosen = [scope for scope in PROGRAM_SCOPES if scope in set(scopes)]
    if not chosen or len(chosen) != len(set(scopes)):
        raise ProgramScopesError("choose what the program may do")
    return [*chosen]


async def list_programs(
    session: AsyncSession, agency_id: UUID, *, with_revoked: bool = False
) -> list[AgencyProgram]:
    """Return an agency's programs that work now, or all that ever did, the newest first."""
    which = sa.true() if with_revoked else AgencyProgram.revoked_at.is_(None)
    rows = await session.scalars(
        sa.select(AgencyProgram)
        .where(AgencyProgram.agency_id == agency_id, which)
        .order_by(AgencyProgram.id.desc())
    )
    return list(rows)


async def revoke_program(session: AsyncSession, agency_id: UUID, program_id: UUID, *, now: datetime) -> None:
    """End a program and its tokens at once; raises NotFoundError for what is not this agency's or has ended."""
    ended = await session.scalar(
        sa.update(AgencyProgram)
        .where(
            AgencyProgram.id == program_id,
            AgencyProgram.agency_id == agency_id,
            AgencyProgram.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(AgencyProgram.id)
    )
    if ended is None:
        raise NotFoundError("no such program of this agency")
    await session.execute(sa.delete(ProgramToken).where(ProgramToken.program_id == program_id))


async def find_program(session: AsyncSession, client_id: str) -> AgencyProgram | None:
    """Return the program of that name while it and its agency work with us."""
    if not client_id.startswith(_ID_PREFIX) or not client_id.isprintable():
        return None
    found: AgencyProgram | None = await session.scalar(
        sa.select(AgencyProgram)
        .join(Agency, Agency.id == AgencyProgram.agency_id)
        .where(
            AgencyProgram.client_id == client_id,
            AgencyProgram.revoked_at.is_(None),
            Agency.closed_at.is_(None),
        )
    )
    return found


def is_secret_of(program: AgencyProgram, secret: str) -> bool:
    """Tell in constant time whether this is the program's secret."""
    return hmac.compare_digest(program.secret_hash, hash_secret(secret))


def hash_secret(secret: str) -> bytes:
    """Return what is stored of a secret: 256 random bits are not guessed from their hash, so it need not be slow."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
