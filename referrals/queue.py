"""Holding a referral: claiming it, so that two people never answer the same person, and giving it back."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import ConflictError, NotFoundError
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral
from referrals.teams.clocks import shortest
from referrals.teams.routing import route
from referrals.thread import add_mark
from referrals.tracks.reporting import note_work

# How soon a report should be claimed, whatever the calendar says; the clocks themselves are in teams/clocks.py.
CLAIM_WITHIN = shortest("claim")
# Whoever took the phone can cancel a cry for help in two taps. Nobody had looked at it yet, so for this long it still
# waits with the others, marked as taken back, and can be claimed.
TAKEN_BACK_SHOWN = timedelta(hours=24)
_URGENT = ("P0", "P1")


class HeldError(ConflictError):
    """Somebody else holds the referral; `holder` is their name."""

    code = "held"

    def __init__(self, holder: str) -> None:
        super().__init__("somebody else holds this referral")
        self.holder = holder


class EndedError(ConflictError):
    """The referral is closed or was cancelled."""

    code = "ended"


def taken_back(since: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """Whether the person took back a cry for help or an urgent report since then, before anybody looked at it."""
    return sa.and_(
        Referral.state == "cancelled",
        sa.or_(Referral.source == "crisis", Referral.priority.in_(_URGENT)),
        Referral.closed_as == "cancelled_by_person",
        Referral.closed_at > since,
    )


def still_waits(referral: Referral) -> bool:
    """Tell whether somebody may claim it: it is open, or a cry for help or an urgent report was taken back lately."""
    if referral.state == "open":
        return True
    lately = referral.closed_at is not None and referral.closed_at > utc_now() - TAKEN_BACK_SHOWN
    urgent = referral.source == "crisis" or referral.priority in _URGENT
    return lately and urgent and referral.closed_as == "cancelled_by_person"


async def claim(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Take a referral; of any number of people who press at once one gets it.

    Claiming what one already holds changes nothing. Raises HeldError with the holder's name, EndedError, NotFoundError.
    """
    now = utc_now()
    since = sa.literal(now - TAKEN_BACK_SHOWN)
    another = sa.orm.aliased(Referral)
    has_another = sa.exists().where(
        another.identity_id == Referral.identity_id, another.id != Referral.id, another.state.in_(OPEN_STATES)
    )
    won = await session.scalar(
        sa.update(Referral)
        .where(
            Referral.id == referral_id,
            sa.or_(Referral.state == "open", sa.and_(taken_back(since), ~has_another)),
        )
        .values(state="claimed", claimed_by=account_id, claimed_at=now, closed_at=None, closed_as=None)
        .returning(Referral.id)
    )
    if won is None:
        await refuse_unless_held_by(session, referral_id, account_id)
        return
    await add_mark(session, referral_id, account_id, "claimed")
    referral = await session.get_one(Referral, referral_id, populate_existing=True)
    await note_work(session, referral, "claimed", account_id=account_id, now=now)
    await announce_change(session, referral_id)


async def refuse_unless_held_by(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Raise what explains why somebody can't act as the holder; nothing when they are."""
    found = (
        await session.execute(
            sa.select(Referral.state, Referral.claimed_by, Account.name)
            .outerjoin(Account, Account.id == Referral.claimed_by)
            .where(Referral.id == referral_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("no such referral")
    if found.state in ("closed", "cancelled"):
        raise EndedError("this referral has ended")
    if found.claimed_by is None:
        raise ConflictError("nobody holds this referral")
    if found.claimed_by != account_id:
        raise HeldError(found.name or "")


async def release(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Put a referral back into the queue; raises HeldError, EndedError, ConflictError, NotFoundError."""
    won = await session.scalar(
        sa.update(Referral)
        .where(Referral.id == referral_id, Referral.state == "claimed", Referral.claimed_by == account_id)
        .values(
            state="open",
            claimed_by=None,
            claimed_at=None,
            unheld_since=utc_now(),
            snoozed_until=None,
            snoozed_for=None,
        )
        .returning(Referral.id)
    )
    if won is None:
        await refuse_unless_held_by(session, referral_id, account_id)
        return
    # What is known of it may have grown while somebody held it.
    await route(session, await session.get_one(Referral, referral_id, populate_existing=True))
    await session.flush()
    await add_mark(session, referral_id, account_id, "released")
    await announce_change(session, referral_id)
