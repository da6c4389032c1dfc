"""Signed-in devices: 256-bit tokens of which only the hash is stored, with an idle and an absolute end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, AccountSession
from core.clock import utc_now
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


async def start_session(session: AsyncSession, account_id: UUID, *, confirmed: bool) -> str:
    """Write a session and return its token, which is stored nowhere."""
    token, now = secrets.token_urlsafe(32), utc_now()
    session.add(
        AccountSession(
            id=new_id(), account_id=account_id, token_hash=_hash(token), confirmed=confirmed,
            csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now,
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


async def count_sessions(session: AsyncSession, account_id: UUID) -> int:
    """Count the devices that are signed in now."""
    rows = await session.scalars(
        sa.select(AccountSession).where(
            AccountSession.account_id == account_id,
            AccountSession.confirmed,
            AccountSession.ended_at.is_(None),
            AccountSession.seen_at > utc_now() - IDLE,
        )
    )
    return sum(_lives(row, utc_now()) for row in rows)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
