"""The batches of a run: each wording in each language it is read in, sealed as it was approved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.composer.personal import is_personal, sayings_of
from campaigns.composer.rendering import media_of, render
from campaigns.links import links_of
from campaigns.media import MediaFacts, read_media
from campaigns.models import Campaign, CampaignPart, CampaignRun
from campaigns.plans.blocks import LessonBlock, Wording
from campaigns.plans.plan import Plan
from campaigns.sender.personal import Template, encode_template
from campaigns.sender.units import names_left, unit_of
from core.crypto.data_keys import DataKeys
from core.ids import new_id
from core.languages import Language
from core.messages.filling import BatchEnvelope, BatchTerms, open_batch


class Part(NamedTuple):
    """A batch of a run, and who gets it."""

    variant: str
    language: Language
    batch_id: UUID
    personal: bool


def languages_of(wordings: Sequence[Wording]) -> list[Language]:
    """The languages in which a step is read, Thai first; lessons are written in Thai and English."""
    said: set[Language] = set()
    for wording in wordings:
        for block in wording.blocks:
            said |= {one for saying in sayings_of(block) for one, text in saying.items() if text.strip()}
            said |= {"en"} if isinstance(block, LessonBlock) else set()
    return ["th", *sorted(said - {"th"})]


def spoken_in(language: sa.ColumnElement[str], spoken: Sequence[Language]) -> sa.ColumnElement[str]:
    """SQL: the language in which a person reads it: their own, else English, else Thai."""
    own = sa.case((language.in_(spoken), language), else_="th")
    if "en" not in spoken:
        return own
    return sa.case((sa.and_(language.not_in(spoken), language != "th"), "en"), else_=own)


async def open_parts(
    session: AsyncSession,
    keys: DataKeys,
    run: CampaignRun,
    campaign: Campaign,
    plan: Plan,
    *,
    base_url: str,
    now: datetime,
    only: str | None = None,
) -> list[Part]:
    """Write the batches of a run, paused and of nobody yet; `only` one wording, for those who waited for the better one."""
    wordings = [w for w in plan.steps[run.step].wordings if only is None or w.variant == only]
    media = await read_media(session, media_of(plan), base_url)
    counted = await names_left(session, now) >= len(wordings)
    parts: list[Part] = []
    for wording in wordings:
        links = await links_of(session, campaign.id, wording.variant, base_url)
        unit = unit_of(run.id, wording.variant if only is None else f"{only}_rest") if counted else None
        terms = _terms(run, campaign, plan, unit)
        for language in languages_of(wordings):
            envelope = _envelope(campaign.id, wording, language, links, media)
            batch_id = await open_batch(session, keys, envelope, terms)
            session.add(
                CampaignPart(
                    id=new_id(), run_id=run.id, variant=wording.variant, language=language, batch_id=batch_id, unit=unit,
                    of_rest=only is not None,
                )
            )  # fmt: skip
            parts.append(Part(wording.variant, language, batch_id, bool(envelope.template)))
    await session.flush()
    return parts


def _terms(run: CampaignRun, campaign: Campaign, plan: Plan, unit: str | None) -> BatchTerms:
    urgent = plan.emergency and campaign.emergency_by is not None and bool(campaign.emergency_reason)
    return BatchTerms(
        author_id=campaign.created_by,
        expires_at=run.expires_at,
        unit=unit,
        silent=plan.silent,
        any_hour=urgent,
    )


def _envelope(
    campaign_id: UUID,
    wording: Wording,
    language: Language,
    links: dict[str, str],
    media: Mapping[str, MediaFacts],
) -> BatchEnvelope:
    content = render(wording, language, person={}, links=links, campaign_id=campaign_id, media=media)
    if not is_personal(wording):
        return BatchEnvelope(content)
    return BatchEnvelope(
        content, encode_template(Template(wording, language, campaign_id, links, dict(media)))
    )
