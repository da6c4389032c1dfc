"""The thread of a referral: the person's words, staff's words with how far they got, and marks of what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.errors import KeyDestroyedError
from core.ids import new_id
from core.messages.models import Message
from referrals.models import Referral, ReferralEntry

Mark = Literal["claimed", "released", "closed", "cancelled"]
# The newest lines; older ones of a very long thread are not drawn at once.
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `text` is None where it was taken back, erased, or may not be read by the viewer."""

    id: UUID
    author: str
    at: datetime
    text: str | None
    who: str | None
    mark: str | None
    taken_back: bool
    message_state: str | None
    message_reason: str | None
    message_not_before: datetime | None


async def read_thread(
    session: AsyncSession, keys: DataKeys, referral: Referral, *, with_words: bool
) -> list[Line]:
    """Read the newest lines in order; without words only who wrote when."""
    found = await session.execute(
        sa.select(ReferralEntry, Account.name, Message.state, Message.reason, Message.not_before)
        .outerjoin(Account, Account.id == ReferralEntry.account_id)
        .outerjoin(Message, Message.id == ReferralEntry.message_id)
        .where(ReferralEntry.referral_id == referral.id)
        .order_by(ReferralEntry.id.desc())
        .limit(MOST_LINES)
    )
    key = await _case_key(session, keys, referral) if with_words else None
    lines = [
        Line(
            id=entry.id,
            author=entry.author,
            at=entry.at,
            text=_words(entry, key),
            who=who,
            mark=entry.mark or ("cancelled" if entry.author == "system" else None),
            taken_back=entry.taken_back_at is not None,
            message_state=state,
            message_reason=reason,
            message_not_before=not_before,
        )
        for entry, who, state, reason, not_before in found
    ]
    return lines[::-1]


async def _case_key(session: AsyncSession, keys: DataKeys, referral: Referral) -> bytes | None:
    """An erased case keeps its thread of times; the words are gone."""
    try:
        return await keys.load(session, referral.data_key_id)
    except KeyDestroyedError:
        return None


def _words(entry: ReferralEntry, key: bytes | None) -> str | None:
    if entry.body is None or key is None:
        return None
    return entry.body.open(key, context("referral_entry", "body", entry.id)).decode("utf-8", "replace")


async def add_mark(session: AsyncSession, referral_id: UUID, account_id: UUID, mark: Mark) -> None:
    """Write down in the thread that somebody claimed, released or closed the referral."""
    session.add(
        ReferralEntry(
            id=new_id(),
            referral_id=referral_id,
            author="system",
            account_id=account_id,
            mark=mark,
            at=utc_now(),
        )
    )
    await session.flush()
