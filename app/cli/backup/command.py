"""`rootan backup` and `rootan restore`."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import typer

from app.cli.backup.dump import back_up
from app.cli.backup.restore import restore as put_back
from app.cli.process import plain_database_errors, prepare_process
from app.runtime import Runtime, make_runtime

cli = typer.Typer()


@cli.command()
def backup(folder: Path) -> None:
    """Write database, data keys (apart), files and the list of erasures to a new folder, and check them."""

    async def work(runtime: Runtime) -> None:
        await back_up(runtime, folder, print)

    asyncio.run(_with_runtime(work))
    print(f"backup in {folder}")


@cli.command()
def restore(
    folder: Path,
    replace: bool = typer.Option(False, "--replace", help="Lose what the database holds now."),  # noqa: FBT001 - typer
) -> None:
    """Put a backup in place, replay every erasure known since, and compare."""

    async def work(runtime: Runtime) -> None:
        await put_back(runtime, folder, print, replace=replace)

    asyncio.run(_with_runtime(work))
    print("restored")


async def _with_runtime(work: Callable[[Runtime], Awaitable[None]]) -> None:
    runtime = make_runtime(prepare_process(), pool_size=1)
    try:
        with plain_database_errors():
            await work(runtime)
    finally:
        await runtime.database.close()
