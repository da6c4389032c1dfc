"""Signed-in devices: 256-bit tokens of which only the hash is stored, with an idle and an absolute end.

A session lives in the place where it began: its token is of no use in another browser or network.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, AccountSession, ApiToken
from core.accounts.places import Place
from core.audit.chain import record_audit
from core.clock import utc_now
from core.errors import NotFoundError
from core.ids import new_id

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# Between the password and the code.
HALFWAY = timedelta(minutes=10)
# Not every request writes: the idle clock is exact to this.
_TOUCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session and whose it is."""

    session_id: UUID
    account: Account
    confirmed: bool
    csrf: str


async def start_session(
    session: AsyncSession, account_id: UUID, *, confirmed: bool, place: Place | None = None
) -> str:
    """Write a session and return its token, which is stored nowhere; without a place, its first use is its place."""
    token, now = secrets.token_urlsafe(32), utc_now()
    session.add(
        AccountSession(
            id=new_id(), account_id=account_id, token_hash=_hash(token), confirmed=confirmed,
            csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now,
            place_key=place.key if place else None, device=place.device if place else "",
        )
    )  # fmt: skip
    await session.flush()
    return token


async def read_session(session: AsyncSession, token: str, *, touch: bool = True) -> SignedIn | None:
    """Return whose token it is while the session lives; `touch` moves the idle clock."""
    found = (
        await session.execute(
            sa.select(AccountSession, Account)
            .join(Account, Account.id == AccountSession.account_id)
            .where(AccountSession.token_hash == _hash(token), Account.disabled_at.is_(None))
        )
    ).one_or_none()
    if found is None:
        return None
    row, account = found
    now = utc_now()
    if not _lives(row, now):
        return None
    if touch and now - row.seen_at >= _TOUCH_EVERY:
        row.seen_at = now
        await session.flush()
    return SignedIn(row.id, account, row.confirmed, row.csrf)


async def keep_to_place(session: AsyncSession, signed_in: SignedIn, place: Place) -> bool:
    """Tell whether this is where the session began; elsewhere it ends, with its audit row."""
    row = await session.get_one(AccountSession, signed_in.session_id)
    if row.place_key is None:
        row.place_key, row.device = place.key, place.device
    if hmac.compare_digest(row.place_key, place.key):
        return True
    await end_session(session, row.id)
    # Whoever holds the token need not be whose it is, so the row names no actor.
    await record_audit(
        session,
        actor_id=None,
        action="account.used_elsewhere",
        object_kind="account",
        object_id=row.account_id,
        outcome="refused",
    )
    return False


def _lives(row: AccountSession, now: datetime) -> bool:
    if row.ended_at is not None or now - row.seen_at >= IDLE:
        return False
    return now - row.created_at < (ABSOLUTE if row.confirmed else HALFWAY)


async def end_session(session: AsyncSession, session_id: UUID) -> None:
    await session.execute(
        sa.update(AccountSession)
        .where(AccountSession.id == session_id, AccountSession.ended_at.is_(None))
        .values(ended_at=utc_now())
    )


async def end_all_sessions(session: AsyncSession, account_id: UUID) -> int:
    """Sign the person out everywhere; return how many sessions ended."""
    ended = await session.execute(
        sa.update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .values(ended_at=utc_now())
        .returning(AccountSession.id)
    )
    return len(ended.all())


async def end_all_keys(session: AsyncSession, account_id: UUID) -> None:
    """Sign the person out everywhere, their programs too: what they may do has changed."""
    await end_all_sessions(session, account_id)
    await session.execute(
        sa.update(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
    )


async def list_sessions(session: AsyncSession, account_id: UUID) -> list[AccountSession]:
    """Return the devices that are signed in now, the last seen first."""
    rows = await session.scalars(
        sa.select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.confirmed,
            AccountSession.ended_at.is_(None),
            AccountSession.seen_at > utc_now() - IDLE,
        )
        .order_by(AccountSession.seen_at.desc(), AccountSession.id)
    )
    return [row for row in rows if _lives(row, utc_now())]


async def end_own_session(session: AsyncSession, account_id: UUID, session_id: UUID) -> None:
    """Sign one of the person's devices out; raises NotFoundError for what is not theirs or has ended."""
    if session_id not in {row.id for row in await list_sessions(session, account_id)}:
        raise NotFoundError("this device is not signed in")
    await end_session(session, session_id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
