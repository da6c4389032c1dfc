"""Answers to questions of campaigns: what a press means, and keeping it once. They go with the person, shown only in sums."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from campaigns.plans.blocks import QuizBlock
from campaigns.plans.plan import Plan, decode_plan
from campaigns.plans.presses import CampaignPress
from campaigns.plans.questions import PROVINCE, Asked, Question, find_choice
from referrals.questionnaires.places import every_place

# Of what has not gone out yet nothing counts; whatever became of it later, its messages are with people.
_NOT_OUT = ("draft", "submitted", "approved")
_PLANS = """
SELECT c.id, c.plan::text AS plan, c.state <> ALL($2) OR EXISTS (
  SELECT FROM campaign_run r WHERE r.campaign_id = c.id AND r.frozen_at IS NOT NULL) AS out
FROM campaign c WHERE c.id = ANY($1)
"""
_VARIANTS = """
SELECT DISTINCT ON (w.contact_id, w.campaign_id) w.contact_id, w.campaign_id, coalesce(CASE WHEN m.variant = 'rest' THEN (
  SELECT p.variant FROM campaign_part p WHERE p.run_id = r.id AND p.of_rest LIMIT 1) END, m.variant) AS variant
FROM unnest($1::uuid[], $2::uuid[]) AS w(contact_id, campaign_id)
JOIN campaign_member m ON m.contact_id = w.contact_id
JOIN campaign_run r ON r.id = m.run_id AND r.campaign_id = w.campaign_id
WHERE m.variant <> 'holdout'
ORDER BY w.contact_id, w.campaign_id, r.due_at DESC
"""
_GIVEN = """
SELECT a.contact_id, a.campaign_id, a.question, a.choice
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS w(contact_id, campaign_id, question)
JOIN campaign_answer a USING (contact_id, campaign_id, question)
"""
# Rows are locked in one order in every transaction. To a quiz the first answer counts, to a survey the last one; when
# it was answered is when it was answered first.
_ADD = """
INSERT INTO campaign_answer AS kept (contact_id, campaign_id, question, choice, "right", at)
SELECT contact_id, campaign_id, question, choice, rightly, $6
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bool[])
  AS n(contact_id, campaign_id, question, choice, rightly)
ORDER BY contact_id, campaign_id, question
ON CONFLICT (contact_id, campaign_id, question) DO UPDATE SET choice = excluded.choice
WHERE kept."right" IS NULL AND excluded."right" IS NULL AND kept.choice <> excluded.choice
"""
_REMEMBER = """
INSERT INTO contact_trait (contact_id, province, changed_at)
SELECT contact_id, province, $3 FROM unnest($1::uuid[], $2::text[]) AS n(contact_id, province) ORDER BY contact_id
ON CONFLICT (contact_id) DO UPDATE SET province = excluded.province, changed_at = excluded.changed_at
"""
_ISO = "province:TH-"


class Answer(NamedTuple):
    """What one person answered. `right` is None in a survey, `province` "" where nothing is to be remembered."""

    contact_id: UUID
    campaign_id: UUID
    question: str
    choice: str
    right: bool | None
    province: str = ""


async def read_asked(connection: Any, presses: Sequence[tuple[UUID, CampaignPress]]) -> list[Asked | None]:
    """Say for each contact and press what it means; None where campaign, question or choice are no more."""
    people, campaigns = [who for who, _ in presses], [press.campaign for _, press in presses]
    plans = {
        row["id"]: (_decoded(row["plan"]), row["out"])
        for row in await connection.fetch(_PLANS, list(set(campaigns)), list(_NOT_OUT))
    }
    variants = {
        (row["contact_id"], row["campaign_id"]): row["variant"]
        for row in await connection.fetch(_VARIANTS, people, campaigns)
    }
    questions = [press.question for _, press in presses]
    given = {
        (row["contact_id"], row["campaign_id"], row["question"]): row["choice"]
        for row in await connection.fetch(_GIVEN, people, campaigns, questions)
    }
    return [
        _asked(
            press,
            *plans.get(press.campaign, (None, False)),
            variants.get((who, press.campaign), ""),
            given.get((who, press.campaign, press.question), ""),
        )
        for who, press in presses
    ]


def _decoded(stored: str) -> Plan | None:
    """None for what is no plan: campaigns of before plans were kept have an empty one."""
    try:
        return decode_plan(msgspec.json.decode(stored))
    except msgspec.ValidationError:
        return None


def _asked(press: CampaignPress, plan: Plan | None, out: bool, variant: str, given: str) -> Asked | None:  # noqa: FBT001 - a row's values
    found = find_choice(plan, press.question, press.choice, variant) if plan else None
    if found is None:
        return None
    question, choice = found
    right = choice.right if isinstance(question, QuizBlock) else None
    return Asked(choice.reply, right, _province(question, choice.id), given, counts=out)


def _province(question: Question, choice: str) -> str:
    if isinstance(question, QuizBlock) or question.keeps != PROVINCE:
        return ""
    code = choice.upper().removeprefix("TH-")
    return code if code in _provinces() else ""


@cache
def _provinces() -> frozenset[str]:
    return frozenset(code.removeprefix(_ISO) for code, _ in every_place() if code.startswith(_ISO))


async def add_answers(connection: Any, answers: Iterable[Answer], at: datetime) -> None:
    """Keep answers, one a person and question, and what they tell of the person; in the order in which they were given."""
    kept: dict[tuple[UUID, UUID, str], Answer] = {}
    for one in answers:
        key = one.contact_id, one.campaign_id, one.question
        if one.right is None or key not in kept:
            kept[key] = one
    if not kept:
        return
    columns = zip(*(one[:5] for one in kept.values()), strict=True)
    await connection.execute(_ADD, *(list(column) for column in columns), at)
    provinces = {one.contact_id: one.province for one in kept.values() if one.province}
    if provinces:
        await connection.execute(_REMEMBER, list(provinces), list(provinces.values()), at)
