"""The queue page: live, most urgent first; of what people wrote only the last line, to whom holds it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.auditing import audited
from app.auth import Caller, require, session_cookie
from app.console.live import LiveFeed
from app.console.pages import draw
from app.console.queue_asked import QUEUE, Asked, address_of, read_asked
from app.console.queue_view import clock_words, list_colleagues, list_teams, place_words, read_queue
from app.console.texts import spoken
from app.runtime import Runtime
from core.accounts.sessions import read_session
from core.ids import new_id
from referrals.listing.filters import (
    ABROAD,
    AGES,
    CHANNELS,
    CODES,
    FLAGS,
    LANGUAGES,
    PRIORITIES,
    to_address,
)
from referrals.listing.urgent import read_urgent
from referrals.questionnaires.places import every_place

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
PassiveReader = Annotated[Caller, Depends(require("referrals.read", passive=True))]
# A stream asks this often whether its session still lives.
_QUIET_SECONDS = 20.0


@router.get(QUEUE, name="queue.read")
async def show_queue(request: Request, caller: Reader) -> Response:
    """Draw the page. What is read and the page's own row of the audit are two transactions: in one, two officers who
    open it at once would each hold a stream of the audit that the other waits for.
    """
    runtime: Runtime = request.app.state.runtime
    asked = read_asked(request)
    async with audited(request, caller), runtime.database.unit_of_work() as session:
        choices = await read_choices(session)
        values = await _shown(request, session, caller, asked)
    return draw(request, "queue.html", caller, **values, **choices)


@router.get(f"{QUEUE}/rows", name="queue.refresh")
async def refresh_rows(request: Request, caller: PassiveReader) -> Response:
    """Draw the list anew for an open page; the opening of the page is what is audited, and every newer word."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        values = await _shown(request, session, caller, read_asked(request))
    return draw(request, "_queue.html", caller, **values)


async def _shown(request: Request, session: AsyncSession, caller: Caller, asked: Asked) -> dict[str, Any]:
    runtime: Runtime = request.app.state.runtime
    return {
        "queue": await read_queue(session, runtime.keys, caller, asked),
        "asked": asked,
        "refresh": address_of(asked.filters, after=asked.after, saved=asked.saved, path=f"{QUEUE}/rows"),
        "hidden": to_address(asked.filters),
        "clock_words": clock_words,
        "place_words": place_words,
        "oversees": "referrals.assign" in caller.scopes,
        "form_id": new_id(),
    }


async def read_choices(session: AsyncSession) -> dict[str, Any]:
    """Return what can be chosen in each filter."""
    return {
        "priorities": PRIORITIES,
        "codes": CODES,
        "channels": CHANNELS,
        "ages": AGES,
        "flags": FLAGS,
        "languages": LANGUAGES,
        "abroad": ABROAD,
        "places": every_place(spoken.get()),
        "colleagues": await list_colleagues(session),
        "teams": await list_teams(session),
    }


@router.get(f"{QUEUE}/urgent", name="queue.urgent")
async def tell_urgent(request: Request, caller: PassiveReader) -> Response:  # noqa: ARG001 - being let in is enough
    """Say how many of the most urgent nobody holds, and which came last: for the bell and the tab's title."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        urgent = await read_urgent(session)
    return JSONResponse(
        {"unclaimed": urgent.unclaimed, "newest": str(urgent.newest) if urgent.newest else ""}
    )


@router.get(f"{QUEUE}/live", name="queue.live")
async def stream_news(
    request: Request,
    caller: PassiveReader,  # noqa: ARG001 - being let in is enough
) -> Response:
    """Say "changed" whenever a referral did, "presence" when somebody came or went; the page then asks for what it shows."""
    runtime: Runtime = request.app.state.runtime
    feed: LiveFeed = request.app.state.live_feed
    token = request.cookies.get(session_cookie(runtime.settings), "")

    async def news() -> AsyncIterator[ServerSentEvent]:
        async for what in feed.watch(_QUIET_SECONDS):
            if what == "quiet" and not await _lives(runtime, token):
                yield ServerSentEvent(data="", event="ended")
                return
            yield ServerSentEvent(data="", event=what)

    return EventSourceResponse(news(), ping=15)


async def _lives(runtime: Runtime, token: str) -> bool:
    async with runtime.database.unit_of_work() as session:
        signed_in = await read_session(session, token, touch=False)
    return signed_in is not None
