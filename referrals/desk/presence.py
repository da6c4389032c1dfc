"""Who has a referral open, and whether they type: told by open pages now and then, gone when a page falls silent."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import NotFoundError
from referrals.desk.models import Presence
from referrals.live import PRESENCE, announce_change
from referrals.models import Referral

Doing = Literal["reading", "typing"]
# A page that said nothing for so long is not open any more.
GONE_AFTER = timedelta(seconds=30)
# What one page says within this time of its last word is not written down.
APART = timedelta(seconds=10)
_MOST = 500


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody at a referral; `seconds_left` until they count as gone, unless their page says otherwise."""

    referral_id: UUID
    account_id: UUID
    name: str
    doing: str
    seconds_left: float


async def note_presence(session: AsyncSession, referral_id: UUID, account_id: UUID, doing: Doing) -> bool:
    """Write down that somebody has this referral open; return whether it was written. Raises NotFoundError.

    One page is heard at most every ten seconds. Others are told only when somebody came or does something else.
    """
    now = utc_now()
    if not await session.scalar(sa.select(sa.exists().where(Referral.id == referral_id))):
        raise NotFoundError("no such referral")
    before = await session.get(Presence, (referral_id, account_id), with_for_update=True)
    if before is not None and before.seen_at > now - APART:
        return False
    is_news = before is None or before.doing != doing or before.seen_at <= now - GONE_AFTER
    row = insert(Presence).values(referral_id=referral_id, account_id=account_id, doing=doing, seen_at=now)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["referral_id", "account_id"], set_={"doing": doing, "seen_at": now}
        )
    )
    if is_news:
        await announce_change(session, referral_id, PRESENCE)
    return True


async def leave(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """The page was closed."""
    gone = await session.scalar(
        sa.delete(Presence)
        .where(Presence.referral_id == referral_id, Presence.account_id == account_id)
        .returning(Presence.referral_id)
    )
    if gone is not None:
        await announce_change(session, referral_id, PRESENCE)


async def who_is_there(session: AsyncSession) -> list[Somebody]:
    """Return everybody who has some referral open, whoever types first."""
    now = utc_now()
    found = await session.execute(
        sa.select(Presence, Account.name)
        .join(Account, Account.id == Presence.account_id)
        .where(Presence.seen_at > now - GONE_AFTER)
        .order_by(Presence.doing.desc(), Account.name)
        .limit(_MOST)
    )
    return [
        Somebody(
            one.referral_id, one.account_id, name, one.doing, (one.seen_at + GONE_AFTER - now).total_seconds()
        )
        for one, name in found
    ]


async def forget_presence(session: AsyncSession) -> None:
    """Delete what pages said long ago; for a chore."""
    await session.execute(sa.delete(Presence).where(Presence.seen_at <= utc_now() - 2 * GONE_AFTER))
