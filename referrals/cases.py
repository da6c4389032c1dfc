"""Working on a referral: reading it, answering the person, closing it."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.contacts.holds import hold_broadcasts
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.models import Message
from core.messages.queue import queue
from referrals.hiding import IN_DECOY
from referrals.intake import HELD_AFTER_CLOSING
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral, ReferralEntry
from referrals.queue import EndedError, HeldError, still_waits
from referrals.thread import Line, add_mark, read_thread

Outcome = Literal[
    "helped", "advised", "other_protection", "duplicate", "unreachable", "withdrawn", "out_of_scope"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LONGEST_ANSWER = 2_000
# The one that matters most first.
MAY_TALK = (IN_DECOY, "cannot_talk", "can_talk")
_AGAIN = ("unknown", "failed")


class AnswerLengthError(InvalidInputError):
    code = "answer_length"


class NotClaimedError(ConflictError):
    """Claim first, so that two people never answer the same person."""

    code = "not_claimed"


@dataclass(frozen=True, slots=True)
class Case:
    """A referral and its thread as one viewer may see it."""

    referral: Referral
    holder: str | None
    lines: list[Line]
    is_held_by_viewer: bool
    shows_words: bool

    @property
    def is_over(self) -> bool:
        return self.referral.state not in OPEN_STATES and not self.is_claimable

    @property
    def is_claimable(self) -> bool:
        return still_waits(self.referral)

    @property
    def may_talk(self) -> str | None:
        """Whether the person can write now, by their own word or because they hide: one of MAY_TALK."""
        return next((reason for reason in MAY_TALK if reason in self.referral.reasons), None)


async def read_case(
    session: AsyncSession, keys: DataKeys, referral_id: UUID, viewer_id: UUID, *, oversees: bool
) -> Case:
    """Read a referral; its words only for whom holds or held it, and for supervisors once somebody does.

    Raises NotFoundError.
    """
    found = (
        await session.execute(
            sa.select(Referral, Account.name)
            .outerjoin(Account, Account.id == Referral.claimed_by)
            .where(Referral.id == referral_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("no such referral")
    referral, holder = found
    is_holder = referral.claimed_by == viewer_id
    shows_words = is_holder or (oversees and referral.state != "open")
    lines = await read_thread(session, keys, referral, with_words=shows_words)
    return Case(referral, holder, lines, is_holder and referral.state == "claimed", shows_words)


async def answer(
    session: AsyncSession,
    keys: DataKeys,
    *,
    referral_id: UUID,
    account_id: UUID,
    text: str,
    notice: str,
    form_id: UUID,
) -> UUID:
    """Queue an answer to the person and add it to the thread; return the entry's id.

    `notice` is the neutral line of the lock screen; `form_id` makes pressing twice the same as once. When it may go
    out is the sender's to decide (invariants 9 and 10). Raises AnswerLengthError, HeldError, NotClaimedError,
    EndedError, NotFoundError.
    """
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not 1 <= len(words) <= LONGEST_ANSWER:
        raise AnswerLengthError(f"an answer has 1 to {LONGEST_ANSWER} characters")
    referral = await _held(session, referral_id, account_id)
    earlier = await session.scalar(
        sa.select(ReferralEntry.id).where(
            ReferralEntry.event_id == form_id, ReferralEntry.referral_id == referral_id
        )
    )
    if earlier is not None:
        return earlier
    message_id = await _queue_words(session, keys, referral, account_id, words, notice)
    entry_id, now = new_id(), utc_now()
    key = await keys.load(session, referral.data_key_id)
    body = Box(seal(key, words.encode("utf-8", "replace"), context("referral_entry", "body", entry_id)))
    session.add(
        ReferralEntry(
            id=entry_id, referral_id=referral.id, author="staff", account_id=account_id, body=body,
            message_id=message_id, event_id=form_id, at=now,
        )
    )  # fmt: skip
    referral.first_answer_at = referral.first_answer_at or now
    referral.last_entry_at = now
    await session.flush()
    await announce_change(session, referral.id)
    return entry_id


async def send_again(
    session: AsyncSession,
    keys: DataKeys,
    *,
    referral_id: UUID,
    entry_id: UUID,
    account_id: UUID,
    notice: str,
) -> None:
    """Send an answer once more whose arrival is unknown or failed, because the member of staff says so.

    Raises ConflictError when it is under way or arrived, else as `answer`.
    """
    referral = await _held(session, referral_id, account_id)
    entry = await session.scalar(
        sa.select(ReferralEntry)
        .join(Message, Message.id == ReferralEntry.message_id)
        .where(
            ReferralEntry.id == entry_id,
            ReferralEntry.referral_id == referral_id,
            ReferralEntry.author == "staff",
        )
    )
    if entry is None or entry.body is None:
        raise NotFoundError("no such answer in this referral")
    state = await session.scalar(sa.select(Message.state).where(Message.id == entry.message_id))
    if state not in _AGAIN:
        raise ConflictError("this answer arrived or is on its way")
    key = await keys.load(session, referral.data_key_id)
    words = entry.body.open(key, context("referral_entry", "body", entry.id)).decode()
    entry.message_id = await _queue_words(session, keys, referral, account_id, words, notice)
    await session.flush()
    await announce_change(session, referral.id)


async def _queue_words(
    session: AsyncSession, keys: DataKeys, referral: Referral, account_id: UUID, words: str, notice: str
) -> UUID:
    return await queue(
        session,
        keys,
        identity_id=referral.identity_id,
        content=Content((Text(words),), notice=notice, sensitive=True),
        kind="staff",
        lane="hotline",
        author_id=account_id,
    )


async def close_case(session: AsyncSession, *, referral_id: UUID, account_id: UUID, outcome: str) -> None:
    """Close a referral that one holds.

    Raises InvalidInputError for an unknown outcome, else as `answer`.
    """
    if outcome not in OUTCOMES:
        raise InvalidInputError("choose how it ended")
    referral = await _held(session, referral_id, account_id)
    now = utc_now()
    referral.state, referral.closed_at, referral.closed_as = "closed", now, outcome
    await session.flush()
    await add_mark(session, referral.id, account_id, "closed")
    if not await _has_another_open(session, referral.contact_id):
        await hold_broadcasts(session, referral.contact_id, until=now + HELD_AFTER_CLOSING)
    await announce_change(session, referral.id)


async def _has_another_open(session: AsyncSession, contact_id: UUID) -> bool:
    return bool(
        await session.scalar(
            sa.select(sa.exists().where(Referral.contact_id == contact_id, Referral.state.in_(OPEN_STATES)))
        )
    )


async def _held(session: AsyncSession, referral_id: UUID, account_id: UUID) -> Referral:
    """Return the referral, locked, when this member of staff holds it."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    if referral.state not in OPEN_STATES:
        raise EndedError("this referral has ended")
    if referral.claimed_by is None:
        raise NotClaimedError("claim the referral first")
    if referral.claimed_by != account_id:
        holder = await session.scalar(sa.select(Account.name).where(Account.id == referral.claimed_by))
        raise HeldError(holder or "")
    return referral
