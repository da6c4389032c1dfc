"""Our own public names, asked of the platforms while they are not known."""

import asyncio
from collections.abc import Iterable

from bots.channels.base import Channel

_AGAIN_SECONDS = 60.0


async def learn_names(channels: Iterable[Channel]) -> None:
    """Ask every platform until it told our name; never ends by itself."""
    known = list(channels)
    while True:
        for channel in known:
            if not channel.public_id:
                await channel.learn_name()
        await asyncio.sleep(_AGAIN_SECONDS)
