"""`rootan jobs`: jobs that gave up and wait for a person."""

import asyncio

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction
from app.runtime import Runtime

cli = typer.Typer()
jobs = typer.Typer(name="jobs", help="Jobs that gave up and wait for a person.", no_args_is_help=True)
cli.add_typer(jobs)

_HELD = text(
    "SELECT entrypoint, count(*), min(updated) FROM pgqueuer WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
)
_RELEASE = text(
    "UPDATE pgqueuer SET status = 'queued', attempts = 0, queue_manager_id = NULL, execute_after = now(),"
    " updated = now() WHERE status = 'failed' RETURNING id"
)


@jobs.command("list")
def list_jobs() -> None:
    """Show how many wait, by name, and since when."""

    async def work(_runtime: Runtime, session: AsyncSession) -> str:
        held = (await session.execute(_HELD)).all()
        return "\n".join(
            f"{name}: {count}, the first since {since:%Y-%m-%d %H:%M} UTC" for name, count, since in held
        )

    print(asyncio.run(in_one_transaction(work)) or "none on hold")


@jobs.command()
def release() -> None:
    """Let all of them run again, once their cause is mended; every handler may run twice without harm."""

    async def work(_runtime: Runtime, session: AsyncSession) -> int:
        return len((await session.execute(_RELEASE)).all())

    print(f"{asyncio.run(in_one_transaction(work))} jobs run again")
