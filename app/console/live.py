"""Live news of referrals: one listener a web process, any number of open pages, ids only."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Literal

import asyncpg

from core.db.database import CONNECTION_ERRORS, Database
from core.logs import get_logger
from referrals.live import CHANNEL, PRESENCE

_RECONNECT_SECONDS = 1.0
_PROBE_SECONDS = 15.0
_log = get_logger()

# Many changes within this time are told a page once: each would have it ask for its list again.
_TOGETHER_SECONDS = 0.6

News = Literal["changed", "presence", "lost", "quiet"]


class _Page:
    """One open page: news that comes while it is busy is told once."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self._news: dict[News, None] = {}

    def tell(self, news: News) -> None:
        if news == "lost":
            self._news.clear()
        elif news == "changed":
            self._news.pop("lost", None)
        self._news[news] = None
        self.woken.set()

    def take(self) -> list[News]:
        """Return what is new, each once, and forget it."""
        self.woken.clear()
        taken = list(self._news)
        self._news.clear()
        return taken


class LiveFeed:
    """Listens while anybody watches; a cut connection is told to every page and built anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages: set[_Page] = set()
        self._task: asyncio.Task[None] | None = None

    async def watch(self, quiet_seconds: float) -> AsyncIterator[News]:
        """Yield "changed", "presence", "lost", and "quiet" when nothing happened for a while."""
        page = _Page()
        # Something may have changed between the drawing of the page and now.
        page.tell("changed")
        self._pages.add(page)
        if self._task is None:
            self._task = asyncio.create_task(self._listen())
        try:
            while True:
                try:
                    async with asyncio.timeout(quiet_seconds):
                        await page.woken.wait()
                except TimeoutError:
                    yield "quiet"
                    continue
                for news in page.take():
                    yield news
                await asyncio.sleep(_TOGETHER_SECONDS)
        finally:
            self._pages.discard(page)
            if not self._pages and self._task is not None:
                self._task.cancel()
                self._task = None

    def _tell(self, news: News) -> None:
        for page in self._pages:
            page.tell(news)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except CONNECTION_ERRORS as error:
                _log.warning("live_feed_lost", error=error)
            self._tell("lost")
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(self._database.asyncpg_address, timeout=5)
        cut = asyncio.Event()
        connection.add_termination_listener(lambda _: cut.set())
        try:
            await connection.add_listener(CHANNEL, lambda *told: self._tell(_news_in(str(told[-1]))))
            # Whatever changed while nobody listened is read now.
            self._tell("changed")
            while not cut.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(cut.wait(), _PROBE_SECONDS)
                # A host that vanished does not say so.
                await connection.execute("SELECT 1", timeout=5)
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=2)


def _news_in(told: str) -> News:
    return "presence" if told.startswith(PRESENCE) else "changed"
