"""`rootan migrate`: the schema to head."""

import asyncio

import typer

from app.cli.process import plain_database_errors, prepare_process
from app.schema import migrate as bring_to_head
from core.db.database import open_database
from core.settings import Settings

cli = typer.Typer()


@cli.command()
def migrate() -> None:
    """Bring the schema to head; safe to run twice, and from two hosts at once."""
    print(f"schema at {asyncio.run(_migrate(prepare_process()))}")


async def _migrate(settings: Settings) -> str:
    database = open_database(settings)
    try:
        with plain_database_errors():
            return await bring_to_head(database)
    finally:
        await database.close()
