"""`rootan jobs`: jobs that gave up and messages that were set aside, waiting for a person."""

import asyncio

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction
from app.faces.set_aside import read_waiting
from app.runtime import Runtime

cli = typer.Typer()
jobs = typer.Typer(name="jobs", help="Jobs and messages that wait for a person.", no_args_is_help=True)
cli.add_typer(jobs)

_RELEASE = text(
    "UPDATE pgqueuer SET status = 'queued', attempts = 0, queue_manager_id = NULL, execute_after = now(),"
    " updated = now() WHERE status = 'failed' RETURNING id"
)
_REOPEN = text(
    "UPDATE inbound_event SET handled_at = NULL, outcome = NULL, tries = 0"
    " WHERE handled_at IS NOT NULL AND body IS NOT NULL AND outcome = 'failed' RETURNING id"
)


@jobs.command("list")
def list_jobs() -> None:
    """Show how many wait, by name, and since when."""

    async def work(_runtime: Runtime, session: AsyncSession) -> str:
        waiting = await read_waiting(session)
        return "\n".join(
            f"{name}: {number}, the first since {since:%Y-%m-%d %H:%M} UTC" for name, number, since in waiting
        )

    print(asyncio.run(in_one_transaction(work)) or "none on hold")


@jobs.command()
def release() -> None:
    """Let all of them run again, once their cause is mended; every handler may run twice without harm."""

    async def work(_runtime: Runtime, session: AsyncSession) -> str:
        jobs_again = len((await session.execute(_RELEASE)).all())
        # The sweep picks reopened messages up within seconds.
        messages = len((await session.execute(_REOPEN)).all())
        return f"{jobs_again} jobs run again, {messages} messages are answered again"

    print(asyncio.run(in_one_transaction(work)))
