"""The queue page: live, most urgent first, nothing of what people wrote."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.auth import Caller, require, session_cookie
from app.console.audited import audited
from app.console.live import LiveFeed
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.sessions import read_session
from referrals.queue import VIEWS, View, read_queue

router = APIRouter()
# A stream asks this often whether its session still lives.
_QUIET_SECONDS = 20.0


@router.get("/console/referrals", name="queue.read")
async def show_queue(
    request: Request,
    caller: Annotated[Caller, Depends(require("referrals.read"))],
    view: View = "waiting",
) -> Response:
    async with audited(request, caller) as session:
        queue = await read_queue(session, view, caller.account_id)
    return draw(request, "queue.html", caller, queue=queue, view=view, views=VIEWS)


@router.get("/console/referrals/rows", name="queue.refresh")
async def refresh_rows(
    request: Request,
    caller: Annotated[Caller, Depends(require("referrals.read", passive=True))],
    view: View = "waiting",
) -> Response:
    """Draw the list anew for an open page; holds no content, so the opening of the page is what is audited."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        queue = await read_queue(session, view, caller.account_id)
    return draw(request, "_queue.html", caller, queue=queue, view=view, views=VIEWS)


@router.get("/console/referrals/live", name="queue.live")
async def stream_news(
    request: Request,
    caller: Annotated[Caller, Depends(require("referrals.read", passive=True))],  # noqa: ARG001
) -> Response:
    """Say "changed" whenever a referral did; the page then asks for what it shows."""
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
