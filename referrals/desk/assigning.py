"""What a supervisor decides over who holds what: taking over, with a reason, and giving to somebody. At once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.errors import AppError, InvalidInputError, NotFoundError
from referrals.desk.handing_over import ReceiverError, end_standing, may_hold
from referrals.desk.sealed import plain
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral
from referrals.queue import EndedError
from referrals.teams.alerts import raise_alerts
from referrals.thread import add_mark
from referrals.tracks.reporting import note_work

TAKEN_OVER, ASSIGNED = "taken_over", "assigned"
LONGEST_REASON = 300
# As Primero: nobody oversees more with one press.
MOST_AT_ONCE = 100


class TakeOverReasonError(InvalidInputError):
    code = "take_over_reason"


class TooManyAtOnceError(InvalidInputError):
    code = "too_many_at_once"


@dataclass(frozen=True, slots=True)
class Done:
    """How many of several were changed, and how many could not be."""

    changed: int
    refused: int


async def take_over(
    session: AsyncSession, keys: DataKeys, referral_id: UUID, account_id: UUID, *, reason: str
) -> None:
    """Take a referral from whoever holds it, and tell them; `reason` stands in the thread, sealed.

    Raises TakeOverReasonError, EndedError, NotFoundError, KeyDestroyedError.
    """
    why = plain(reason)
    if not 3 <= len(why) <= LONGEST_REASON:
        raise TakeOverReasonError(f"say why in 3 to {LONGEST_REASON} characters")
    referral = await _standing(session, referral_id)
    before = referral.claimed_by
    if before == account_id:
        return
    await _give(session, referral, account_id)
    key = await keys.load(session, referral.data_key_id)
    await add_mark(session, referral_id, account_id, "taken_over", why=why, key=key)
    if before is not None:
        await raise_alerts(session, [before], TAKEN_OVER, referral_id)
    await announce_change(session, referral_id)


async def assign(session: AsyncSession, referral_id: UUID, account_id: UUID, *, to_account: UUID) -> None:
    """Give a referral to somebody at once, and tell them and whoever held it.

    Raises ReceiverError, EndedError, NotFoundError.
    """
    if not await may_hold(session, to_account):
        raise ReceiverError("this person can't take it")
    referral = await _standing(session, referral_id)
    before = referral.claimed_by
    if before == to_account:
        return
    await _give(session, referral, to_account)
    await add_mark(session, referral_id, account_id, "assigned")
    if to_account != account_id:
        await raise_alerts(session, [to_account], ASSIGNED, referral_id, outside=referral.priority == "P0")
    if before not in {None, account_id}:
        await raise_alerts(session, [before] if before else [], TAKEN_OVER, referral_id)
    await announce_change(session, referral_id)


async def assign_each(
    session: AsyncSession, referral_ids: Sequence[UUID], account_id: UUID, *, to_account: UUID
) -> Done:
    """Give several to somebody; those that ended meanwhile stay as they are.

    Raises TooManyAtOnceError, ReceiverError.
    """
    changed = 0
    for referral_id in several(referral_ids):
        try:
            await assign(session, referral_id, account_id, to_account=to_account)
        except ReceiverError:
            raise
        except AppError:
            continue
        changed += 1
    return Done(changed, len(set(referral_ids)) - changed)


def several(referral_ids: Sequence[UUID]) -> list[UUID]:
    """Return each once, in one order for everybody, so that two supervisors never wait for each other's rows.

    Raises TooManyAtOnceError.
    """
    each = sorted(set(referral_ids))
    if not 1 <= len(each) <= MOST_AT_ONCE:
        raise TooManyAtOnceError(f"choose 1 to {MOST_AT_ONCE}")
    return each


async def _standing(session: AsyncSession, referral_id: UUID) -> Referral:
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    if referral.state not in OPEN_STATES:
        raise EndedError("this referral has ended")
    return referral


async def _give(session: AsyncSession, referral: Referral, account_id: UUID) -> None:
    """Move it; what its former holder put aside or offered does not bind the next."""
    await end_standing(session, referral.id, "withdrawn")
    referral.state, referral.claimed_by, referral.claimed_at = "claimed", account_id, utc_now()
    referral.snoozed_until, referral.snoozed_for = None, None
    await session.flush()
    await note_work(session, referral, "claimed", account_id=account_id, now=utc_now())
