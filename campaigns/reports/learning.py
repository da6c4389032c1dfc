"""What people answered to a campaign, and what they had learnt by its end: sums of at least 20 people."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import SMALLEST_COUNT, floored
from campaigns.models import CampaignAnswer
from campaigns.plans.blocks import QuizBlock
from campaigns.plans.plan import Plan
from campaigns.plans.questions import questions_of

_STEP = 5  # per cent
# Only who answered before and after, so that both shares are of the same people.
_BOTH = sa.text("""
SELECT count(*) AS people, sum(right_before) AS right_before, sum(asked_before) AS asked_before,
       sum(right_after) AS right_after, sum(asked_after) AS asked_after
FROM (SELECT count(*) FILTER (WHERE question = ANY(:before)) AS asked_before,
             count(*) FILTER (WHERE question = ANY(:after)) AS asked_after,
             count(*) FILTER (WHERE question = ANY(:before) AND "right") AS right_before,
             count(*) FILTER (WHERE question = ANY(:after) AND "right") AS right_after
      FROM campaign_answer WHERE campaign_id = :campaign AND "right" IS NOT NULL GROUP BY contact_id) AS each_person
WHERE asked_before > 0 AND asked_after > 0
""")


class Gain(NamedTuple):
    """What one measure shows. None: of fewer than 20 people. Shares in per cent, in steps of five; `gain` is their difference."""

    measures: str
    people: int | None
    before: int | None
    after: int | None
    gain: int | None


class Answers(NamedTuple):
    """How one question was answered: people by the id of their choice, each floored; None for fewer than 20."""

    question: str
    people: int | None
    choices: Mapping[str, int | None]


async def read_gains(session: AsyncSession, campaign_id: UUID, plan: Plan) -> list[Gain]:
    """Each thing that the plan's quizzes measure before and after."""
    quizzes = [one for one in questions_of(plan) if isinstance(one, QuizBlock) and one.measures]
    measured = dict.fromkeys(one.measures for one in quizzes)
    return [await _gain(session, campaign_id, name, quizzes) for name in measured]


async def _gain(session: AsyncSession, campaign_id: UUID, name: str, quizzes: list[QuizBlock]) -> Gain:
    asked = {
        phase: list({one.id for one in quizzes if one.measures == name and one.phase == phase})
        for phase in ("before", "after")
    }
    found = await session.execute(_BOTH, {"campaign": campaign_id, **asked})
    row = found.one()
    if row.people < SMALLEST_COUNT:
        return Gain(name, None, None, None, None)
    before, after = _per_cent(row.right_before, row.asked_before), _per_cent(row.right_after, row.asked_after)
    return Gain(name, floored(row.people), before, after, after - before)


def _per_cent(right: int, asked: int) -> int:
    return round(100 * int(right) / int(asked) / _STEP) * _STEP


async def read_answers(session: AsyncSession, campaign_id: UUID, plan: Plan) -> list[Answers]:
    """Each question of the plan in its order."""
    rows = await session.execute(
        sa.select(CampaignAnswer.question, CampaignAnswer.choice, sa.func.count())
        .where(CampaignAnswer.campaign_id == campaign_id)
        .group_by(CampaignAnswer.question, CampaignAnswer.choice)
    )
    counts = {(question, choice): count for question, choice, count in rows}
    choices: dict[str, dict[str, int]] = {}
    for one in questions_of(plan):
        known = choices.setdefault(one.id, {})
        known |= {choice.id: counts.get((one.id, choice.id), 0) for choice in one.choices}
    return [
        Answers(question, floored(sum(given.values())), {one: floored(n) for one, n in given.items()})
        for question, given in choices.items()
    ]
