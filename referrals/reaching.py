"""Whether a message can reach the person of a referral at all; when it may go out is the sender's to decide."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.contacts.models import ChannelIdentity
from core.errors import ConflictError
from referrals.models import Referral

PHONE = "phone"


class ByPhoneError(ConflictError):
    """The person called; there is no chat to write to."""

    code = "by_phone"


class BlockedError(ConflictError):
    """The person blocked us or left the chat: nothing arrives until they come back."""

    code = "blocked"


async def is_blocked(session: AsyncSession, referral: Referral) -> bool:
    blocked = sa.select(ChannelIdentity.blocked_at).where(ChannelIdentity.id == referral.identity_id)
    return await session.scalar(blocked) is not None


async def refuse_unreachable(session: AsyncSession, referral: Referral) -> None:
    """Raise ByPhoneError or BlockedError where no message can arrive."""
    if referral.channel == PHONE:
        raise ByPhoneError("this person called; there is no chat")
    if await is_blocked(session, referral):
        raise BlockedError("the person blocked us")
