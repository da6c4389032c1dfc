"""`rootan demo`: everything on one machine, under one supervising process."""

import asyncio
import os
import signal
import sys
import time

import httpx
import typer

from app.cli.demo.agencies import ensure_demo_agencies
from app.cli.demo.child import Child, Line
from app.cli.demo.greeting import greeting
from app.cli.demo.menus import upload_menus
from app.cli.demo.simulated import start_simulator
from app.cli.demo.team import ensure_demo_team
from app.cli.demo.wiring import LOOPBACK, Wiring
from app.cli.process import bind, leave_embedded_when_done, prepare_process
from app.runtime import Runtime, make_runtime
from app.schema import migrate
from core.accounts.demo import DemoAccount, ensure_demo_accounts
from core.errors import SettingsError

cli = typer.Typer()

_NAME_WIDTH = 9
_FIRST_PAGE_SECONDS = 60.0
_STOP_PATIENCE = 2.5


@cli.command()
def demo(
    port: int = typer.Option(8000, help="Port of the console and the sandbox."),
) -> None:
    """Run everything on this machine, with simulated LINE and Telegram; Ctrl-C stops it."""
    bind(LOOPBACK, port).close()
    wiring = Wiring(port)
    os.environ.update(wiring.own_settings())
    settings = prepare_process()
    runtime = make_runtime(settings)
    leave_embedded_when_done(settings)
    asyncio.run(_run(wiring, runtime))


async def _run(wiring: Wiring, runtime: Runtime) -> None:
    begun, stop = time.monotonic(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stop.set)
    children: list[Child] = []
    try:
        accounts = await _prepare_data(runtime)
        simulator, address = await start_simulator(wiring, os.environ, under("simulator"))
        children.append(simulator)
        environment = wiring.environment(os.environ, address)
        for child in (
            Child("web", ["app.cli", "serve", "--port", str(wiring.port)], environment, under("web")),
            Child("worker", ["app.cli", "worker"], environment, under("worker")),
        ):
            child.start()
            children.append(child)
        if await _first_page(wiring, stop):
            print(greeting(wiring.address, accounts, time.monotonic() - begun), flush=True)
            await upload_menus(environment, under("menus"), stop)
        await stop.wait()
    finally:
        await _stop(children)


async def _prepare_data(runtime: Runtime) -> list[DemoAccount]:
    try:
        await migrate(runtime.database)
        async with runtime.database.unit_of_work() as session:
            accounts = await ensure_demo_accounts(session, runtime.keys)
            await ensure_demo_team(session, accounts)
            await ensure_demo_agencies(session, accounts)
            return accounts
    finally:
        # The supervisor keeps the embedded server running, not connections to it.
        await runtime.database.close()


async def _first_page(wiring: Wiring, stop: asyncio.Event) -> bool:
    """Wait until the web process answers; False when stopped before. Raises SettingsError when it never does."""
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        for _ in range(int(_FIRST_PAGE_SECONDS / 0.1)):
            if stop.is_set():
                return False
            try:
                if (await client.get(f"{wiring.address}/healthz")).is_success:
                    return True
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise SettingsError("the web process did not answer; what it said stands above")


async def _stop(children: list[Child]) -> None:
    """Web and worker first, so that the last sends still find their platform; the database ends with this process."""
    print("stopping …", flush=True)
    await asyncio.gather(*(child.stop(_STOP_PATIENCE) for child in children if child.name != "simulator"))
    await asyncio.gather(*(child.stop(1) for child in children if child.name == "simulator"))


def under(name: str) -> Line:
    """Return what prints a line under the name of its process."""

    def say(line: str) -> None:
        print(f"{name:<{_NAME_WIDTH}} │ {line}", file=sys.stderr, flush=True)

    return say
