"""A rule of an audience as a form sends it, and what its fields offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast, get_args
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.console.texts import spoken
from campaigns.audience.bounds import AudienceError
from campaigns.audience.counting import list_tags
from campaigns.audience.segments import SegmentView, list_segments
from campaigns.drafting import CampaignView, list_campaigns
from campaigns.plans.audience import (
    AnsweredRule,
    ChannelRule,
    CheckedRule,
    LanguageRule,
    ProvinceRule,
    Rule,
    ScoreRule,
    SeenRule,
    SubjectRule,
    TagRule,
)
from campaigns.plans.blocks import QuizBlock
from campaigns.plans.questions import questions_of
from core.contacts.subjects import SUBJECTS
from core.languages import WHOLE, in_language
from referrals.questionnaires.places import every_place

Kind = Literal["subject", "channel", "language", "province", "seen", "checked", "answered", "score", "tag"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHANNELS = ("line", "telegram")
# Campaigns whose answers can be asked for, the newest.
_MOST_ANSWERED = 30
_LISTS: dict[str, Any] = {
    "subject": SubjectRule, "channel": ChannelRule, "language": LanguageRule, "province": ProvinceRule, "tag": TagRule,
}  # fmt: skip
_OFFERED: dict[str, tuple[str, ...]] = {"subject": SUBJECTS, "channel": CHANNELS, "language": WHOLE}


class RuleForm(BaseModel):
    """One rule as it was filled in. `values` of an answer are "campaign|question|choice"."""

    revision: int = Field(ge=1, le=2**31 - 1)
    side: Literal["include", "exclude"] = "include"
    kind: Kind
    values: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=200)
    days: int = Field(default=90, ge=-9999, le=9999)
    campaign: str = Field(default="", max_length=40)
    least: int = Field(default=0, ge=-9999, le=9999)
    most: int = Field(default=100, ge=-9999, le=9999)


Filled = Annotated[RuleForm, Form()]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the fields offer, as code and words. `questions`: of each campaign its questions with their choices."""

    provinces: list[tuple[str, str]]
    tags: list[str]
    questions: list[tuple[CampaignView, list[tuple[str, str, list[tuple[str, str]]]]]]
    quizzes: list[CampaignView]
    segments: list[SegmentView]

    @property
    def titles(self) -> dict[str, str]:
        return {str(view.id): view.title for view, _ in self.questions}


def rule_of(form: RuleForm) -> Rule:
    """The rule that was filled in; raises AudienceError for what no field offers."""
    if form.kind in _LISTS:
        offered = _OFFERED.get(form.kind)
        if offered is not None and not set(form.values) <= set(offered):
            raise AudienceError("choose values that the form offers")
        return cast("Rule", _LISTS[form.kind](tuple(dict.fromkeys(form.values))))
    match form.kind:
        case "seen":
            return SeenRule(form.days)
        case "checked":
            return CheckedRule(form.days)
        case "score":
            return ScoreRule(form.campaign, form.least, form.most)
    return _answered(form.values)


def _answered(values: Sequence[str]) -> AnsweredRule:
    parts = [value.split("|") for value in values]
    if not parts or any(len(part) != 3 for part in parts) or len({tuple(part[:2]) for part in parts}) != 1:
        raise AudienceError("choose answers of one question")
    campaign, question, _ = parts[0]
    choices = tuple(dict.fromkeys(part[2] for part in parts))
    return AnsweredRule(campaign, question, () if "" in choices else choices)


async def read_offered(session: AsyncSession, but: UUID) -> Offered:
    """What can be chosen for a campaign; it does not ask about itself."""
    language = spoken.get()
    provinces = [
        (code.removeprefix("province:TH-"), name)
        for code, name in every_place(language)
        if code.startswith("province:TH-")
    ]
    sent = await list_campaigns(session, ("running", "paused", "done", "scheduled"), _MOST_ANSWERED)
    asking = [(view, _questions(view)) for view in sent if view.id != but]
    quizzes = [
        view
        for view, _ in asking
        if any(isinstance(question, QuizBlock) for question in questions_of(view.plan))
    ]
    tags = [found.tag for found in await list_tags(session)]
    return Offered(provinces, tags, [one for one in asking if one[1]], quizzes, await list_segments(session))


def _questions(view: CampaignView) -> list[tuple[str, str, list[tuple[str, str]]]]:
    language = spoken.get()
    found = {
        one.id: (
            one.id,
            in_language(one.question, language),
            [(choice.id, in_language(choice.label, language)) for choice in one.choices],
        )
        for one in questions_of(view.plan)
    }
    return list(found.values())
