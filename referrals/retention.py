"""When a report ends for good: some time after it was closed its key is destroyed, and with it every word."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.data_keys import DataKey, destroy_data_key
from referrals.models import Evidence, ReceiptTry, Referral, ReferralEntry, ReportAnswer
from referrals.report_erasure import end_its_messages

# The default of GlobaLeaks for a report (research: referral.md §1.2); the ministry may name another.
KEPT_AFTER_CLOSING = timedelta(days=90)
# Wrong receipt codes of a source; they slow it for a quarter of an hour at most.
RECEIPT_TRIES = timedelta(days=7)
_AT_ONCE = 200


async def erase_ended_referrals(session: AsyncSession) -> int:
    """Destroy the keys of reports that ended long enough ago; return how many. The counts of a report stay."""
    ended = (
        await session.execute(
            sa.select(Referral.id, Referral.data_key_id)
            .join(DataKey, DataKey.id == Referral.data_key_id)
            .where(Referral.closed_at < utc_now() - KEPT_AFTER_CLOSING, DataKey.destroyed_at.is_(None))
            .limit(_AT_ONCE)
        )
    ).all()
    for referral_id, data_key_id in ended:
        await destroy_data_key(session, data_key_id)
        await end_its_messages(session, referral_id)
        await session.execute(
            sa.update(ReferralEntry).where(ReferralEntry.referral_id == referral_id).values(body=None)
        )
        await session.execute(
            sa.update(ReportAnswer).where(ReportAnswer.referral_id == referral_id).values(answer=None)
        )
        await session.execute(
            sa.update(Evidence).where(Evidence.referral_id == referral_id).values(content=None)
        )
    return len(ended)


async def forget_receipt_tries(session: AsyncSession) -> None:
    """Delete what slowed a source long ago."""
    await session.execute(sa.delete(ReceiptTry).where(ReceiptTry.last_at < utc_now() - RECEIPT_TRIES))
