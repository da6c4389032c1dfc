"""What changed, told to everybody who listens (the sandbox page)."""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec

ChangeKind = Literal["people_changed", "chat_changed", "webhook_sent", "request_received", "reset"]
_BACKLOG = 1000


class Change(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """`chat` is the id of the person or group whose phone shows something new."""

    kind: ChangeKind
    platform: str = ""
    chat: str = ""


class Changes:
    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Change]] = set()

    def listen(self) -> asyncio.Queue[Change]:
        queue: asyncio.Queue[Change] = asyncio.Queue(_BACKLOG)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Change]) -> None:
        self._listeners.discard(queue)

    def tell(self, kind: ChangeKind, platform: str = "", chat: str = "") -> None:
        """A listener that lags by 1,000 changes misses the newest; it re-reads whole timelines anyway."""
        if not self._listeners:
            return
        change = Change(kind=kind, platform=platform, chat=chat)
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(change)
