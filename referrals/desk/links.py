"""Referrals that name the same recruiter: by keyed hashes of handles, never by words, name or who reported it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.desk.models import SearchTerm
from referrals.models import Referral
from referrals.teams.models import Team

# Kinds of search terms by which a recruiter is reached or paid; what staff wrote and people's names link nothing.
HANDLES = ("line_id", "phone", "facebook", "telegram", "bank_account", "url")
MOST_LINKED = 20


@dataclass(frozen=True, slots=True)
class Linked:
    """Another person's referral, as far as every member of the hotline may know of it."""

    id: UUID
    priority: str
    state: str
    team: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another referral of the same person."""

    id: UUID
    priority: str
    state: str
    closed_as: str | None
    opened_at: datetime


async def read_links(session: AsyncSession, referral: Referral) -> Mapping[str, tuple[Linked, ...]]:
    """Return other people's referrals by the kind of handle that they share with this one, the newest first."""
    mine, theirs = sa.orm.aliased(SearchTerm), sa.orm.aliased(SearchTerm)
    found = await session.execute(
        sa.select(theirs.kind, Referral, Team.name)
        .distinct()
        .select_from(mine)
        .join(theirs, sa.and_(theirs.term_key == mine.term_key, theirs.kind == mine.kind))
        .join(Referral, Referral.id == theirs.referral_id)
        .outerjoin(Team, Team.id == Referral.team_id)
        .where(
            mine.referral_id == referral.id,
            mine.kind.in_(HANDLES),
            theirs.referral_id != referral.id,
            Referral.contact_id != referral.contact_id,
        )
        .order_by(Referral.id.desc())
        .limit(MOST_LINKED)
    )
    links: dict[str, list[Linked]] = {}
    for kind, other, team in found:
        links.setdefault(kind, []).append(
            Linked(other.id, other.priority, other.state, team, other.opened_at)
        )
    return {kind: tuple(links[kind]) for kind in HANDLES if kind in links}


async def read_earlier(session: AsyncSession, referral: Referral) -> tuple[Earlier, ...]:
    """Return the same person's other referrals, the newest first."""
    found = await session.scalars(
        sa.select(Referral)
        .where(Referral.contact_id == referral.contact_id, Referral.id != referral.id)
        .order_by(Referral.id.desc())
        .limit(MOST_LINKED)
    )
    return tuple(Earlier(one.id, one.priority, one.state, one.closed_as, one.opened_at) for one in found)
