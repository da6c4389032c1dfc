"""The thread of a referral: the person's words, staff's words with how far they got, and marks of what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import KeyDestroyedError
from core.ids import new_id
from core.messages.models import Message
from referrals.models import Referral, ReferralEntry

# What happened, as a code; some name what changed behind colons ("priority:P2:P0").
Mark = Literal[
    "claimed", "released", "handed_over", "taken_over", "closing_asked", "closing_refused", "closed", "reopened",
    "cancelled", "priority", "bot", "bot_done", "bot_silent", "staff_again", "called", "assigned", "snoozed", "woken",
    "flagged", "unflagged",
]  # fmt: skip
# The newest lines; older ones of a very long thread are not drawn at once.
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `text` is None where it was taken back, erased, or may not be read by the viewer; of a mark it is the
    reason that was given, and `changes` is what it changed, from and to.
    """

    id: UUID
    author: str
    at: datetime
    text: str | None
    who: str | None
    mark: str | None
    changes: tuple[str, ...]
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
    return [_line(*row, key) for row in found][::-1]


def _line(
    entry: ReferralEntry,
    who: str | None,
    state: str | None,
    reason: str | None,
    not_before: datetime | None,
    key: bytes | None,
) -> Line:
    mark, *changes = (entry.mark or ("cancelled" if entry.author == "system" else "")).split(":")
    return Line(
        id=entry.id,
        author=entry.author,
        at=entry.at,
        text=_words(entry, key),
        who=who,
        mark=mark or None,
        changes=tuple(changes),
        taken_back=entry.taken_back_at is not None,
        message_state=state,
        message_reason=reason,
        message_not_before=not_before,
    )


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


async def add_mark(
    session: AsyncSession,
    referral_id: UUID,
    account_id: UUID | None,
    mark: Mark,
    *changes: str,
    why: str = "",
    key: bytes | None = None,
) -> None:
    """Write down in the thread what somebody did with the referral; `why` is sealed under the case's `key`."""
    entry_id = new_id()
    sealed = (
        seal(key, why.encode("utf-8", "replace"), context("referral_entry", "body", entry_id)) if key else b""
    )
    session.add(
        ReferralEntry(
            id=entry_id,
            referral_id=referral_id,
            author="system",
            account_id=account_id,
            mark=":".join((mark, *changes)),
            body=Box(sealed) if why and sealed else None,
            at=utc_now(),
        )
    )
    await session.flush()
