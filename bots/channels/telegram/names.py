"""Asking Telegram under which name people find us, without the SDK: web processes have no other need of it."""

import contextlib

import httpx

from bots.channels.reading import text_of
from core.settings import Settings

_PATIENCE_SECONDS = 5.0


async def read_bot_name(settings: Settings) -> str:
    """Return the bot's name without "@"; "" where Telegram does not tell. Never raises for a platform that fails."""
    if settings.telegram_bot_token is None:
        return ""
    base = settings.telegram_api_base.rstrip("/")
    address = f"{base}/bot{settings.telegram_bot_token.get_secret_value()}/getMe"
    with contextlib.suppress(httpx.HTTPError, ValueError):
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
            answer = await client.get(address)
            return text_of(answer.json(), "result", "username") if answer.is_success else ""
    return ""
