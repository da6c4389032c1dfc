"""When a report ends for good: some time after it was closed its key is destroyed, and with it every word."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.data_keys import DataKey
from referrals.models import OPEN_STATES, ReceiptTry, Referral
from referrals.report_erasure import CONTENT_TABLES, destroy_content, erase_report

# The default of GlobaLeaks for a report (research: referral.md §1.2); the ministry may name another.
KEPT_AFTER_CLOSING = timedelta(days=90)
# Wrong receipt codes of a source; they slow it for a quarter of an hour at most.
RECEIPT_TRIES = timedelta(days=7)
_AT_ONCE = 200


async def erase_ended_referrals(session: AsyncSession) -> int:
    """Erase what ended long enough ago, and what a restored backup brought back; return how many reports."""
    return await _erase_expired(session) + await _erase_what_came_back(session)


async def _erase_expired(session: AsyncSession) -> int:
    """The counts of a report stay."""
    ended = await session.scalars(
        sa.select(Referral)
        .join(DataKey, DataKey.id == Referral.data_key_id)
        .where(Referral.closed_at < utc_now() - KEPT_AFTER_CLOSING, DataKey.destroyed_at.is_(None))
        .limit(_AT_ONCE)
        .with_for_update(of=Referral, skip_locked=True)
    )
    found = ended.all()
    for referral in found:
        await destroy_content(session, referral)
    return len(found)


async def _erase_what_came_back(session: AsyncSession) -> int:
    """Erase reports whose key is destroyed and of which something stands in the clear.

    The list of erasures destroys the keys in a restored backup again, but not what needs no key.
    """
    found = await session.scalars(
        sa.select(Referral)
        .join(DataKey, DataKey.id == Referral.data_key_id)
        .where(Referral.id.in_(_with_remains()), DataKey.destroyed_at.is_not(None))
        .limit(_AT_ONCE)
        .with_for_update(of=Referral, skip_locked=True)
    )
    back = found.all()
    for referral in back:
        await erase_report(session, referral)
    return len(back)


def _with_remains() -> sa.CompoundSelect[tuple[UUID]]:
    """Reports of which there is more than figures; those that ended long ago are not among them."""
    guarded = sa.select(Referral.id).where(
        sa.or_(Referral.code_word_key.is_not(None), Referral.state.in_(OPEN_STATES))
    )
    return sa.union(guarded, *(sa.select(table.referral_id) for table in CONTENT_TABLES))


async def forget_receipt_tries(session: AsyncSession) -> None:
    """Delete what slowed a source long ago."""
    await session.execute(sa.delete(ReceiptTry).where(ReceiptTry.last_at < utc_now() - RECEIPT_TRIES))
