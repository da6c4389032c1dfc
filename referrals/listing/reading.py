"""Pages of the queue: which reports, in what order, and what each row may tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.contacts.models import Contact
from referrals.desk.models import ReferralFlag
from referrals.listing.filters import Filters
from referrals.listing.narrowing import COLUMNS, narrowed
from referrals.listing.overdue import cutoffs_at
from referrals.listing.viewer import Viewer, sight_of, values_of
from referrals.listing.views import Place, order_of, scan
from referrals.models import Referral, ReferralEntry
from referrals.queue import still_waits
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import Clock, answer_due, claim_due
from referrals.teams.days import load_calendar
from referrals.teams.models import Team, TeamMember

PAGE = 50
# Rows of a view that a page with filters looks through at most; the next page goes on behind them.
WINDOW = 5_000


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One referral as the queue shows it; `due` is when its running `clock` runs out."""

    id: UUID
    priority: str
    state: str
    source: str
    channel: str
    kinds: list[str]
    reasons: list[str]
    place: str | None
    opened_at: datetime
    ended_at: datetime | None
    holder_id: UUID | None
    holder: str | None
    team: str | None
    language: str
    closed_as: str | None
    # The person wrote last: they wait for us.
    person_waits: bool
    is_claimable: bool
    clock: Clock | None
    due: datetime | None
    snoozed_until: datetime | None
    bot_dialogue: str | None
    flags: int
    flag_due: date | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a view; `next` is where the next page begins, None at the end.

    With filters a page may be short, even empty, and still have a next one: only so many rows are looked through.
    """

    rows: list[QueueRow]
    next: Place | None


async def see(session: AsyncSession, account_id: UUID) -> tuple[Viewer, Calendar]:
    """Return who looks, with the calendar by which clocks run for them."""
    calendar, now = await load_calendar(session), utc_now()
    teams = await session.scalars(
        sa.select(TeamMember.team_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.account_id == account_id, Team.closed_at.is_(None))
        .order_by(TeamMember.team_id)
    )
    return Viewer(account_id, tuple(teams), now, cutoffs_at(now, calendar)), calendar


async def read_page(
    session: AsyncSession, filters: Filters, viewer: Viewer, calendar: Calendar, after: Place | None = None
) -> Page:
    """Read one page of a view beyond a place."""
    scanned = scan(filters, sight_of(len(viewer.teams)), WINDOW if filters.narrows else PAGE + 1, after)
    keys = (
        await session.execute(
            narrowed(sa.select(scanned), scanned, filters, viewer.now)
            .order_by(*order_of(filters.view, scanned.c))
            .limit(sa.literal_column(str(PAGE + 1))),
            values_of(viewer),
        )
    ).all()
    rows = await read_rows(session, [key.id for key in keys[:PAGE]], calendar)
    if len(keys) > PAGE:
        return Page(rows, _place(keys[PAGE - 1]))
    last = await _last_scanned(session, filters, viewer, scanned) if filters.narrows else None
    return Page(rows, last)


def _place(key: Any) -> Place:
    return Place(key.priority, key.at, key.id)


async def _last_scanned(
    session: AsyncSession, filters: Filters, viewer: Viewer, scanned: sa.CTE
) -> Place | None:
    """Return where the looking through stopped; None where it came to the end of the view."""
    last = (
        await session.execute(
            sa.select(scanned)
            .order_by(*order_of(filters.view, scanned.c))
            .offset(sa.literal_column(str(WINDOW - 1)))
            .limit(sa.literal_column("1")),
            values_of(viewer),
        )
    ).one_or_none()
    return None if last is None else _place(last)


async def narrow_ids(
    session: AsyncSession, referral_ids: Sequence[UUID], filters: Filters, now: datetime
) -> list[UUID]:
    """Return those of some referrals that fit the filters, in the order given; the view is not looked at."""
    every = sa.select(Referral.id, Referral.priority, *COLUMNS).where(Referral.id.in_(referral_ids)).cte()
    fitting = narrowed(sa.select(every.c.id), every, filters, now)
    if filters.priority:
        fitting = fitting.where(every.c.priority.in_(filters.priority))
    kept = set(await session.scalars(fitting))
    return [referral_id for referral_id in referral_ids if referral_id in kept]


_LAST_AUTHOR = (
    sa.select(ReferralEntry.author)
    .where(ReferralEntry.referral_id == Referral.id, ReferralEntry.author != "system")
    .order_by(ReferralEntry.id.desc())
    .limit(1)
    .scalar_subquery()
)
_FLAG_DUE = (
    sa.select(sa.func.min(ReferralFlag.due_on))
    .where(ReferralFlag.referral_id == Referral.id, ReferralFlag.resolved_at.is_(None))
    .scalar_subquery()
)
_ROWS = (
    sa.select(Referral, Account.name, Team.name, Contact.language, _LAST_AUTHOR, _FLAG_DUE)
    .join(Contact, Contact.id == Referral.contact_id)
    .outerjoin(Account, Account.id == Referral.claimed_by)
    .outerjoin(Team, Team.id == Referral.team_id)
)


async def read_rows(
    session: AsyncSession, referral_ids: Sequence[UUID], calendar: Calendar
) -> list[QueueRow]:
    """Read these referrals as rows, in the order given; those that are gone are left out."""
    if not referral_ids:
        return []
    found = await session.execute(_ROWS.where(Referral.id.in_(referral_ids)))
    every = {one[0].id: one for one in found}
    return [_row(calendar, *every[r]) for r in referral_ids if r in every]


def _row(
    calendar: Calendar,
    referral: Referral,
    holder: str | None,
    team: str | None,
    language: str,
    last_author: str | None,
    flag_due: date | None,
) -> QueueRow:
    clock, due = _clock(referral, calendar)
    return QueueRow(
        id=referral.id, priority=referral.priority, state=referral.state, source=referral.source,
        channel=referral.channel, kinds=referral.kinds, reasons=referral.reasons, place=referral.place,
        opened_at=referral.opened_at, ended_at=referral.closed_at, holder_id=referral.claimed_by, holder=holder,
        team=team, language=language, closed_as=referral.closed_as, person_waits=last_author == "citizen",
        is_claimable=still_waits(referral), clock=clock, due=due, snoozed_until=referral.snoozed_until,
        bot_dialogue=referral.bot_dialogue, flags=referral.open_flags, flag_due=flag_due if referral.open_flags else None,
    )  # fmt: skip


def _clock(referral: Referral, calendar: Calendar) -> tuple[Clock | None, datetime | None]:
    if referral.state == "open":
        return "claim", claim_due(referral, calendar)
    if referral.state == "claimed" and referral.awaits_since is not None:
        return "answer", answer_due(referral, referral.awaits_since, calendar)
    return None, None
