"""Looking at a step's note with the lexicons, beside the request that brought it: web processes hold none of them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from referrals.desk.sealed import key_or_none, open_words
from referrals.live import announce_change
from referrals.models import Referral
from referrals.packets.suggestions import suggest
from referrals.tracks.models import CaseEvent


async def look_at_note(session: AsyncSession, keys: DataKeys, event_id: UUID) -> bool:
    """Flag a step whose note seems to name somebody; return whether it did so now. Safe to repeat."""
    event = await session.get(CaseEvent, event_id)
    if event is None or event.names_somebody:
        return False
    referral = await session.get_one(Referral, event.referral_id)
    key = await key_or_none(session, keys, referral)
    note = open_words(event.note, key, CaseEvent.__tablename__, "note", event.id)
    if not note or not suggest({"note": note})["note"]:
        return False
    event.names_somebody = True
    await session.flush()
    await announce_change(session, event.referral_id)
    return True
