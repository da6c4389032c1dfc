"""How urgent staff find a case: raised freely, lowered only with a reason, and both stay in its history."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from referrals.closing import reason_of
from referrals.desk.sealed import plain
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral
from referrals.queue import EndedError
from referrals.teams.routing import route
from referrals.thread import add_mark

PRIORITIES = ("P0", "P1", "P2", "P3")


class SamePriorityError(ConflictError):
    code = "same_priority"


class LoweringError(ForbiddenError):
    """Only who holds it, or a supervisor, may lower it."""

    code = "lowering"


async def set_priority(
    session: AsyncSession,
    keys: DataKeys,
    *,
    referral_id: UUID,
    account_id: UUID,
    priority: str,
    why: str,
    oversees: bool,
) -> None:
    """Change how urgent an open case is.

    Raises InvalidInputError for an unknown priority, ReasonError where it sinks without a reason, LoweringError,
    SamePriorityError, EndedError, NotFoundError.
    """
    if priority not in PRIORITIES:
        raise InvalidInputError("choose how urgent it is")
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    if referral.state not in OPEN_STATES:
        raise EndedError("this referral has ended")
    before = referral.priority
    if priority == before:
        raise SamePriorityError("it has this priority already")
    if priority > before and not (oversees or referral.claimed_by == account_id):
        raise LoweringError("only its holder or a supervisor may lower it")
    reason = reason_of(why) if priority > before or plain(why) else ""
    referral.priority = priority
    if referral.state == "open" and priority < before:
        # The clock of the new urgency begins now, and another team may be there for what is that urgent.
        referral.unheld_since = utc_now()
        await route(session, referral)
    key = await keys.load(session, referral.data_key_id)
    await session.flush()
    await add_mark(session, referral_id, account_id, "priority", before, priority, why=reason, key=key)
    await announce_change(session, referral_id)
