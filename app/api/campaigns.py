"""Campaigns: written, changed, read, submitted, and as one file. Approving is a person's word and has no call here."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.access import Program, require_token
from app.api.campaign_plans import PlanGiven, read_plan
from app.api.case_steps import Given, Made
from app.api.once import DONE, WriteKey, once
from app.auditing import audited
from app.faces.pages import Paging, open_cursor, seal_cursor
from app.faces.routers import make_router
from app.runtime import Runtime
from campaigns.approval import LONGEST_REASON, submit
from campaigns.composer.checking import faults_of
from campaigns.composer.rendering import media_of
from campaigns.drafting import (
    LONGEST_TITLE,
    CampaignView,
    change_plan,
    create_campaign,
    list_campaigns,
    read_campaign,
)
from campaigns.media import read_media
from campaigns.models import CampaignState
from campaigns.plans.plan import encode_plan
from campaigns.porting import MOST_FILE_BYTES, MOST_PICTURES, export_campaign, import_campaign
from core.accounts.repeated_calls import Done

# A plan with its titles; pictures travel in a file.
MOST_CAMPAIGN_BYTES = 1024 * 1024
MOST_BODY_BYTES = {"/v1/campaigns": MOST_CAMPAIGN_BYTES, "/v1/campaigns/files": MOST_FILE_BYTES}

router = make_router("campaigns")
Reader = Annotated[Program, Depends(require_token("campaigns.read"))]
Writer = Annotated[Program, Depends(require_token("campaigns.read", "campaigns.write"))]
_TITLE = Field(min_length=1, max_length=LONGEST_TITLE, pattern=r"\S")


class CampaignLine(BaseModel):
    """A campaign in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    state: CampaignState
    subject: str | None
    revision: int
    origin: str = Field(description="`pack:…`, `wave:…`, `copy:…`, `file`, or empty.")
    created_by: UUID
    created_at: datetime
    changed_at: datetime | None


class CampaignLines(BaseModel):
    """A page, the newest first."""

    campaigns: list[CampaignLine]
    next: str | None


class CampaignFault(BaseModel):
    """What is wrong with a plan, or would be better otherwise (`stops` false)."""

    model_config = ConfigDict(from_attributes=True)

    place: str = Field(examples=["0..hello.text.th"])
    code: str
    channel: str
    values: dict[str, str | int]
    stops: bool


class CampaignRead(CampaignLine):
    plan: PlanGiven
    plan_hash: str = Field(description="SHA-256 of title and plan: what approvals are for.")
    faults: list[CampaignFault]


class CampaignWritten(Given):
    title: str = _TITLE
    plan: PlanGiven


class CampaignChanged(CampaignWritten):
    revision: int = Field(ge=1, le=2**31 - 1, description="The one that was read.")


class Submission(Given):
    revision: int = Field(ge=1, le=2**31 - 1)
    reason: str = Field("", max_length=LONGEST_REASON, description="Needed of an emergency.")


class CampaignPicture(Given):
    id: str = Field(description="As the plan names it.")
    name: str
    alt_th: str
    alt_en: str
    content: str = Field(description="JPEG or PNG as base64.")


class CampaignFile(Given):
    """What `GET …/file` gives."""

    format: Literal["rootan-campaign"]
    version: Literal[1]
    title: str
    plan: PlanGiven
    pictures: list[CampaignPicture] = Field(default_factory=list, max_length=MOST_PICTURES)


class Wanted(Paging):
    state: Annotated[CampaignState | None, Query(description="Only those in this state.")] = None


@router.get("/campaigns", name="campaign.list", summary="List campaigns")
async def get_campaigns(
    request: Request, program: Reader, wanted: Annotated[Wanted, Query()]
) -> CampaignLines:
    runtime: Runtime = request.app.state.runtime
    of = f"campaigns {wanted.state}"
    async with audited(request, program) as session:
        place = open_cursor(runtime.keys.keyset, program, of, wanted.cursor, tuple[UUID])
        found = await list_campaigns(
            session, (wanted.state,) if wanted.state else (), wanted.limit + 1, place[0] if place else None
        )
    page = found[: wanted.limit]
    return CampaignLines(
        campaigns=[CampaignLine.model_validate(one) for one in page],
        next=seal_cursor(
            runtime.keys.keyset, program, of, (page[-1].id,) if len(found) > len(page) else None
        ),
    )


@router.get("/campaigns/{campaign_id}", name="campaign.read", summary="Read a campaign")
async def get_campaign(request: Request, campaign_id: UUID, program: Reader) -> CampaignRead:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program) as session:
        view = await read_campaign(session, campaign_id)
        media = await read_media(session, media_of(view.plan), runtime.settings.base_url)
    faults = [CampaignFault.model_validate(one) for one in faults_of(view.plan, media=media)]
    return CampaignRead(
        **_line_of(view), plan=encode_plan(view.plan), plan_hash=view.plan_hash.hex(), faults=faults
    )


@router.post(
    "/campaigns", name="campaign.create", summary="Write a draft", status_code=201, response_model=Made
)
async def post_campaign(request: Request, program: Writer, key: WriteKey, given: CampaignWritten) -> Response:
    plan = read_plan(given.plan)

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        made = await create_campaign(session, title=given.title, plan=plan, author_id=program.account_id)
        return Done(201, made)

    return await once(request, program, key, work)


@router.post(
    "/campaigns/files", name="campaign.bring_in", summary="Import a file as a draft", status_code=201,
    response_model=Made,
)  # fmt: skip
async def post_file(
    request: Request,
    program: Writer,
    key: WriteKey,
    given: CampaignFile,  # noqa: ARG001 - describes the body, which is read as strictly as files are
) -> Response:
    """Its pictures go into the library; what it was approved for elsewhere does not come along."""
    data = await request.body()

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        return Done(201, await import_campaign(session, data, author_id=program.account_id))

    return await once(request, program, key, work)


@router.get(
    "/campaigns/{campaign_id}/file", name="campaign.take_out", summary="Export a campaign as a file",
    response_model=CampaignFile,
)  # fmt: skip
async def get_file(request: Request, campaign_id: UUID, program: Reader) -> Response:
    """Title, plan and pictures; nothing about people."""
    async with audited(request, program) as session:
        data = await export_campaign(session, campaign_id)
    return Response(data, media_type="application/json")


@router.post(
    "/campaigns/{campaign_id}/change",
    name="campaign.change",
    summary="Change title and plan",
    status_code=204,
)
async def post_change(
    request: Request, campaign_id: UUID, program: Writer, key: WriteKey, given: CampaignChanged
) -> Response:
    """Put a plan in the place of the one that was read. Approvals end, and it is a draft again."""
    plan = read_plan(given.plan)

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await change_plan(
            session, campaign_id, title=given.title, plan=plan, revision=given.revision,
            author_id=program.account_id,
        )  # fmt: skip
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/campaigns/{campaign_id}/submit", name="campaign.submit", summary="Ask for approval", status_code=204
)
async def post_submission(
    request: Request, campaign_id: UUID, program: Writer, key: WriteKey, given: Submission
) -> Response:
    """By somebody else, in the console."""

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await submit(
            session, campaign_id, revision=given.revision, by=program.account_id, reason=given.reason
        )
        return DONE

    return await once(request, program, key, work)


def _line_of(view: CampaignView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in CampaignLine.model_fields}
