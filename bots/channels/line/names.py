"""Asking LINE under which name people find us, without the SDK: web processes have no other need of it."""

import contextlib

import httpx

from bots.channels.reading import text_of
from core.settings import Settings

_PATIENCE_SECONDS = 5.0


async def read_basic_id(settings: Settings) -> str:
    """Return our id, which begins with "@"; "" where LINE does not tell. Never raises for a platform that fails."""
    if settings.line_channel_access_token is None:
        return ""
    bearer = f"Bearer {settings.line_channel_access_token.get_secret_value()}"
    with contextlib.suppress(httpx.HTTPError, ValueError):
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
            answer = await client.get(
                f"{settings.line_api_base}/v2/bot/info", headers={"Authorization": bearer}
            )
            return text_of(answer.json(), "basicId") if answer.is_success else ""
    return ""
