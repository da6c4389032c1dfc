"""Erasing a report because the person wants it: its key is destroyed, what can be read goes, figures stay.

Whoever took the phone must not be able to destroy a cry for help that is being worked on: a P0 or P1 that has not ended
is erased only after 72 hours, staff see that it was asked for, and until then it can be taken back.
"""

import os
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import ErasureRequest
from core.crypto.data_keys import destroy_data_key
from core.messages.models import Message
from referrals.desk.models import SearchTerm
from referrals.intake import hold_after_closing
from referrals.live import announce_change
from referrals.models import (
    OPEN_STATES,
    AgencyConsent,
    Evidence,
    Referral,
    ReferralEntry,
    ReportAnswer,
)
from referrals.tracked import LATE_HOURS

ERASES_AFTER = timedelta(hours=LATE_HOURS)
# A code among the reasons that staff see.
WANTS_ERASURE = "person_wants_to_erase"
_URGENT = ("P0", "P1")
# What belongs to a report and goes with its words; by a search term it could still be found.
CONTENT_TABLES = (ReportAnswer, Evidence, AgencyConsent, SearchTerm)
_AT_ONCE = 100


def erases_late(state: str, priority: str, closed_at: datetime | None) -> bool:
    """Tell whether erasing it waits. One that nobody claimed yet waits too, or it could be wiped before it was seen; and
    one that was just taken back, or whoever took the phone would take it back first.
    """
    lately = closed_at is not None and closed_at > utc_now() - ERASES_AFTER
    return priority in _URGENT and (state in OPEN_STATES or (state == "cancelled" and lately))


async def erases_anything_late(session: AsyncSession, contact_id: UUID) -> datetime | None:
    """Return when a person with something urgent under way may be forgotten; None where nothing makes it wait."""
    return utc_now() + ERASES_AFTER if await _late_ones(session, contact_id) else None


async def note_wish(session: AsyncSession, contact_id: UUID, *, forgotten: bool) -> None:
    """Let staff see on what they work on that its person wants to be forgotten, or no more does."""
    for referral in await _late_ones(session, contact_id):
        reasons = set(referral.reasons) - {WANTS_ERASURE}
        wanted = forgotten or referral.erase_at is not None
        referral.reasons = sorted(reasons | {WANTS_ERASURE} if wanted else reasons)
        await announce_change(session, referral.id)


async def _late_ones(session: AsyncSession, contact_id: UUID) -> list[Referral]:
    rows = await session.scalars(
        sa.select(Referral).where(Referral.contact_id == contact_id).order_by(Referral.id).with_for_update()
    )
    return [one for one in rows if erases_late(one.state, one.priority, one.closed_at)]


async def ask_report_erasure(session: AsyncSession, referral_id: UUID) -> datetime | None:
    """Erase a report, now or when its time comes; return when, None where there is no such report."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        return None
    now = utc_now()
    if not erases_late(referral.state, referral.priority, referral.closed_at):
        await erase_report(session, referral)
        return now
    referral.erase_at = referral.erase_at or now + ERASES_AFTER
    referral.reasons = sorted({*referral.reasons, WANTS_ERASURE})
    await announce_change(session, referral.id)
    return referral.erase_at


async def keep_report(session: AsyncSession, referral_id: UUID) -> None:
    """The person takes the wish to erase back."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is not None and referral.erase_at is not None:
        referral.erase_at = None
        if not await _wants_to_be_forgotten(session, referral.contact_id):
            referral.reasons = [reason for reason in referral.reasons if reason != WANTS_ERASURE]
        await announce_change(session, referral.id)


async def _wants_to_be_forgotten(session: AsyncSession, contact_id: UUID) -> bool:
    stands = sa.exists().where(
        ErasureRequest.contact_id == contact_id,
        ErasureRequest.done_at.is_(None),
        ErasureRequest.taken_back_at.is_(None),
    )
    return bool(await session.scalar(sa.select(stands)))


async def erase_due_reports(session: AsyncSession) -> int:
    """Erase what is due; return how many."""
    due = await session.scalars(
        sa.select(Referral)
        .where(Referral.erase_at <= utc_now())
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    count = 0
    for referral in due.all():
        await erase_report(session, referral)
        count += 1
    return count


async def erase_report(session: AsyncSession, referral: Referral) -> None:
    """Erase a report for good, its place too, and end it where it was open. Safe to repeat.

    Priority, kinds, times and who worked on it stay as figures.
    """
    await destroy_content(session, referral)
    referral.erase_at, referral.place = None, None
    if referral.state in OPEN_STATES:
        referral.state, referral.closed_at, referral.closed_as = "closed", utc_now(), "withdrawn"
        await hold_after_closing(session, referral.contact_id)
    await session.flush()
    await announce_change(session, referral.id)


async def destroy_content(session: AsyncSession, referral: Referral) -> None:
    """Destroy words, answers, evidence, consent, code and code word, with the key that opened them. Safe to repeat."""
    await destroy_data_key(session, referral.data_key_id)
    await end_its_messages(session, referral.id)
    await session.execute(
        sa.update(ReferralEntry)
        .where(ReferralEntry.referral_id == referral.id)
        .values(body=None, event_id=None)
    )
    for table in CONTENT_TABLES:
        await session.execute(sa.delete(table).where(table.referral_id == referral.id))
    # Nobody's code any more; the column is unique, so that it needs some value.
    referral.receipt_key, referral.code_word_key = os.urandom(16), None
    # Terms that were being read meanwhile are dropped at their next reading, for the key is gone.
    referral.terms_of = None
    await session.flush()


async def end_its_messages(session: AsyncSession, referral_id: UUID) -> None:
    """Staff's words lie sealed with the messages that carry them, too; one that still waits never goes out."""
    carried = sa.select(ReferralEntry.message_id).where(
        ReferralEntry.referral_id == referral_id, ReferralEntry.message_id.is_not(None)
    )
    await session.execute(
        sa.update(Message)
        .where(Message.id.in_(carried), Message.state == "pending")
        .values(state="skipped", reason="erased", finished_at=utc_now())
    )
    await session.execute(
        sa.update(Message).where(Message.id.in_(carried), Message.state != "sending").values(content=None)
    )
