"""That a person hides behind the decoy face: staff see it on the report and must not answer in the open."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.ids import new_id
from referrals.code_words import code_word_key
from referrals.intake import find_open
from referrals.live import announce_change
from referrals.models import ReferralEntry

IN_DECOY = "in_decoy"


async def note_hiding(session: AsyncSession, identity_id: UUID, *, hidden: bool) -> None:
    """Mark the person's open referral and its thread, from where on words may be somebody else's; else nothing."""
    referral = await find_open(session, identity_id)
    if referral is None:
        return
    reasons = {*referral.reasons, IN_DECOY} if hidden else set(referral.reasons) - {IN_DECOY}
    referral.reasons = sorted(reasons)
    now = utc_now()
    session.add(
        ReferralEntry(
            id=new_id(), referral_id=referral.id, author="system", mark="hidden" if hidden else "back", at=now
        )
    )
    referral.last_entry_at = now
    await announce_change(session, referral.id)


async def set_code_word(session: AsyncSession, keyset: Keyset, identity_id: UUID, word: str) -> None:
    """Let this word open the person's open referral from elsewhere; without a referral nothing happens."""
    referral = await find_open(session, identity_id)
    if referral is not None:
        referral.code_word_key = code_word_key(keyset, referral.id, word)
