"""Working on a referral: reading it, holding it, answering the person."""

import re
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.models import Message
from core.messages.queue import queue
from referrals.hiding import IN_DECOY
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral, ReferralEntry
from referrals.queue import EndedError, HeldError, still_waits
from referrals.reaching import refuse_unreachable
from referrals.thread import Line, read_thread

LONGEST_ANSWER = 2_000
# The one that matters most first.
MAY_TALK = (IN_DECOY, "cannot_talk", "can_talk")
_AGAIN = ("unknown", "failed")
# A place of a ready answer that nobody filled.
_BLANK = re.compile(r"\{[^{}\n]{1,40}\}")


class AnswerLengthError(InvalidInputError):
    code = "answer_length"


class BlankError(InvalidInputError):
    """A ready answer still has a place that was to be filled."""

    code = "blank"


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
    out is the sender's to decide (invariants 9 and 10). What the bot was handed comes back with it. Raises
    AnswerLengthError, BlankError, HeldError, NotClaimedError, EndedError, NotFoundError, ByPhoneError, BlockedError,
    KeyDestroyedError.
    """
    words = sendable(text)
    referral = await held(session, referral_id, account_id)
    earlier = await session.scalar(
        sa.select(ReferralEntry.id).where(
            ReferralEntry.event_id == form_id, ReferralEntry.referral_id == referral_id
        )
    )
    if earlier is not None:
        return earlier
    referral.bot_dialogue = None
    return await write_to_person(
        session, keys, referral, Content((Text(words),), notice=notice, sensitive=True), words,
        account_id=account_id, form_id=form_id,
    )  # fmt: skip


def sendable(text: str) -> str:
    """Return the words of an answer as they go out; raises AnswerLengthError, BlankError."""
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not 1 <= len(words) <= LONGEST_ANSWER:
        raise AnswerLengthError(f"an answer has 1 to {LONGEST_ANSWER} characters")
    if _BLANK.search(words):
        raise BlankError("fill every {place} of the ready answer")
    return words


async def write_to_person(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    content: Content,
    words: str,
    *,
    account_id: UUID,
    form_id: UUID,
) -> UUID:
    """Queue `content` and add `words` to the thread as staff's; return the entry's id.

    Raises ByPhoneError, BlockedError, KeyDestroyedError.
    """
    await refuse_unreachable(session, referral)
    message_id = await _queue(session, keys, referral, account_id, content)
    return await add_staff_words(
        session, keys, referral, words, account_id=account_id, form_id=form_id, message_id=message_id
    )


async def add_staff_words(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    words: str,
    *,
    account_id: UUID,
    form_id: UUID,
    message_id: UUID | None = None,
) -> UUID:
    """Add staff's words to the thread, and so to what the receipt shows; return the entry's id."""
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
    referral.last_entry_at, referral.awaits_since = now, None
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
    referral = await held(session, referral_id, account_id)
    await refuse_unreachable(session, referral)
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
    content = Content((Text(words),), notice=notice, sensitive=True)
    entry.message_id = await _queue(session, keys, referral, account_id, content)
    await session.flush()
    await announce_change(session, referral.id)


async def _queue(
    session: AsyncSession, keys: DataKeys, referral: Referral, account_id: UUID, content: Content
) -> UUID:
    return await queue(
        session, keys, identity_id=referral.identity_id, content=content, kind="staff", lane="hotline",
        author_id=account_id,
    )  # fmt: skip


async def held(session: AsyncSession, referral_id: UUID, account_id: UUID) -> Referral:
    """Return the referral, locked, when this member of staff holds it.

    Raises NotFoundError, EndedError, NotClaimedError, HeldError.
    """
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
