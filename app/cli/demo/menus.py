"""Giving the simulated platforms their menus, in a process of its own: drawing them must not hold up the demo."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping

from app.cli.demo.child import Line


async def upload_menus(environment: Mapping[str, str], say: Line, stop: asyncio.Event) -> None:
    """Run `rootan channels sync` once, until `stop`; what it said is passed on only where it failed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "channels", "sync"),
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # Ctrl-C reaches the supervisor alone.
        start_new_session=True,
    )
    stopping = asyncio.create_task(stop.wait())
    running = asyncio.create_task(process.communicate())
    await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if stop.is_set():
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    said, _ = await running
    if process.returncode and not stop.is_set():
        for line in said.decode(errors="replace").splitlines():
            say(line)
