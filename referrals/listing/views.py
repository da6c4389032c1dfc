"""The lists of the queue as database queries, each read from an index in its order.

A view is one or several branches; a branch is a condition that an index serves, in that index's order. Conditions that
belong to a partial index are literal text: with a bound value the planner could not tell that the index fits.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from referrals.listing.filters import PRIORITIES, Filters, View
from referrals.listing.narrowing import COLUMNS
from referrals.listing.viewer import Sight
from referrals.models import Referral
from referrals.queue import taken_back

_CLAIMED = sa.text("referral.state = 'claimed'")
_STANDING = sa.text("referral.state IN ('open', 'claimed')")
_ENDED = sa.text("referral.state IN ('closed', 'cancelled')")
_AWAITED = sa.text("referral.state = 'claimed' AND referral.awaits_since IS NOT NULL")
_BOT = sa.text("referral.bot_dialogue IS NOT NULL AND referral.state IN ('open', 'claimed')")
_SNOOZED = sa.text("referral.snoozed_until IS NOT NULL AND referral.state = 'claimed'")
_FLAGGED = sa.text("referral.open_flags > 0")
# A key that no time of an ended report reaches, so that both orders compare alike.
_SAME = "P0"

Branch = tuple[sa.ColumnElement[bool] | sa.TextClause, ...]


class Place(NamedTuple):
    """Where a page of the queue ended: the sort key of its last row."""

    priority: str
    at: datetime
    id: UUID


def is_newest_first(view: View) -> bool:
    """Whether the view is read by when reports ended; all others by urgency, then by waiting."""
    return view == "ended"


def scan(filters: Filters, viewer: Sight, most: int, after: Place | None = None) -> sa.CTE:
    """Return up to `most` rows of a view beyond a place, in its order, as a table to select from.

    Its columns are id, priority and at; with filters also those that `narrowed` looks at.
    """
    newest_first = is_newest_first(filters.view)
    at: Any = Referral.closed_at if newest_first else Referral.opened_at
    priority: Any = sa.literal_column(f"'{_SAME}'") if newest_first else Referral.priority
    columns = [Referral.id, priority.label("priority"), at.label("at"), *(COLUMNS if filters.narrows else ())]
    parts = [
        _ordered(
            sa.select(*columns).where(*branch),
            newest_first,
            after,
        ).limit(sa.literal_column(str(most)))
        for branch in _branches(filters, viewer)
    ]
    both = parts[0] if len(parts) == 1 else sa.union_all(*(sa.select(p.subquery()) for p in parts))
    found = both.subquery()
    order = order_of(filters.view, found.c)
    return sa.select(found).order_by(*order).limit(sa.literal_column(str(most))).cte()


def order_of(view: View, columns: Any) -> tuple[sa.ColumnElement[Any], ...]:
    """The order of a view over the columns of `scan`."""
    if is_newest_first(view):
        return (sa.desc(columns.at), sa.desc(columns.id))
    return (sa.asc(columns.priority), sa.asc(columns.at), sa.asc(columns.id))


def _ordered(part: sa.Select[Any], newest_first: bool, after: Place | None) -> sa.Select[Any]:  # noqa: FBT001
    if newest_first:
        if after is not None:
            key = sa.tuple_(Referral.closed_at, Referral.id)
            part = part.where(key < sa.tuple_(sa.literal(after.at), sa.literal(after.id)))
        return part.order_by(Referral.closed_at.desc(), Referral.id.desc())
    if after is not None:
        key = sa.tuple_(Referral.priority, Referral.opened_at, Referral.id)
        part = part.where(
            key > sa.tuple_(sa.literal(after.priority), sa.literal(after.at), sa.literal(after.id))
        )
    return part.order_by(Referral.priority, Referral.opened_at, Referral.id)


def _branches(filters: Filters, viewer: Sight) -> list[Branch]:
    """The branches of a view; of those by urgency one for each priority that is asked for."""
    found = list(_of_view(filters.view, viewer))
    if not filters.priority:
        return found
    return [(*branch, Referral.priority == priority) for branch in found for priority in filters.priority]


def _of_view(view: View, viewer: Sight) -> Iterator[Branch]:
    awake = sa.or_(Referral.snoozed_until.is_(None), Referral.snoozed_until <= viewer.now)
    if view == "waiting":
        yield (Referral.state == "open",)
        yield (_ENDED, taken_back(viewer.taken_back_since))
    elif view == "team":
        for team in viewer.teams:
            yield (_STANDING, Referral.team_id == team, awake)
    elif view == "overdue":
        yield from _overdue(viewer)
    else:
        one: dict[View, Branch] = {
            "mine": (_CLAIMED, Referral.claimed_by == viewer.account_id, awake),
            "held": (Referral.state == "claimed",),
            "bot": (_BOT,),
            "snoozed": (_SNOOZED, Referral.snoozed_until > viewer.now),
            "flagged": (_FLAGGED,),
            "ended": (_ENDED,),
        }
        yield one[view]


def _overdue(viewer: Sight) -> Iterator[Branch]:
    for priority in PRIORITIES:
        late = viewer.claim[priority]
        yield (
            Referral.state == "open",
            Referral.priority == priority,
            Referral.opened_at <= late,
            sa.func.coalesce(Referral.unheld_since, Referral.opened_at) <= late,
        )
        yield _late_answers(viewer, priority)


def _late_answers(viewer: Sight, priority: str) -> Branch:
    awake = sa.or_(Referral.snoozed_until.is_(None), Referral.snoozed_until <= viewer.now)
    return (
        _AWAITED,
        Referral.priority == priority,
        Referral.awaits_since <= viewer.answer[priority],
        awake,
    )
