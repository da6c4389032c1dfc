"""The page's live channel: the simulator's changes become redrawn parts, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

from sse_starlette import ServerSentEvent

from app.sandbox.desk import Away, Desk
from app.sandbox.drawing import draw_chat, draw_controls, draw_journeys, draw_trouble
from app.sandbox.journey import make_journeys
from app.sandbox.words import WORDS
from core.clock import utc_now
from core.settings import Settings
from simulator.client import SimulatorClient, SimulatorError
from simulator.phone import Person

_TRAFFIC = 60
# Several changes come with one message: they are drawn together.
_TOGETHER_S = 0.03
_AGAIN_S = 2.0


class Pages:
    """What one open page has been sent, so that only what changed is sent again."""

    def __init__(self, desk: Desk, people: list[str]) -> None:
        self._desk = desk
        self._wanted = people
        self._sent: dict[str, str] = {}
        self._typing_until = 0.0

    async def redraw(self) -> list[ServerSentEvent]:
        everybody = {person.id: person for person in await self._desk.simulator.people()}
        phones = [everybody[wanted] for wanted in self._wanted if wanted in everybody]
        parts: dict[str, str] = {}
        self._typing_until = 0.0
        for person in phones:
            parts |= await self._draw_phone(person)
        parts["journey"] = draw_journeys(make_journeys(await self._desk.simulator.traffic(_TRAFFIC)))
        parts["trouble"] = ""
        return self._news(parts)

    def draw_away(self) -> list[ServerSentEvent]:
        words = WORDS["trouble"]
        return self._news({"trouble": draw_trouble(words["away"], words["away_more"])})

    def patience_s(self) -> float | None:
        """How long to wait for a change: until dancing dots end, or without end."""
        return max(self._typing_until - utc_now().timestamp(), 0.05) if self._typing_until else None

    async def _draw_phone(self, person: Person) -> dict[str, str]:
        screen = await self._desk.screen(person)
        self._typing_until = max(self._typing_until, screen.typing_until)
        return {f"chat-{person.id}": draw_chat(screen), f"controls-{person.id}": draw_controls(screen)}

    def _news(self, parts: dict[str, str]) -> list[ServerSentEvent]:
        fresh = {name: html for name, html in parts.items() if self._sent.get(name) != html}
        self._sent |= fresh
        return [ServerSentEvent(event=name, data=html) for name, html in fresh.items()]


async def stream_changes(settings: Settings, people: list[str]) -> AsyncGenerator[ServerSentEvent, None]:
    """Redraw for as long as the page is open; a simulator that is away is asked again and again."""
    async with SimulatorClient(settings.simulator_url) as simulator:
        desk = Desk(simulator, settings.base_url)
        pages = Pages(desk, people)
        while True:
            try:
                async for event in _follow(desk, pages):
                    yield event
            except (*Away, SimulatorError):
                for event in pages.draw_away():
                    yield event
            await asyncio.sleep(_AGAIN_S)


async def _follow(desk: Desk, pages: Pages) -> AsyncIterator[ServerSentEvent]:
    changed = asyncio.Event()
    listening = asyncio.create_task(_listen(desk, changed))
    try:
        while not listening.done():
            for event in await pages.redraw():
                yield event
            await _wait(changed, listening, pages.patience_s())
        listening.result()
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError, *Away, SimulatorError):
            await listening


async def _listen(desk: Desk, changed: asyncio.Event) -> None:
    async for _ in desk.simulator.changes():
        changed.set()


async def _wait(changed: asyncio.Event, listening: asyncio.Task[None], patience_s: float | None) -> None:
    waiting = asyncio.create_task(changed.wait())
    try:
        await asyncio.wait({waiting, listening}, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    await asyncio.sleep(_TOGETHER_S)
    changed.clear()
