"""Keeping a report past its time: a legal hold that only a person ends, or some days more for staff's work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.keeping.grounds import grounds
from referrals.keeping.models import ReportKeeping
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral

# Why a report stays some days after its hold was ended.
RELEASED = "released"
# After a hold an erasure that the person asked for waits so long, in case the end was a mistake.
ERASED_AFTER_HOLD = timedelta(days=1)


class WordsGoneError(ConflictError):
    """There is nothing left to keep."""

    code = "words_gone"


class HeldAlreadyError(ConflictError):
    """A hold stands, or was ended meanwhile."""

    code = "hold_changed"


class GroundError(InvalidInputError):
    """Not a ground that is known, or a time that is not allowed."""

    code = "ground_needed"


@dataclass(frozen=True, slots=True)
class Keeping:
    """One time that a report was kept longer; names instead of ids. `by` is None where its tracks did (`following`)."""

    kind: str
    ground: str
    until: datetime | None
    by: str | None
    at: datetime
    ended_by: str | None
    ended_at: datetime | None


async def hold_report(session: AsyncSession, referral_id: UUID, *, ground: str, by: UUID) -> None:
    """Keep a report until somebody ends the hold. The caller has checked that this is a supervisor.

    Raises GroundError, HeldAlreadyError, WordsGoneError, NotFoundError.
    """
    if ground not in grounds().hold:
        raise GroundError("choose why it must be kept")
    referral = await _with_words(session, referral_id)
    if referral.is_held:
        raise HeldAlreadyError("a hold stands already")
    await end_standing(session, referral.id, by)
    note(session, referral, "hold", ground, None, by)
    await announce_change(session, referral.id)


async def release_report(session: AsyncSession, referral_id: UUID, *, by: UUID) -> None:
    """End a hold; the report stays some days more. Raises HeldAlreadyError where none stands, NotFoundError."""
    referral = await _with_words(session, referral_id)
    if not referral.is_held:
        raise HeldAlreadyError("no hold stands")
    await let_go(session, referral, by=by)
    await announce_change(session, referral.id)


async def let_go(session: AsyncSession, referral: Referral, *, by: UUID | None) -> None:
    """End the hold that stands; the report stays some days more, and a wish to erase waits a day."""
    now = utc_now()
    await end_standing(session, referral.id, by)
    referral.kept_for, referral.kept_by = RELEASED, by
    referral.kept_until = now + timedelta(days=grounds().grace_days)
    if referral.erase_at is not None:
        referral.erase_at = max(referral.erase_at, now + ERASED_AFTER_HOLD)


async def postpone_report(
    session: AsyncSession, referral_id: UUID, *, ground: str, days: int, by: UUID
) -> None:
    """Keep a report that has ended so many days more from now; a later time stays as it is.

    Raises GroundError for an unknown ground or time, HeldAlreadyError, WordsGoneError, NotFoundError for one that is open.
    """
    if ground not in grounds().postpone or not 1 <= days <= grounds().postpone_days:
        raise GroundError(f"choose why, and 1 to {grounds().postpone_days} days")
    referral = await _with_words(session, referral_id)
    if referral.state in OPEN_STATES:
        raise NotFoundError("its time has not begun")
    if referral.is_held:
        raise HeldAlreadyError("a hold stands already")
    until = utc_now() + timedelta(days=days)
    if referral.kept_until is not None and referral.kept_until >= until:
        return
    await end_standing(session, referral.id, by)
    note(session, referral, "postponed", ground, until, by)
    await announce_change(session, referral.id)


def note(
    session: AsyncSession,
    referral: Referral,
    kind: str,
    ground: str,
    until: datetime | None,
    by: UUID | None,
) -> None:
    """Write on a report and in its history that it is kept longer."""
    referral.kept_for, referral.kept_until, referral.kept_by = ground, until, by
    session.add(
        ReportKeeping(
            id=new_id(), referral_id=referral.id, kind=kind, ground=ground, until=until, by=by, at=utc_now()
        )
    )


async def end_standing(session: AsyncSession, referral_id: UUID, by: UUID | None) -> None:
    """End what keeps a report until now, if anything does."""
    await session.execute(
        sa.update(ReportKeeping)
        .where(ReportKeeping.referral_id == referral_id, ReportKeeping.ended_at.is_(None))
        .values(ended_by=by, ended_at=utc_now())
    )


async def _with_words(session: AsyncSession, referral_id: UUID) -> Referral:
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    if referral.words_gone_at is not None:
        raise WordsGoneError("it was erased; nothing is left to keep")
    return referral


async def holds_any(session: AsyncSession, contact_id: UUID) -> bool:
    """Tell whether a report of a person is held."""
    held = sa.exists().where(
        Referral.contact_id == contact_id, Referral.kept_for.is_not(None), Referral.kept_until.is_(None)
    )
    return bool(await session.scalar(sa.select(held)))


async def read_keepings(session: AsyncSession, referral_id: UUID) -> list[Keeping]:
    """Return every time that a report was kept longer, the newest first."""
    ender = sa.orm.aliased(Account)
    rows = await session.execute(
        sa.select(
            ReportKeeping.kind, ReportKeeping.ground, ReportKeeping.until, Account.name, ReportKeeping.at,
            ender.name, ReportKeeping.ended_at,
        )
        .outerjoin(Account, Account.id == ReportKeeping.by)
        .outerjoin(ender, ender.id == ReportKeeping.ended_by)
        .where(ReportKeeping.referral_id == referral_id)
        .order_by(ReportKeeping.id.desc())
    )  # fmt: skip
    return [Keeping(*row) for row in rows]
