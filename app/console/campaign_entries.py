"""Words and codes that begin a campaign: a keyword to type, links with a QR code, and a poster to print."""

import asyncio
from typing import Annotated, NamedTuple
from uuid import UUID

import segno
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller
from app.console.campaign_frame import read_frame
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.our_names import OurNames, read_names
from app.console.pages import draw
from app.examining.apart import examiner_of
from app.examining.asking import Compare
from app.faces.placard import LONGEST_HEADLINE, LONGEST_LINE, Poster
from app.faces.printing import print_poster
from app.runtime import Runtime
from campaigns.entries import (
    LONGEST_KEYWORD,
    Entry,
    close_entry,
    line_link,
    list_entries,
    open_entry,
    read_entry,
    telegram_link,
)
from core.errors import AppError, NotFoundError
from core.languages import WHOLE

router = APIRouter()
_PAGE = f"{ADDRESS}/{{campaign_id}}/entries"


class Link(NamedTuple):
    """Where an entry leads on a platform, and the same as a picture."""

    platform: str
    address: str
    picture: str


@router.get(_PAGE, name="entry.list")
async def show_entries(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw(request, campaign_id, caller)


async def _draw(
    request: Request,
    campaign_id: UUID,
    caller: Caller,
    problem: AppError | None = None,
    typed: tuple[str, str] = ("", ""),
) -> Response:
    runtime: Runtime = request.app.state.runtime
    names = await read_names(request.app.state)
    async with audited(request, caller, "entry.list") as session:
        frame = await read_frame(session, runtime, campaign_id)
        entries = await list_entries(session, campaign_id)
    return draw(
        request, "campaign_entries.html", caller, status=problem.status if problem else 200, problem=problem,
        frame=frame, entries=entries, links={entry.id: _links(entry, names) for entry in entries}, typed=typed,
        longest_keyword=LONGEST_KEYWORD, longest_headline=LONGEST_HEADLINE, longest_line=LONGEST_LINE, languages=WHOLE,
    )  # fmt: skip


def _links(entry: Entry, names: OurNames) -> list[Link]:
    if entry.closed_at is not None:
        return []
    found = [("line", line_link(names.line, entry.keyword))] if names.line else []
    found += [("telegram", telegram_link(names.telegram, entry.code))] if names.telegram else []
    return [Link(platform, address, _picture(address)) for platform, address in found]


def _picture(address: str) -> str:
    return segno.make_qr(address, error="m").svg_inline(scale=4, border=4, dark="#12343b", light="#ffffff")


@router.post(_PAGE, name="entry.open")
async def post_entry(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    keyword: Annotated[str, Form(max_length=200)] = "",
    tag: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    try:
        compared = await examiner_of(request).ask(Compare(keyword))
        async with audited(request, caller) as session:
            await open_entry(
                session, campaign_id=campaign_id, keyword=compared.keyword, tag=tag, by=caller.account_id
            )
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error, (keyword, tag))
    return RedirectResponse(_PAGE.format(campaign_id=campaign_id), 303)


@router.post(f"{_PAGE}/{{entry_id}}/close", name="entry.close")
async def post_closing(request: Request, campaign_id: UUID, entry_id: UUID, caller: Writer) -> Response:
    async with audited(request, caller) as session:
        await _entry(session, campaign_id, entry_id)
        await close_entry(session, entry_id)
    return RedirectResponse(_PAGE.format(campaign_id=campaign_id), 303)


@router.get(f"{_PAGE}/{{entry_id}}/poster", name="entry.poster")
async def show_poster(
    request: Request,
    campaign_id: UUID,
    entry_id: UUID,
    caller: Reader,
    headline: Annotated[str, Query(max_length=2 * LONGEST_HEADLINE)] = "",
    more: Annotated[str, Query(max_length=2 * LONGEST_LINE)] = "",
    language: Annotated[str, Query(max_length=5)] = "th",
) -> Response:
    """A page of A4 to print."""
    names = await read_names(request.app.state)
    try:
        async with audited(request, caller) as session:
            entry = await _entry(session, campaign_id, entry_id)
        links = {link.platform: link.address for link in _links(entry, names)}
        chosen = language if language in WHOLE else WHOLE[0]
        poster = Poster(headline, entry.keyword, more=more, language=chosen, **links)
        content = await asyncio.to_thread(print_poster, poster)
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error)
    name = f"rootan-poster-{entry.code}.pdf"
    return Response(
        content,
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _entry(session: AsyncSession, campaign_id: UUID, entry_id: UUID) -> Entry:
    """Raises NotFoundError, for another campaign's too."""
    entry = await read_entry(session, entry_id)
    if entry.campaign_id != campaign_id:
        raise NotFoundError("no such entry")
    return entry
