"""Starting the simulated platforms and learning their address."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import orjson

from app.cli.demo.child import Child, Line
from app.cli.demo.wiring import LOOPBACK, Wiring
from app.cli.process import bind
from core.errors import SettingsError

_PATIENCE = 20.0


async def start_simulator(wiring: Wiring, base: Mapping[str, str], say: Line) -> tuple[Child, str]:
    """Start it on a free port that it keeps when it is started again; return it and its address.

    Raises SettingsError when it does not come up.
    """
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def read_line(line: str) -> None:
        address = _announced(line)
        if address is None:
            say(line)
        elif not listening.done():
            listening.set_result(address)

    child = Child(
        "simulator",
        ["simulator", *wiring.simulator_arguments(free_port())],
        {**base, "PYTHONUNBUFFERED": "1"},
        read_line,
    )
    child.start()
    try:
        return child, await asyncio.wait_for(listening, _PATIENCE)
    except TimeoutError:
        await child.stop(1)
        raise SettingsError("the simulated platforms did not start; what they said stands above") from None


def _announced(line: str) -> str | None:
    """Return the address where the line is the simulator's own announcement."""
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    address = said.get("address") if isinstance(said, dict) else None
    return address if isinstance(address, str) and urlsplit(address).scheme == "http" else None


def free_port() -> int:
    with bind(LOOPBACK, 0) as listener:
        port: int = listener.getsockname()[1]
        return port
