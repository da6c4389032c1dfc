"""What a person changes in a report that its code and code word opened, from whichever phone."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.holds import hold_broadcasts
from core.contacts.wishes import set_contact_rule
from core.crypto.data_keys import DataKey, DataKeys
from core.messages.models import Message
from referrals.hiding import IN_DECOY
from referrals.intake import add_citizen_words, hold_after_closing
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral, ReferralEntry
from referrals.reports import write_consent


async def add_words(
    session: AsyncSession, keys: DataKeys, referral_id: UUID, event_id: UUID, text: str
) -> bool:
    """Add words to the thread of an open report; False where it is over. A replay adds nothing."""
    referral = await _standing(session, referral_id)
    if referral is None or referral.state not in OPEN_STATES:
        return False
    await add_citizen_words(session, keys, referral, [(event_id, text)])
    return True


async def change_agency(
    session: AsyncSession, referral_id: UUID, agency: str, *, granted: bool, wording: str
) -> None:
    """Let an agency learn of the report or no more, the identity withheld; the line before it stays in the ledger."""
    if await _standing(session, referral_id) is not None:
        await write_consent(
            session, referral_id, agency, granted=granted, with_identity=False, wording=wording
        )


async def change_contact_rule(
    session: AsyncSession,
    referral_id: UUID,
    *,
    may_write_first: bool,
    from_minute: int | None,
    until_minute: int | None,
) -> None:
    """How the person of this report may be written to, in the chat that it belongs to."""
    referral = await _standing(session, referral_id)
    if referral is not None:
        await set_contact_rule(
            session,
            referral.contact_id,
            may_write_first=may_write_first,
            from_minute=from_minute,
            until_minute=until_minute,
        )


async def move_report(
    session: AsyncSession, referral_id: UUID, *, contact_id: UUID, identity_id: UUID, channel: str
) -> bool:
    """Let the report go on in another chat; False where that chat has an open report of its own.

    What waits for the old chat never appears there; it can be read in the new one.
    """
    referral = await _standing(session, referral_id)
    if referral is None or referral.identity_id == identity_id:
        return referral is not None
    is_open = referral.state in OPEN_STATES
    if is_open and await _has_open(session, identity_id):
        return False
    waiting = sa.select(ReferralEntry.message_id).where(
        ReferralEntry.referral_id == referral_id, ReferralEntry.message_id.is_not(None)
    )
    before = referral.contact_id
    await session.execute(
        sa.update(Message)
        .where(Message.id.in_(waiting), Message.state == "pending")
        .values(state="skipped", reason="moved", finished_at=utc_now(), content=None)
    )
    referral.contact_id, referral.identity_id, referral.channel = contact_id, identity_id, channel
    # Whoever holds the old phone is still kept in the dark there; here the person can be talked to.
    referral.reasons = [reason for reason in referral.reasons if reason != IN_DECOY]
    await session.flush()
    if is_open:
        await hold_broadcasts(session, contact_id)
        await hold_after_closing(session, before)
    await announce_change(session, referral_id)
    return True


async def _has_open(session: AsyncSession, identity_id: UUID) -> bool:
    return bool(
        await session.scalar(
            sa.select(sa.exists().where(Referral.identity_id == identity_id, Referral.state.in_(OPEN_STATES)))
        )
    )


async def _standing(session: AsyncSession, referral_id: UUID) -> Referral | None:
    """The report, locked; None where there is none, or where it was erased from elsewhere in this very moment."""
    referral = await session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None:
        return None
    # Only once the lock is held the key tells.
    erased = await session.scalar(sa.select(DataKey.destroyed_at).where(DataKey.id == referral.data_key_id))
    return None if erased else referral
