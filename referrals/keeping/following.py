"""The hold that follows a case's tracks: set while a prosecution or a claim is open, ended when none is any more.

What a person set only a person ends (`holding.py`); that nobody set it shows as a hold by nobody.
"""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from referrals.keeping.holding import end_standing, let_go, note
from referrals.live import announce_change
from referrals.models import Referral

# Tracks that hold, with the ground that each is: the first of them stands on the report.
GROUNDS = ("prosecution", "compensation")


async def follow_tracks(session: AsyncSession, referral: Referral, open_tracks: Collection[str]) -> None:
    """Hold a report while one of these tracks is open, let go of it when none is; the referral is locked by the caller.

    Nothing happens to what was erased, nor to what a person holds.
    """
    wanted = next((ground for ground in GROUNDS if ground in open_tracks), None)
    by_person = referral.is_held and referral.kept_by is not None
    standing = referral.kept_for if referral.is_held else None
    if referral.words_gone_at is not None or by_person or standing == wanted:
        return
    if wanted is None:
        await let_go(session, referral, by=None)
    else:
        await end_standing(session, referral.id, None)
        note(session, referral, "hold", wanted, None, None)
    await session.flush()
    await announce_change(session, referral.id)
