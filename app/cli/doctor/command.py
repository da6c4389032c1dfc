"""`rootan doctor`: is everything there that the service stands on, and what to do where not."""

import asyncio

import typer

from app.cli.doctor.database import look_at_database
from app.cli.doctor.mail import look_at_mail
from app.cli.doctor.platforms import look_at_platforms
from app.cli.doctor.readers import look_at_readers
from app.cli.doctor.surroundings import look_at_surroundings
from app.cli.findings import Finding, report
from app.cli.process import prepare_process
from app.runtime import make_runtime
from core.settings import Settings

cli = typer.Typer()


@cli.command()
def doctor() -> None:
    """Look at database, keys, channels, mail, picture reading, clock, workers and spool; exit status 1 on a problem."""
    if not report(asyncio.run(examine(prepare_process()))):
        raise typer.Exit(1)


async def examine(settings: Settings) -> list[Finding]:
    """Return all findings; raises SettingsError where settings or keyset can't be read at all."""
    runtime = make_runtime(settings, pool_size=1)
    try:
        return [
            *await look_at_database(runtime),
            *await look_at_platforms(settings),
            *await look_at_mail(settings),
            *look_at_surroundings(settings),
            *look_at_readers(settings),
        ]
    finally:
        await runtime.database.close()
