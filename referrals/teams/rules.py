"""The routing rules as supervisors keep them: added at the end, moved, dropped; what is dropped stays readable."""

from collections.abc import Collection
from typing import get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.languages import WHOLE
from nlp.findings import CrisisKind
from referrals.questionnaires.places import say_place
from referrals.teams.models import RoutingRule
from referrals.teams.roster import read_team
from referrals.teams.routing import OTHER

KINDS: tuple[CrisisKind, ...] = get_args(CrisisKind)
LANGUAGES = (*WHOLE, OTHER)
PRIORITIES = ("P0", "P1", "P2", "P3")
MOST_RULES = 200


class EmptyRuleError(InvalidInputError):
    """A rule that names nothing would take every report; that is what the fallback is for."""

    code = "rule_empty"


class SameRuleError(ConflictError):
    """Such a rule stands already."""

    code = "rule_twice"


async def list_rules(session: AsyncSession) -> list[RoutingRule]:
    """Return the rules in the order in which they decide."""
    return list(
        await session.scalars(
            sa.select(RoutingRule)
            .where(RoutingRule.dropped_at.is_(None))
            .order_by(RoutingRule.position, RoutingRule.id)
        )
    )


async def add_rule(
    session: AsyncSession,
    *,
    team_id: UUID,
    kinds: Collection[str],
    places: Collection[str],
    languages: Collection[str],
    priorities: Collection[str],
    by: UUID,
) -> UUID:
    """Add a rule behind the others; raises EmptyRuleError, InvalidInputError for an unknown code, NotFoundError."""
    await read_team(session, team_id)
    if not any((kinds, places, languages, priorities)):
        raise EmptyRuleError("say which reports the rule is for")
    for codes, known in ((kinds, KINDS), (languages, LANGUAGES), (priorities, PRIORITIES)):
        if not set(codes) <= set(known):
            raise InvalidInputError("a choice of this rule is not known")
    for place in places:
        _check_place(place)
    standing = await list_rules(session)
    wanted = [team_id, sorted(kinds), sorted(places), sorted(languages), sorted(priorities)]
    if any([one.team_id, one.kinds, one.places, one.languages, one.priorities] == wanted for one in standing):
        raise SameRuleError("this rule stands already")
    if len(standing) >= MOST_RULES:
        raise InvalidInputError(f"at most {MOST_RULES} rules; drop some first")
    rule = RoutingRule(
        id=new_id(), position=standing[-1].position + 1 if standing else 1, team_id=team_id, kinds=sorted(kinds),
        places=sorted(places), languages=sorted(languages), priorities=sorted(priorities), created_by=by,
        created_at=utc_now(),
    )  # fmt: skip
    session.add(rule)
    await session.flush()
    return rule.id


def _check_place(code: str) -> None:
    try:
        say_place(code)
    except (KeyError, IndexError):
        raise InvalidInputError("this place is not known") from None


async def move_rule(session: AsyncSession, rule_id: UUID, *, up: bool) -> None:
    """Let a rule change places with its neighbour; at the end it stays. Raises NotFoundError."""
    rules = await list_rules(session)
    at = next((n for n, rule in enumerate(rules) if rule.id == rule_id), None)
    if at is None:
        raise NotFoundError("no such rule")
    other = at - 1 if up else at + 1
    if 0 <= other < len(rules):
        rules[at], rules[other] = rules[other], rules[at]
    for position, rule in enumerate(rules, 1):
        rule.position = position
    await session.flush()


async def drop_rule(session: AsyncSession, rule_id: UUID) -> None:
    """End a rule; raises NotFoundError."""
    rule = await session.get(RoutingRule, rule_id)
    if rule is None or rule.dropped_at is not None:
        raise NotFoundError("no such rule")
    rule.dropped_at = utc_now()
    await session.flush()
