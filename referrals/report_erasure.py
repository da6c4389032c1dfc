"""Erasing a report because the person wants it: its key is destroyed, what can be read goes, figures stay.

Whoever took the phone must not be able to destroy a cry for help that is being worked on: a P0 or P1 that has not ended
is erased only after 72 hours, staff see that it was asked for, and until then it can be taken back. While a legal hold
stands nothing goes (PDPA s.33): the wish is kept, and carried out once a person has ended the hold.
"""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import ErasureRequest
from core.crypto.data_keys import destroy_data_key
from core.db.database import driver_connection
from core.messages.models import Message
from core.retention.spent_jobs import drop_jobs
from referrals.desk.models import HandOver, Presence, ReferralFlag, ReferralNote, ReferralTask, SearchTerm
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
from referrals.packets.models import PacketExport
from referrals.referring.models import AgencyFile, AgencyMessage, AgencyReferral, PacketLink
from referrals.teams.alerts import TELL_STAFF
from referrals.teams.models import ClockMiss, StaffAlert
from referrals.tracked import LATE_HOURS
from referrals.tracks.models import CaseEvent, CaseStanding, TrackAlarm
from referrals.tracks.reporting import note_work

ERASES_AFTER = timedelta(hours=LATE_HOURS)
# A code among the reasons that staff see.
WANTS_ERASURE = "person_wants_to_erase"
_URGENT = ("P0", "P1")
# What belongs to a report and goes with its words, whether sealed or not: by some of it a report could still be found.
CONTENT_TABLES = (
    ReportAnswer, Evidence, AgencyConsent, SearchTerm, ReferralNote, ReferralTask, ReferralFlag, HandOver, Presence,
    ClockMiss, StaffAlert, AgencyMessage, AgencyFile, PacketLink, TrackAlarm,
)  # fmt: skip
# What stays, and why: table → reason.
KEPT_TABLES: Mapping[str, str] = {
    "referral_entry": "who wrote when, as figures; its words and the person's events go",
    "packet_export": "the proof of who handed it over, when and to whom; the words of the reason go",
    "report_keeping": "the proof of who kept it longer and on what ground, as codes",
    "agency_referral": "to which agency it went and how that ended, as figures; what was shared and every word go",
    "case_event": "which step was made when and over how much, as figures; notes, numbers of courts and makers' names go",
    "case_person": "ages, sexes, nationalities and forms as codes for yearly figures; no name ever stood there",
    "case_standing": "where it stood and what was ordered and paid, as figures",
}
# Jobs that name what a report holds.
_ITS_JOBS = (TELL_STAFF, "keep_evidence", "deliver")
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
    if not referral.is_held and not erases_late(referral.state, referral.priority, referral.closed_at):
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


async def find_due_reports(session: AsyncSession) -> list[UUID]:
    """Return the reports whose person asked to erase them and whose time has come; held ones are not among them."""
    held = sa.and_(Referral.kept_for.is_not(None), Referral.kept_until.is_(None))
    found = await session.scalars(
        sa.select(Referral.id)
        .where(Referral.erase_at <= utc_now(), sa.not_(held))
        .order_by(Referral.erase_at)
        .limit(_AT_ONCE)
    )
    return list(found)


async def erase_due_report(session: AsyncSession, referral_id: UUID) -> bool:
    """Erase one that is due; False where that has changed meanwhile. One a transaction, so that none holds up another."""
    referral = await session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.erase_at is None or referral.erase_at > utc_now():
        return False
    return await erase_report(session, referral)


async def erase_report(session: AsyncSession, referral: Referral) -> bool:
    """Erase a report for good, its place too, and end it where it was open. Safe to repeat.

    Priority, kinds, times and who worked on it stay as figures. One that is held stays whole, with the wish: then False.
    """
    if referral.is_held:
        referral.erase_at = referral.erase_at or utc_now()
        await session.flush()
        return False
    await destroy_content(session, referral)
    referral.erase_at, referral.place = None, None
    if referral.state in OPEN_STATES:
        referral.state, referral.closed_at, referral.closed_as = "closed", utc_now(), "withdrawn"
        await note_work(session, referral, "closed", outcome="withdrawn", now=utc_now())
        await hold_after_closing(session, referral.contact_id)
    await session.flush()
    await announce_change(session, referral.id)
    return True


async def destroy_content(session: AsyncSession, referral: Referral) -> None:
    """Destroy words, answers, evidence, consent, code and code word, with the key that opened them. Safe to repeat."""
    await destroy_data_key(session, referral.data_key_id)
    carried = await end_its_messages(session, referral.id)
    await session.execute(
        sa.update(ReferralEntry)
        .where(ReferralEntry.referral_id == referral.id)
        .values(body=None, event_id=None)
    )
    await session.execute(
        sa.update(PacketExport).where(PacketExport.referral_id == referral.id).values(reason=None)
    )
    await _end_what_agencies_hold(session, referral.id)
    gone = set(carried)
    for table in CONTENT_TABLES:
        removal = sa.delete(table).where(table.referral_id == referral.id)
        if table in (Evidence, StaffAlert):
            gone.update(await session.scalars(removal.returning(table.id)))
        else:
            await session.execute(removal)
    await drop_jobs(await driver_connection(session), _ITS_JOBS, gone)
    _empty(referral)
    await session.flush()


async def _end_what_agencies_hold(session: AsyncSession, referral_id: UUID) -> None:
    """Take the words out of what was referred and of every step; nothing is waited for any more."""
    words: dict[str, None] = dict.fromkeys(
        ("shared", "note", "override_reason", "identity_reason", "reason_note", "citizen_text")
    )
    await session.execute(
        sa.update(AgencyReferral).where(AgencyReferral.referral_id == referral_id).values(words)
    )
    # By the maker's own name for a step somebody could still find whose case it was.
    await session.execute(
        sa.update(CaseEvent)
        .where(CaseEvent.referral_id == referral_id)
        .values(details=None, note=None, outside_key=None)
    )
    await session.execute(
        sa.update(CaseStanding)
        .where(CaseStanding.referral_id == referral_id)
        .values(next_clock=None, next_due_at=None)
    )


def _empty(referral: Referral) -> None:
    """Take everything but figures out of the row itself."""
    # Nobody's code any more; the column is unique, so that it needs some value.
    referral.receipt_key, referral.code_word_key = os.urandom(16), None
    referral.title = referral.tags = referral.closing_text = None
    referral.closing_as = referral.closing_by = referral.closing_at = None
    referral.snoozed_until = referral.snoozed_for = referral.bot_dialogue = referral.follow_up_on = None
    referral.kept_until = referral.kept_for = referral.kept_by = None
    referral.open_flags = 0
    # What was being read for search meanwhile goes at its next reading: the key is gone.
    referral.terms_of = None
    referral.words_gone_at = referral.words_gone_at or utc_now()


async def end_its_messages(session: AsyncSession, referral_id: UUID) -> list[UUID]:
    """Staff's words lie sealed with the messages that carry them, too; one that still waits never goes out. Return them."""
    carried = list(
        await session.scalars(
            sa.select(ReferralEntry.message_id).where(
                ReferralEntry.referral_id == referral_id, ReferralEntry.message_id.is_not(None)
            )
        )
    )
    await session.execute(
        sa.update(Message)
        .where(Message.id.in_(carried), Message.state == "pending")
        .values(state="skipped", reason="erased", finished_at=utc_now())
    )
    await session.execute(
        sa.update(Message).where(Message.id.in_(carried), Message.state != "sending").values(content=None)
    )
    return [one for one in carried if one is not None]
