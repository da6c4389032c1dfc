"""The queue: referrals that need somebody, most urgent first. No word of content is read here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import ConflictError, NotFoundError
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral, ReferralEntry
from referrals.thread import add_mark

View = Literal["waiting", "mine", "held", "ended"]
VIEWS: tuple[View, ...] = ("waiting", "mine", "held", "ended")

# How soon a report should be claimed: P0 and P3 are our own proposal, P1 and P2 follow Primero's hours to assign
# (1 h at high risk, else 3 h); to be confirmed by the ministry.
CLAIM_WITHIN = {
    "P0": timedelta(minutes=5),
    "P1": timedelta(hours=1),
    "P2": timedelta(hours=3),
    "P3": timedelta(hours=24),
}
PAGE = 50
_ENDED_SHOWN = timedelta(days=7)
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


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One referral as the queue shows it."""

    id: UUID
    priority: str
    state: str
    source: str
    channel: str
    kinds: list[str]
    reasons: list[str]
    opened_at: datetime
    last_entry_at: datetime
    holder: str | None
    closed_as: str | None
    # The person wrote last: they wait for us.
    person_waits: bool
    is_claimable: bool

    @property
    def claim_due(self) -> datetime:
        return self.opened_at + CLAIM_WITHIN[self.priority]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of one view and how many each living view holds."""

    rows: list[QueueRow]
    counts: dict[View, int]


async def read_queue(session: AsyncSession, view: View, viewer_id: UUID) -> Queue:
    """Read the first page of a view: by urgency, then by how long the person has waited."""
    last_author = (
        sa.select(ReferralEntry.author)
        .where(ReferralEntry.referral_id == Referral.id, ReferralEntry.author != "system")
        .order_by(ReferralEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    shown = (
        sa.select(Referral, Account.name, last_author)
        .outerjoin(Account, Account.id == Referral.claimed_by)
        .limit(PAGE)
    )
    found = await session.execute(shown.where(_in_view(view, viewer_id)).order_by(*_order(view)))
    rows = [_row(referral, holder, author) for referral, holder, author in found]
    if view == "waiting":
        # Two queries, because one for both could not be read from an index in order.
        taken_back = await session.execute(shown.where(_taken_back()))
        rows += [_row(referral, holder, author) for referral, holder, author in taken_back]
        rows.sort(key=lambda row: (row.priority, row.opened_at))
    return Queue(rows, await count_views(session, viewer_id))


def _taken_back() -> sa.ColumnElement[bool]:
    return sa.and_(
        Referral.state == "cancelled",
        sa.or_(Referral.source == "crisis", Referral.priority.in_(_URGENT)),
        Referral.closed_as == "cancelled_by_person",
        Referral.closed_at > utc_now() - TAKEN_BACK_SHOWN,
    )


def _row(referral: Referral, holder: str | None, last_author: str | None) -> QueueRow:
    return QueueRow(
        id=referral.id,
        priority=referral.priority,
        state=referral.state,
        source=referral.source,
        channel=referral.channel,
        kinds=referral.kinds,
        reasons=referral.reasons,
        opened_at=referral.opened_at,
        last_entry_at=referral.last_entry_at,
        holder=holder,
        closed_as=referral.closed_as,
        person_waits=last_author == "citizen",
        is_claimable=still_waits(referral),
    )


def still_waits(referral: Referral) -> bool:
    """Tell whether somebody may claim it: it is open, or a cry for help or an urgent report was taken back lately."""
    if referral.state == "open":
        return True
    lately = referral.closed_at is not None and referral.closed_at > utc_now() - TAKEN_BACK_SHOWN
    urgent = referral.source == "crisis" or referral.priority in _URGENT
    return lately and urgent and referral.closed_as == "cancelled_by_person"


def _in_view(view: View, viewer_id: UUID) -> sa.ColumnElement[bool]:
    match view:
        case "waiting":
            return Referral.state == "open"
        case "mine":
            return sa.and_(Referral.state == "claimed", Referral.claimed_by == viewer_id)
        case "held":
            return Referral.state == "claimed"
        case "ended":
            return sa.and_(
                Referral.state.in_(("closed", "cancelled")), Referral.closed_at > utc_now() - _ENDED_SHOWN
            )


def _order(view: View) -> tuple[Any, ...]:
    if view == "ended":
        return (sa.desc(Referral.closed_at),)
    return (sa.asc(Referral.priority), sa.asc(Referral.opened_at))


async def count_views(session: AsyncSession, viewer_id: UUID) -> dict[View, int]:
    counts = await session.execute(
        sa.select(
            sa.func.count().filter(Referral.state == "open"),
            sa.func.count().filter(Referral.claimed_by == viewer_id),
            sa.func.count().filter(Referral.state == "claimed"),
        ).where(Referral.state.in_(("open", "claimed")))
    )
    waiting, mine, held = counts.one()
    taken_back = await session.scalar(sa.select(sa.func.count()).where(_taken_back())) or 0
    return {"waiting": waiting + taken_back, "mine": mine, "held": held}


async def claim(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Take a referral; of any number of people who press at once one gets it.

    Claiming what one already holds changes nothing. Raises HeldError with the holder's name, EndedError, NotFoundError.
    """
    now = utc_now()
    another = sa.orm.aliased(Referral)
    has_another = sa.exists().where(
        another.identity_id == Referral.identity_id, another.id != Referral.id, another.state.in_(OPEN_STATES)
    )
    won = await session.scalar(
        sa.update(Referral)
        .where(
            Referral.id == referral_id, sa.or_(Referral.state == "open", sa.and_(_taken_back(), ~has_another))
        )
        .values(state="claimed", claimed_by=account_id, claimed_at=now, closed_at=None, closed_as=None)
        .returning(Referral.id)
    )
    if won is None:
        await _refuse_unless_held_by(session, referral_id, account_id)
        return
    await add_mark(session, referral_id, account_id, "claimed")
    await announce_change(session, referral_id)


async def _refuse_unless_held_by(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
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
        .values(state="open", claimed_by=None, claimed_at=None)
        .returning(Referral.id)
    )
    if won is None:
        await _refuse_unless_held_by(session, referral_id, account_id)
        return
    await add_mark(session, referral_id, account_id, "released")
    await announce_change(session, referral_id)
