"""How a request reaches the simulator; the page itself holds nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import aiohttp
from fastapi import Depends, Request

from app.sandbox.screen import Screen, make_screen
from core.settings import Settings
from simulator.client import SimulatorClient
from simulator.phone import Person

HERE = Path(__file__).parent
# What a simulator that is not there raises.
Away = (aiohttp.ClientError, OSError, TimeoutError)


class Desk:
    """A client of the simulator for one request."""

    def __init__(self, simulator: SimulatorClient, base_url: str) -> None:
        self.simulator = simulator
        self._base_url = base_url.rstrip("/")

    async def screen(self, person: Person) -> Screen:
        return make_screen(person, await self.simulator.timeline(person.id), self._base_url)


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.sandbox_settings
    return settings


async def _desk_of(settings: Annotated[Settings, Depends(settings_of)]) -> AsyncIterator[Desk]:
    async with SimulatorClient(settings.simulator_url) as simulator:
        yield Desk(simulator, settings.base_url)


SettingsHere = Annotated[Settings, Depends(settings_of)]
DeskHere = Annotated[Desk, Depends(_desk_of)]
