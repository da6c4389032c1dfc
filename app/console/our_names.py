"""Under which names people find us on the platforms: asked once by each web process, when somebody needs them."""

import asyncio
import importlib
from dataclasses import dataclass
from typing import Any

from app.runtime import Runtime
from bots.channels.base import Channel
from bots.channels.telegram.channel import TelegramChannel
from core.settings import Settings

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
    known: dict[str, str] = getattr(state, "our_names", None) or {}
    state.our_names = known
    for channel in _channels(runtime.settings):
        if not known.get(channel.name):
            known[channel.name] = channel.public_id or await _ask(channel)
    return OurNames(known.get("line", ""), known.get("telegram", ""))


async def _ask(channel: Channel) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await channel.learn_name()
    except TimeoutError:
        return ""
    finally:
        await channel.close()
    return channel.public_id


def _channels(settings: Settings) -> list[Channel]:
    found: list[Channel] = []
    if settings.line_on:
        # With an SDK that web processes have no other need of.
        found.append(importlib.import_module("bots.channels.line.channel").LineChannel(settings))
    if settings.telegram_on:
        found.append(TelegramChannel(settings))
    return found
