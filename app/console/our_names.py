"""Under which names people find us on the platforms: asked once by each web process, when somebody needs them."""

import asyncio
from dataclasses import dataclass
from typing import Any

from app.runtime import Runtime
from bots.channels.line.names import read_basic_id
from bots.channels.telegram.channel import TelegramChannel

# Longer than that nobody waits for a page; it is asked again with the next one.
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class OurNames:
    """LINE's id begins with "@", Telegram's is the bot's name; "" where that platform is off or did not tell."""

    line: str = ""
    telegram: str = ""


async def read_names(state: Any) -> OurNames:
    """Return our names; what a platform told is kept in the application's `state`."""
    runtime: Runtime = state.runtime
    settings = runtime.settings
    known: dict[str, str] = getattr(state, "our_names", None) or {}
    state.our_names = known
    if settings.line_on and not known.get("line"):
        known["line"] = settings.line_basic_id or await read_basic_id(settings)
    if settings.telegram_on and not known.get("telegram"):
        known["telegram"] = await _ask(TelegramChannel(settings))
    return OurNames(known.get("line", ""), known.get("telegram", ""))


async def _ask(channel: TelegramChannel) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await channel.learn_name()
    except TimeoutError:
        return ""
    finally:
        await channel.close()
    return channel.public_id
