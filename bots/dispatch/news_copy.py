"""The part of a personal copy that campaigns hold: what a person told them, and which were meant for them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.traits import read_name
from campaigns.models import Campaign, CampaignAnswer, CampaignMember, CampaignRun, ContactTag, ContactTrait
from campaigns.plans.blocks import Choice, QuizBlock, SurveyBlock
from campaigns.plans.plan import decode_plan
from core.clock import bangkok
from core.languages import in_language

Line = Mapping[str, str | int | bool | list[str] | None]


async def collect_news(
    session: AsyncSession, key: bytes, contact_id: UUID, language: str
) -> dict[str, list[Line]]:
    """Gather what campaigns know of the person; `key` is the contact's."""
    return {
        "told_campaigns": await _told(session, key, contact_id),
        "lists": await _lists(session, contact_id),
        "campaign_answers": await _answers(session, contact_id, language),
        "campaigns": await _campaigns(session, contact_id),
    }


def _at(moment: datetime) -> str:
    return bangkok(moment).isoformat(timespec="seconds")


async def _told(session: AsyncSession, key: bytes, contact_id: UUID) -> list[Line]:
    trait = await session.get(ContactTrait, contact_id)
    if trait is None:
        return []
    return [{"province": trait.province, "name": read_name(trait, key), "at": _at(trait.changed_at)}]


async def _lists(session: AsyncSession, contact_id: UUID) -> list[Line]:
    rows = await session.scalars(
        sa.select(ContactTag).where(ContactTag.contact_id == contact_id).order_by(ContactTag.at)
    )
    return [{"tag": row.tag, "at": _at(row.at)} for row in rows]


async def _answers(session: AsyncSession, contact_id: UUID, language: str) -> list[Line]:
    """The question as it was asked and what was answered, in words where the plan still has them."""
    rows = await session.execute(
        sa.select(CampaignAnswer, Campaign)
        .join(Campaign, Campaign.id == CampaignAnswer.campaign_id)
        .where(CampaignAnswer.contact_id == contact_id)
        .order_by(CampaignAnswer.at)
    )
    return [_answer(answer, campaign, language) for answer, campaign in rows]


def _answer(answer: CampaignAnswer, campaign: Campaign, language: str) -> Line:
    question, said = answer.question, answer.choice
    for block in _questions(campaign):
        if block.id == answer.question:
            question = in_language(block.question, language)
            said = _label(block.choices, answer.choice, language)
            break
    return {
        "at": _at(answer.at), "campaign": campaign.title, "question": question, "said": said, "right": answer.right,
    }  # fmt: skip


def _label(choices: tuple[Choice, ...], code: str, language: str) -> str:
    return next((in_language(choice.label, language) for choice in choices if choice.id == code), code)


def _questions(campaign: Campaign) -> Iterator[QuizBlock | SurveyBlock]:
    try:
        plan = decode_plan(campaign.plan)
    except msgspec.ValidationError:
        return
    for step in plan.steps:
        for wording in step.wordings:
            yield from (block for block in wording.blocks if isinstance(block, QuizBlock | SurveyBlock))


async def _campaigns(session: AsyncSession, contact_id: UUID) -> list[Line]:
    """Also of a campaign that was meant for them and kept from them, to compare with."""
    rows = await session.execute(
        sa.select(Campaign.title, CampaignRun.due_at)
        .join(CampaignRun, CampaignRun.campaign_id == Campaign.id)
        .join(CampaignMember, CampaignMember.run_id == CampaignRun.id)
        .where(CampaignMember.contact_id == contact_id)
        .order_by(CampaignRun.due_at)
    )
    return [{"campaign": title, "at": _at(due_at)} for title, due_at in rows]
