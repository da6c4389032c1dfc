"""The media library: pictures taken up with words for who can't see them, their words changed, pictures removed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.runtime import Runtime
from campaigns.media import (
    LONGEST_ALT,
    LONGEST_NAME,
    MOST_BYTES,
    describe_picture,
    keep_picture,
    list_pictures,
    remove_picture,
)
from core.errors import AppError

router = APIRouter()
Reader = Annotated[Caller, Depends(require("campaigns.read"))]
Writer = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write"))]
ADDRESS = "/console/campaigns/media"
PAGE = 24
Words = Annotated[str, Form(max_length=2_000)]


@router.get(ADDRESS, name="campaign.media_list")
async def show_library(
    request: Request, caller: Reader, after: Annotated[UUID | None, Query()] = None
) -> Response:
    return await _draw(request, caller, after=after)


async def _draw(
    request: Request,
    caller: Caller,
    *,
    after: UUID | None = None,
    problem: AppError | None = None,
    typed: tuple[str, str, str] = ("", "", ""),
    at: UUID | None = None,
) -> Response:
    """`at` is the picture that a problem is about; None for the one to be added."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.media_list") as session:
        pictures = await list_pictures(session, runtime.settings.base_url, limit=PAGE + 1, after=after)
    return draw(
        request, "campaign_media.html", caller, status=problem.status if problem else 200, problem=problem,
        pictures=pictures[:PAGE], more=len(pictures) > PAGE, typed=typed, at=at, longest_name=LONGEST_NAME,
        longest_alt=LONGEST_ALT, may_write="campaigns.write" in caller.scopes,
    )  # fmt: skip


@router.post(ADDRESS, name="campaign.media_add")
async def add(
    request: Request,
    caller: Writer,
    picture: Annotated[UploadFile | None, File()] = None,
    name: Words = "",
    alt_th: Words = "",
    alt_en: Words = "",
) -> Response:
    """Take a picture up; the words that were typed stay where it is refused."""
    data = await picture.read(MOST_BYTES + 1) if picture is not None else b""
    try:
        async with audited(request, caller) as session:
            await keep_picture(
                session, data, name=name, alt_th=alt_th, alt_en=alt_en, author_id=caller.account_id
            )
    except AppError as error:
        return await _draw(request, caller, problem=error, typed=(name, alt_th, alt_en))
    return RedirectResponse(ADDRESS, 303)


@router.post(f"{ADDRESS}/{{media_id}}/words", name="campaign.media_describe")
async def describe(
    request: Request, media_id: UUID, caller: Writer, name: Words = "", alt_th: Words = "", alt_en: Words = ""
) -> Response:
    try:
        async with audited(request, caller) as session:
            await describe_picture(session, media_id, name=name, alt_th=alt_th, alt_en=alt_en)
    except AppError as error:
        return await _draw(request, caller, problem=error, at=media_id)
    return RedirectResponse(f"{ADDRESS}#m-{media_id}", 303)


@router.post(f"{ADDRESS}/{{media_id}}/remove", name="campaign.media_remove")
async def remove(request: Request, media_id: UUID, caller: Writer) -> Response:
    try:
        async with audited(request, caller) as session:
            await remove_picture(session, media_id)
    except AppError as error:
        return await _draw(request, caller, problem=error, at=media_id)
    return RedirectResponse(ADDRESS, 303)
