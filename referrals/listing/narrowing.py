"""What filters ask of rows that were scanned already; no index is needed for so few."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import bangkok
from core.contacts.models import Contact
from core.languages import WHOLE
from referrals.desk.models import ReferralFlag
from referrals.listing.filters import ABROAD, Filters, Flag, opened_within
from referrals.models import Referral


def narrowed(select: sa.Select[Any], scanned: sa.CTE, filters: Filters, now: datetime) -> sa.Select[Any]:
    """Add the conditions of the filters to a selection from `scanned` (which has the referral's id)."""
    if not filters.narrows:
        return select
    select = select.join(Referral, Referral.id == scanned.c.id)
    if filters.language is not None:
        select = select.join(Contact, Contact.id == Referral.contact_id).where(_speaks(filters.language))
    return select.where(*conditions(filters, now))


def conditions(filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    """Return what the filters ask of a referral itself, without the language of its person."""
    found: list[sa.ColumnElement[bool]] = []
    exact = {
        Referral.channel: filters.channel,
        Referral.team_id: filters.team,
        Referral.claimed_by: filters.holder,
    }
    found += [column == value for column, value in exact.items() if value is not None]
    if filters.kind is not None:
        found.append(Referral.kinds.contains([filters.kind]))
    if filters.place is not None:
        found.append(_at(filters.place))
    if filters.age is not None:
        earliest, latest = opened_within(filters.age, now)
        found += [Referral.opened_at > earliest] if earliest is not None else []
        found += [Referral.opened_at <= latest] if latest is not None else []
    if filters.flag is not None:
        found.append(_flagged(filters.flag, now))
    return found


def _speaks(language: str) -> sa.ColumnElement[bool]:
    return Contact.language.not_in(WHOLE) if language == "other" else Contact.language == language


def _at(place: str) -> sa.ColumnElement[bool]:
    if place == ABROAD:
        return sa.or_(Referral.place == ABROAD, Referral.place.startswith("country:"))
    return Referral.place == place


def _flagged(flag: Flag, now: datetime) -> sa.ColumnElement[bool]:
    if flag == "none":
        return Referral.open_flags == 0
    if flag == "any":
        return Referral.open_flags > 0
    tomorrow = bangkok(now).date() + timedelta(days=1)
    return sa.exists().where(
        ReferralFlag.referral_id == Referral.id,
        ReferralFlag.resolved_at.is_(None),
        ReferralFlag.due_on < tomorrow,
    )
