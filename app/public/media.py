"""`/media/<key>`: pictures of campaigns, fetched by LINE and Telegram and by the telephones that show them."""

import re

from fastapi import APIRouter, Request, Response

from app.runtime import Runtime
from campaigns.media import read_served

router = APIRouter()
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_HEADERS = {
    # What is removed from the library is gone from the platforms' stores a day later.
    "cache-control": "public, max-age=86400",
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


@router.api_route("/media/{key}", methods=["GET", "HEAD"], name="media.picture")
async def show_picture(request: Request, key: str) -> Response:
    return await _served(request, key, small=False)


@router.api_route("/media/{key}/small", methods=["GET", "HEAD"], name="media.small")
async def show_small(request: Request, key: str) -> Response:
    return await _served(request, key, small=True)


async def _served(request: Request, key: str, *, small: bool) -> Response:
    runtime: Runtime = request.app.state.runtime
    if _KEY.fullmatch(key) is None:
        return Response(status_code=404)
    async with runtime.database.unit_of_work() as session:
        served = await read_served(session, key, small=small)
    if served is None:
        return Response(status_code=404)
    return Response(served.content, media_type=served.media_type, headers=_HEADERS)
