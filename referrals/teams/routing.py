"""Which team a report goes to: the first rule in which everything that it names fits, else the fallback team."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import Contact
from core.languages import WHOLE
from referrals.models import Referral
from referrals.teams.models import RoutingRule, Team

# Among languages: any in which not everything is said.
OTHER = "other"
# What a wider place holds (codes of referrals/questionnaires/places.py).
_WITHIN = {"thailand": "province:", "abroad": "country:"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a report may decide over its team; nothing that the person wrote."""

    kinds: frozenset[str]
    place: str | None
    language: str
    priority: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule; what it leaves empty fits every report."""

    id: UUID
    team_id: UUID
    kinds: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()

    def fits(self, facts: Facts) -> bool:
        return (
            (not self.kinds or not self.kinds.isdisjoint(facts.kinds))
            and (not self.places or any(_holds(place, facts.place) for place in self.places))
            and (not self.languages or _spoken(facts.language) in self.languages)
            and (not self.priorities or facts.priority in self.priorities)
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The team that a report goes to and the rule that says so; without a rule it is the fallback."""

    team_id: UUID | None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Routes:
    """The rules in order, and the fallback team; None while there is no team at all."""

    rules: Sequence[Rule]
    fallback: UUID | None


def choose_team(routes: Routes, facts: Facts) -> Chosen:
    """Return where a report with these facts goes; the same rules and facts give the same team."""
    for rule in routes.rules:
        if rule.fits(facts):
            return Chosen(rule.team_id, rule)
    return Chosen(routes.fallback)


def _spoken(language: str) -> str:
    return language if language in WHOLE else OTHER


def _holds(wider: str, place: str | None) -> bool:
    if place is None:
        return False
    return place == wider or (wider in _WITHIN and place.startswith(_WITHIN[wider]))


async def load_routes(session: AsyncSession) -> Routes:
    """Return the rules of open teams in their order, and the fallback."""
    rows = await session.scalars(
        sa.select(RoutingRule)
        .join(Team, Team.id == RoutingRule.team_id)
        .where(RoutingRule.dropped_at.is_(None), Team.closed_at.is_(None))
        .order_by(RoutingRule.position, RoutingRule.id)
    )
    rules = [
        Rule(
            row.id, row.team_id, frozenset(row.kinds), frozenset(row.places), frozenset(row.languages),
            frozenset(row.priorities),
        )
        for row in rows
    ]  # fmt: skip
    fallback = await session.scalar(sa.select(Team.id).where(Team.is_fallback, Team.closed_at.is_(None)))
    return Routes(rules, fallback)


async def route(session: AsyncSession, referral: Referral) -> None:
    """Send a report that nobody holds to its team by what is known of it now."""
    if referral.state != "open":
        return
    language = await session.scalar(sa.select(Contact.language).where(Contact.id == referral.contact_id))
    facts = Facts(frozenset(referral.kinds), referral.place, language or "th", referral.priority)
    referral.team_id = choose_team(await load_routes(session), facts).team_id


def raise_priority(referral: Referral, priority: str) -> None:
    """Make a report more urgent, never less; while nobody holds it, its clock to claim begins anew."""
    if priority < referral.priority:
        referral.priority = priority
        if referral.state == "open":
            referral.unheld_since = utc_now()
