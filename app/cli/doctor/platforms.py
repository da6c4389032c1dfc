"""The channels, and whether the public address reaches us."""

import httpx

from app.cli.findings import Finding
from bots.channels.line.channel import LineChannel
from bots.channels.telegram.channel import TelegramChannel
from core.settings import Settings


async def look_at_platforms(settings: Settings) -> list[Finding]:
    """Return the findings of the public address and of each channel that is on."""
    found = [await _look_at_address(settings)]
    # Made here and not by the worker's module: what turns need takes a second to read.
    channels: list[LineChannel | TelegramChannel] = []
    if settings.line_on:
        channels.append(LineChannel(settings))
    if settings.telegram_on:
        channels.append(TelegramChannel(settings))
    for channel in channels:
        try:
            found += [Finding(c.ok, channel.name, c.text) for c in await channel.check(settings.base_url)]
        finally:
            await channel.close()
    if len(found) == 1:
        found.append(
            Finding(False, "channels", "neither LINE nor Telegram is on: set their tokens in the settings")
        )
    return found


async def _look_at_address(settings: Settings) -> Finding:
    address = f"{settings.base_url.rstrip('/')}/readyz"
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.get(address)
    except httpx.HTTPError as error:
        return Finding(
            False, "web", f"{address} does not answer ({type(error).__name__}): start `rootan serve`, "
            "or correct ROOTAN_BASE_URL"
        )  # fmt: skip
    if not answer.is_success:
        return Finding(False, "web", f"{address} answers {answer.status_code}: {answer.text.strip()[:80]}")
    return Finding(True, "web", f"{address} is ready")
