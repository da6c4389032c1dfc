"""What filters ask of rows that were scanned already; they are few, so that no index is needed.

The conditions look at columns that the scan brought along, never at the table again: joined to it, the planner would
rather read the whole table for a rare value than look two thousand rows up.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import bangkok
from core.contacts.models import Contact
from core.languages import WHOLE
from referrals.desk.models import ReferralFlag
from referrals.listing.filters import ABROAD, Filters, Flag, opened_within
from referrals.models import Referral

# What the conditions look at.
COLUMNS: tuple[Any, ...] = (
    Referral.channel, Referral.team_id, Referral.claimed_by, Referral.kinds, Referral.place, Referral.opened_at,
    Referral.open_flags, Referral.contact_id,
)  # fmt: skip


def narrowed(select: sa.Select[Any], rows: sa.CTE, filters: Filters, now: datetime) -> sa.Select[Any]:
    """Add the conditions of the filters to a selection from `rows`, which have an id and COLUMNS."""
    if not filters.narrows:
        return select
    return select.where(*_conditions(rows.c, filters, now))


def _conditions(row: Any, filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    exact = {row.channel: filters.channel, row.team_id: filters.team, row.claimed_by: filters.holder}
    found = [column == value for column, value in exact.items() if value is not None]
    if filters.kind is not None:
        found.append(row.kinds.contains([filters.kind]))
    if filters.place is not None:
        found.append(_at(row, filters.place))
    if filters.age is not None:
        earliest, latest = opened_within(filters.age, now)
        found += [row.opened_at > earliest] if earliest is not None else []
        found += [row.opened_at <= latest] if latest is not None else []
    if filters.flag is not None:
        found.append(_flagged(row, filters.flag, now))
    if filters.language is not None:
        found.append(_speaks(row, filters.language))
    return found


def _speaks(row: Any, language: str) -> sa.ColumnElement[bool]:
    spoken = sa.select(Contact.language).where(Contact.id == row.contact_id).scalar_subquery()
    return spoken.not_in(WHOLE) if language == "other" else spoken == language


def _at(row: Any, place: str) -> sa.ColumnElement[bool]:
    return (
        sa.or_(row.place == ABROAD, row.place.startswith("country:"))
        if place == ABROAD
        else row.place == place
    )


def _flagged(row: Any, flag: Flag, now: datetime) -> sa.ColumnElement[bool]:
    flags: sa.ColumnElement[int] = row.open_flags
    if flag == "none":
        return flags == 0
    if flag == "any":
        return flags > 0
    tomorrow = bangkok(now).date() + timedelta(days=1)
    due = sa.select(sa.func.min(ReferralFlag.due_on)).where(
        ReferralFlag.referral_id == row.id, ReferralFlag.resolved_at.is_(None)
    )
    return sa.and_(flags > 0, due.scalar_subquery() < tomorrow)
