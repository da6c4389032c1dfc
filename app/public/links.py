"""`/l/<slug>`: from a campaign to where it leads. No cookie, nothing of who opened it; an opening is one more of a day."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.faces.headers import HIDDEN_HEADERS
from app.public.drawing import draw_no_link
from app.runtime import Runtime
from campaigns.links import PATH, open_link
from core.clock import utc_now

router = APIRouter()
# Chats look at a link when it is sent, to draw a picture of where it leads: that is nobody who opened it.
_LOOKERS = (
    "line-poker",
    "telegrambot",
    "facebookexternalhit",
    "twitterbot",
    "googlebot",
    "bingbot",
    "crawler",
)
_HEADERS = HIDDEN_HEADERS | {"cross-origin-resource-policy": "cross-origin"}


@router.api_route(PATH + "{slug}", methods=["GET", "HEAD"], name="link.open")
async def open_it(request: Request, slug: str) -> Response:
    """Lead on, whatever else stands in the address; 404 in kind words for a link that is none of ours."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        address = await open_link(session, slug, utc_now(), counts=_is_a_person(request))
    if address is None:
        return HTMLResponse(draw_no_link(), 404, HIDDEN_HEADERS)
    return RedirectResponse(address, 302, _HEADERS)


def _is_a_person(request: Request) -> bool:
    agent = request.headers.get("user-agent", "").lower()
    fetched_ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    return request.method == "GET" and not fetched_ahead and not any(word in agent for word in _LOOKERS)
