"""Saved audiences, and lists of people who agreed elsewhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller
from app.console.campaign_frame import names_of
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.campaign_words import say_rule
from app.console.count_pace import keep_pace
from app.console.pages import draw
from app.runtime import Runtime
from campaigns.audience.counting import list_tags
from campaigns.audience.importing import LONGEST_PROOF, list_lists, take_in
from campaigns.audience.lists import FEWEST_ROWS, MOST_BYTES, ListLinesError, read_list
from campaigns.audience.segments import list_segments, remove_segment
from core.errors import AppError
from core.ids import new_id

router = APIRouter()
_SEGMENTS, _LISTS = f"{ADDRESS}/segments", f"{ADDRESS}/lists"
Words = Annotated[str, Form(max_length=2 * LONGEST_PROOF)]


@router.get(_SEGMENTS, name="segment.list")
async def show_segments(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        segments = await list_segments(session)
        names = await names_of(session, [one.created_by for one in segments])
    return draw(request, "campaign_segments.html", caller, segments=segments, names=names, say_rule=say_rule)


@router.post(f"{_SEGMENTS}/{{segment_id}}/remove", name="segment.remove")
async def post_removal(request: Request, segment_id: UUID, caller: Writer) -> Response:
    """Campaigns that were made from it stay as they are."""
    async with audited(request, caller) as session:
        await remove_segment(session, segment_id)
    return RedirectResponse(_SEGMENTS, 303)


@router.get(_LISTS, name="people_list.list")
async def show_lists(request: Request, caller: Writer) -> Response:
    return await _draw_lists(request, caller)


async def _draw_lists(
    request: Request, caller: Caller, problem: AppError | None = None, typed: dict[str, str] | None = None
) -> Response:
    async with audited(request, caller, "people_list.list") as session:
        await keep_pace(session, caller.account_id)
        lists = await list_lists(session)
        known = {found.tag: found.people for found in await list_tags(session)}
        names = await names_of(session, [one.created_by for one in lists])
    lines = problem.lines if isinstance(problem, ListLinesError) else ()
    return draw(
        request, "campaign_lists.html", caller, status=problem.status if problem else 200, problem=problem,
        lists=lists, known=known, names=names, lines=lines, list_id=new_id(), fewest=FEWEST_ROWS,
        typed={"tag": "", "proof": "", "wording": ""} | (typed or {}),
    )  # fmt: skip


@router.post(_LISTS, name="people_list.take_in")
async def post_list(
    request: Request,
    caller: Writer,
    file: UploadFile,
    list_id: Annotated[UUID, Form()],
    tag: Words = "",
    proof: Words = "",
    wording: Words = "",
) -> Response:
    """Take in people of whom the file says that they agreed; who ever said no stays as they are."""
    runtime: Runtime = request.app.state.runtime
    data = await file.read(MOST_BYTES + 1)
    try:
        async with audited(request, caller) as session:
            await take_in(
                session, runtime.keys, read_list(data), list_id=list_id, tag=tag, proof=proof, wording=wording,
                author_id=caller.account_id,
            )  # fmt: skip
    except AppError as error:
        return await _draw_lists(request, caller, error, {"tag": tag, "proof": proof, "wording": wording})
    return RedirectResponse(_LISTS, 303)
