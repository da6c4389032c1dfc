"""A campaign as one file: its title, its plan and the pictures it shows, as JSON.

What comes in is somebody else's until it was looked at: bounded before it is read, checked whole, written as a draft of
whoever brought it, without leave to wake people up. Nothing about people is in a file: neither answers nor figures.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.bounds import check_audience
from campaigns.composer.checking import MOST_STEPS, MOST_WORDINGS
from campaigns.composer.rendering import media_of
from campaigns.drafting import create_campaign, read_campaign
from campaigns.media import keep_picture
from campaigns.models import Campaign, CampaignMedia
from campaigns.plans.audience import AnsweredRule, ScoreRule
from campaigns.plans.plan import Plan, decode_plan, encode_plan
from campaigns.plans.times import Drip
from core.errors import ConflictError, InvalidInputError, TooLargeError

# A dozen pictures as the library keeps photographs, and letters for bytes.
MOST_FILE_BYTES = 8 * 1024 * 1024
MOST_PICTURES = 12
# Twice what the library keeps of one, which draws it anew.
MOST_PICTURE_BYTES = 2 * 1024 * 1024
# LINE takes five messages at once; a draft may still have some too many.
MOST_BLOCKS = 30
# Of what is wrong, so much is told: the rest would be the file's own words.
_LONGEST_FAULT = 200


class CampaignFileError(InvalidInputError):
    """The file is no campaign, or does not hold all that it names."""

    code = "campaign_file"


class CampaignFileTooLargeError(TooLargeError):
    code = "campaign_file_bytes"


class PlanExtentError(InvalidInputError):
    """More steps, wordings or blocks than anybody would read, or than checking them may take."""

    code = "plan_extent"


class PictureGoneError(ConflictError):
    """The campaign shows a picture that was removed from the library."""

    code = "picture_gone"


class PictureInFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture under the id that the plan knows it by; `content` is JPEG or PNG, in JSON as base64."""

    id: str
    name: str
    alt_th: str
    alt_en: str
    content: bytes


class CampaignFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["rootan-campaign"]
    version: Literal[1]
    title: str
    plan: Plan
    pictures: tuple[PictureInFile, ...] = ()


async def export_campaign(session: AsyncSession, campaign_id: UUID) -> bytes:
    """The campaign as a file; raises NotFoundError, PictureGoneError, CampaignFileTooLargeError."""
    campaign = await read_campaign(session, campaign_id)
    file = CampaignFile(
        "rootan-campaign", 1, campaign.title, campaign.plan, await _pictures(session, campaign.plan)
    )
    encoded = msgspec.json.encode(file)
    if len(encoded) > MOST_FILE_BYTES or len(file.pictures) > MOST_PICTURES:
        raise CampaignFileTooLargeError(
            "it shows too many pictures for one file: spread it over several campaigns"
        )
    return encoded


async def import_campaign(session: AsyncSession, data: bytes, *, author_id: UUID) -> UUID:
    """Write a draft of what a file holds, its pictures into the library, and return its id.

    Raises CampaignFileTooLargeError, CampaignFileError, PlanExtentError, AudienceError, what `media.keep_picture` raises of a picture, and
    what `drafting.create_campaign` raises of title and plan.
    """
    file = read_file(data)
    await _check_campaigns(session, file.plan)
    kept = {
        one.id: await keep_picture(
            session, one.content, name=one.name, alt_th=one.alt_th, alt_en=one.alt_en, author_id=author_id
        )
        for one in file.pictures
    }
    plan = msgspec.structs.replace(_with_pictures(file.plan, kept), emergency=False)
    return await create_campaign(session, title=file.title, plan=plan, author_id=author_id, origin="file")


def read_file(data: bytes) -> CampaignFile:
    """Read and check a file by itself; raises CampaignFileTooLargeError, CampaignFileError, PlanExtentError, AudienceError."""
    if len(data) > MOST_FILE_BYTES:
        raise CampaignFileTooLargeError(
            f"a campaign's file has at most {MOST_FILE_BYTES // 1024 // 1024} MiB"
        )
    try:
        file = msgspec.json.decode(data, type=CampaignFile)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as wrong:
        raise CampaignFileError(f"this is no campaign's file: {str(wrong)[:_LONGEST_FAULT]}") from None
    faults = list(_faults_of(file))
    if faults:
        raise CampaignFileError("; ".join(faults))
    check_extent(file.plan)
    check_audience(file.plan.audience)
    return file


def check_extent(plan: Plan) -> None:
    """Raises PlanExtentError; for plans that nobody wrote in the composer."""
    wordings = [wording for step in plan.steps for wording in step.wordings]
    if (
        len(plan.steps) > MOST_STEPS
        or any(len(step.wordings) > MOST_WORDINGS for step in plan.steps)
        or any(len(wording.blocks) > MOST_BLOCKS for wording in wordings)
    ):
        raise PlanExtentError(
            f"a plan has at most {MOST_STEPS} steps, {MOST_WORDINGS} wordings of each, {MOST_BLOCKS} blocks in one"
        )


def _faults_of(file: CampaignFile) -> Iterator[str]:
    ids = [one.id for one in file.pictures]
    if len(ids) > MOST_PICTURES:
        yield f"a file holds at most {MOST_PICTURES} pictures"
    if any(len(one.content) > MOST_PICTURE_BYTES for one in file.pictures):
        yield f"a picture in a file has at most {MOST_PICTURE_BYTES // 1024 // 1024} MiB"
    if len(set(ids)) != len(ids):
        yield "two pictures have the same id"
    shown = media_of(file.plan)
    if shown - set(ids):
        yield "the plan shows a picture that is not in the file"
    if set(ids) - shown:
        yield "the file holds a picture that the plan does not show"


async def _check_campaigns(session: AsyncSession, plan: Plan) -> None:
    """A rule about a campaign of another house would hold for nobody, or, left out, for everybody."""
    named = set(_campaigns_named(plan))
    ids = {UUID(one) for one in named if _is_id(one)}
    known = set(await session.scalars(sa.select(Campaign.id).where(Campaign.id.in_(ids)))) if ids else set()
    if len(known) < len(named):
        raise CampaignFileError(
            "its audience or schedule goes by the answers to another campaign, which is not here: take that out before exporting"
        )


def _campaigns_named(plan: Plan) -> Iterator[str]:
    for rule in (*plan.audience.include, *plan.audience.exclude):
        if isinstance(rule, AnsweredRule | ScoreRule):
            yield rule.campaign
    if isinstance(plan.schedule, Drip) and plan.schedule.campaign:
        yield plan.schedule.campaign


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


async def _pictures(session: AsyncSession, plan: Plan) -> tuple[PictureInFile, ...]:
    shown = sorted(media_of(plan))
    ids = [UUID(one) for one in shown if _is_id(one)]
    rows = await session.scalars(
        sa.select(CampaignMedia).where(CampaignMedia.id.in_(ids), CampaignMedia.removed_at.is_(None))
    )
    found = {row.id: row for row in rows}
    if not all(_is_id(one) and UUID(one) in found for one in shown):
        raise PictureGoneError("this campaign shows a picture that was removed: take it out before exporting")
    return tuple(_packed(one, found[UUID(one)]) for one in shown)


def _packed(media_id: str, row: CampaignMedia) -> PictureInFile:
    return PictureInFile(media_id, row.name, row.alt_th, row.alt_en, row.picture)


def _with_pictures(plan: Plan, kept: Mapping[str, UUID]) -> Plan:
    """The plan with the pictures' new ids."""
    return decode_plan(_renamed(encode_plan(plan), kept)) if kept else plan


def _renamed(value: Any, kept: Mapping[str, UUID]) -> Any:
    if isinstance(value, list | tuple):
        return [_renamed(one, kept) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: str(kept[one]) if key == "media" and one in kept else _renamed(one, kept)
        for key, one in value.items()
    }
