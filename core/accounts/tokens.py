"""Keys of programs: made by a member of staff for themselves, shown once, for no more than they may do themselves.

A token is `rootan_` and 48 bytes in base64url: its row's id, and a secret of 32 random bytes of which only the hash is
stored. It is bound to no place, since programs move; it ends with its time, when it is revoked, and with whatever ends all
of a person's keys.
"""

import base64
import binascii
import hashlib
import hmac
import math
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.guessing import SlowDownError
from core.accounts.models import Account, ApiToken
from core.accounts.roster import scopes_held
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.permissions import Scope

PREFIX = "rootan_"
LONGEST_NAME = 60
MOST_DAYS, USUAL_DAYS = 365, 90
# Of one person at a time: enough for a program each, few enough to keep an eye on.
MOST_TOKENS = 10
# Calls of one token: so many at once, and so many a minute in the long run.
BURST, PER_MINUTE = 60, 120
_STEP = timedelta(minutes=1) / PER_MINUTE
_SECRET_BYTES = 32
_WRITTEN = 64  # characters of 16 + 32 bytes in base64url
# What the staff interface asks for; no other part of the service takes a token.
OFFERED: tuple[Scope, ...] = (
    "referrals.read", "referrals.write", "referrals.assign", "hotlines.read", "screening.read", "campaigns.read",
    "campaigns.write", "audit.read",
)  # fmt: skip
# Writing goes through the reading of the same things.
_STANDS_ON: dict[Scope, Scope] = {
    "referrals.write": "referrals.read",
    "referrals.assign": "referrals.read",
    "campaigns.write": "campaigns.read",
}


class TokenNameError(InvalidInputError):
    code = "token_name"


class TokenScopesError(InvalidInputError):
    """None chosen, or one that the person does not hold."""

    code = "token_scopes"


class TokenDaysError(InvalidInputError):
    code = "token_days"


class TooManyTokensError(ConflictError):
    code = "too_many_tokens"


@dataclass(frozen=True, slots=True)
class Wish:
    """A token as somebody wants it, looked over."""

    name: str
    scopes: frozenset[Scope]
    days: int


@dataclass(frozen=True, slots=True)
class Keyholder:
    """Whose token it is, and what it may do now: what it was made for, of what the person still may."""

    token_id: UUID
    account: Account
    scopes: frozenset[Scope]


def offered_to(held: Collection[Scope]) -> list[Scope]:
    """Return what tokens of somebody who holds these scopes may do at most."""
    return [scope for scope in OFFERED if scope in held]


def look_over(held: Collection[Scope], *, name: str, scopes: Collection[str], days: int) -> Wish:
    """Return a wish that can be granted to who holds these scopes.

    Raises TokenNameError, TokenScopesError, TokenDaysError.
    """
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= LONGEST_NAME or not plain.isprintable():
        raise TokenNameError(f"a name has 1 to {LONGEST_NAME} characters")
    if not 1 <= days <= MOST_DAYS:
        raise TokenDaysError(f"a token lasts 1 to {MOST_DAYS} days")
    return Wish(plain, _chosen(scopes, frozenset(offered_to(held))), days)


async def make_token(session: AsyncSession, account_id: UUID, wish: Wish) -> str:
    """Write a token and return it, which is stored nowhere. The caller has asked for the second factor.

    Raises TooManyTokensError.
    """
    if len(await list_tokens(session, account_id)) >= MOST_TOKENS:
        raise TooManyTokensError("revoke one that is not used any more")
    token_id, secret, now = new_id(), secrets.token_bytes(_SECRET_BYTES), utc_now()
    session.add(
        ApiToken(
            id=token_id, account_id=account_id, name=wish.name, scopes=sorted(wish.scopes),
            token_hash=_hash(secret), created_at=now, expires_at=now + timedelta(days=wish.days),
        )
    )  # fmt: skip
    await session.flush()
    return PREFIX + base64.urlsafe_b64encode(token_id.bytes + secret).decode()


def _chosen(scopes: Collection[str], held: frozenset[Scope]) -> frozenset[Scope]:
    chosen: frozenset[Scope] = frozenset(scope for scope in OFFERED if scope in set(scopes))
    if not chosen or len(chosen) != len(set(scopes)):
        raise TokenScopesError("choose what the token may do")
    needed = chosen | {_STANDS_ON[scope] for scope in chosen if scope in _STANDS_ON}
    if not needed <= held:
        raise TokenScopesError("a token may do no more than you may")
    return needed


async def read_token(session: AsyncSession, token: str) -> Keyholder | None:
    """Return whose token it is while it holds; None for anything else."""
    parts = _parts(token)
    if parts is None:
        return None
    found = (
        await session.execute(
            sa.select(ApiToken, Account)
            .join(Account, Account.id == ApiToken.account_id)
            .where(ApiToken.id == parts[0], Account.disabled_at.is_(None))
        )
    ).one_or_none()
    if found is None:
        return None
    row, account = found
    if not hmac.compare_digest(row.token_hash, _hash(parts[1])) or not _lives(row, utc_now()):
        return None
    return Keyholder(row.id, account, frozenset(s for s in scopes_held(account) if s in row.scopes))


def _parts(token: str) -> tuple[UUID, bytes] | None:
    written = token.removeprefix(PREFIX)
    if written == token or len(written) != _WRITTEN:
        return None
    try:
        raw = base64.b64decode(written, b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    return UUID(bytes=raw[:16]), raw[16:]


def _lives(row: ApiToken, now: datetime) -> bool:
    return row.revoked_at is None and now < row.expires_at


async def keep_pace(session: AsyncSession, token_id: UUID) -> None:
    """Count a call of a token and note its time; raises SlowDownError where they come too fast.

    Of any number of web processes: each call keeps the token busy for its share of a minute, and up to a burst may wait.
    """
    now = utc_now()
    busy = sa.func.greatest(sa.func.coalesce(ApiToken.busy_until, now), now)
    taken = await session.scalar(
        sa.update(ApiToken)
        .where(ApiToken.id == token_id, busy <= now + _STEP * (BURST - 1))
        .values(used_at=now, busy_until=busy + _STEP)
        .returning(ApiToken.id)
    )
    if taken is None:
        until = await session.scalar(sa.select(ApiToken.busy_until).where(ApiToken.id == token_id))
        left = (until - _STEP * (BURST - 1) - now).total_seconds() if until else 1
        raise SlowDownError(max(1, math.ceil(left)))


async def list_tokens(session: AsyncSession, account_id: UUID) -> list[ApiToken]:
    """Return somebody's tokens that hold now, the newest first."""
    rows = await session.scalars(
        sa.select(ApiToken)
        .where(
            ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > utc_now()
        )
        .order_by(ApiToken.id.desc())
    )
    return list(rows)


async def revoke_token(session: AsyncSession, account_id: UUID, token_id: UUID) -> None:
    """End one of somebody's own tokens at once; raises NotFoundError for what is not theirs or has ended."""
    ended = await session.scalar(
        sa.update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
        .returning(ApiToken.id)
    )
    if ended is None:
        raise NotFoundError("no such token of yours")


def _hash(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
