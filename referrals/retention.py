"""When a report ends for good: some time after it was closed its key is destroyed, and with it every word."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.data_keys import DataKey
from core.db.database import driver_connection
from core.retention.classes import shipped
from core.retention.steps import Step, Sweep, note_removed
from core.retention.sweeping import SWEEPS as CORE
from referrals.keeping.ending import CLASS, EndingReports, ends_before, kept_for_long
from referrals.models import Referral
from referrals.report_erasure import destroy_content, erase_report
from screening.retention import SWEEPS as SCREENING

# The default of GlobaLeaks for a report (research: referral.md §1.2); the one in force may be shorter.
KEPT_AFTER_CLOSING = shipped(CLASS)
# Wrong receipt codes of a source; they slow it for a quarter of an hour at most.
RECEIPT_TRIES = shipped("receipt_tries")
# A restore destroys again the keys of what was erased; so long back it is looked for what came back with the rows.
_LATELY = timedelta(days=30)
_AT_ONCE = 200

REFERRALS: tuple[Sweep, ...] = (
    Step("receipt_tries", "receipt_try", "last_at < $1", key="source_key"),
    Step("alerts", "staff_alert", "id < $3 AND at < $1"),
    Step("staff_sessions", "address_proof", "expires_at < $1", key="account_id, kind"),
    Step("exports", "packet_export", "id < $3 AND at < $1"),
    Step("shifts", "shift", "ends_at < $1"),
    Step("presence", "presence", "seen_at < $1", key="referral_id, account_id"),
    Step("presence", "search_pace", "at < $1", key="account_id"),
    Step("agency_calls", "program_call", "at < $1", key="program_id, key_hash"),
    Step("agency_calls", "program_token", "expires_at < $1", key="token_hash"),
    Step("agency_news", "hook_call", "id < $3 AND at < $1"),
)
# Everything that is removed by its time, of every room below the bots.
SWEEPS: tuple[Sweep, ...] = (*CORE, *SCREENING, *REFERRALS)
# By which the effect of a new length is counted.
COUNTED: tuple[Sweep, ...] = (*SWEEPS, EndingReports())


async def end_report(session: AsyncSession, referral_id: UUID) -> bool:
    """Destroy the words of a report whose time is over; False where that has changed meanwhile.

    One a transaction, so that no failure holds up the rest. Its counts stay.
    """
    over = ends_before(utc_now(), await kept_for_long(session))
    referral = await session.scalar(
        sa.select(Referral).where(Referral.id == referral_id, over).with_for_update(skip_locked=True)
    )
    if referral is None:
        return False
    await destroy_content(session, referral)
    await note_removed(await driver_connection(session), CLASS, 1)
    return True


async def find_come_back(session: AsyncSession) -> list[UUID]:
    """Return reports whose key was destroyed lately and which a restored backup brought back in the clear.

    The list of erasures destroys the keys in a restored backup again, at that moment, but not what needs no key. Only keys
    of late are looked at, each by an index: the great table is not read.
    """
    found = await session.scalars(
        sa.select(Referral.id)
        .join(DataKey, DataKey.id == Referral.data_key_id)
        .where(
            DataKey.purpose == "case",
            DataKey.destroyed_at > utc_now() - _LATELY,
            Referral.words_gone_at.is_(None),
        )
        .limit(_AT_ONCE)
    )
    return list(found)


async def erase_come_back(session: AsyncSession, referral_id: UUID) -> bool:
    """Erase again what a restored backup brought back of one report, held or not: its key is gone."""
    referral = await session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.words_gone_at is not None:
        return False
    referral.kept_until = referral.kept_for = referral.kept_by = None
    return await erase_report(session, referral)
