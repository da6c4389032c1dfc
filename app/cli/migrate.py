"""`rootan migrate`: the schema to head."""

import asyncio

import typer

from app.cli.process import prepare_process
from app.schema import migrate as bring_to_head
from core.db.database import is_connection_error, open_database
from core.errors import SettingsError
from core.settings import Settings

cli = typer.Typer()


@cli.command()
def migrate() -> None:
    """Bring the schema to head; safe to run twice, and from two hosts at once."""
    print(f"schema at {asyncio.run(_migrate(prepare_process()))}")


async def _migrate(settings: Settings) -> str:
    database = open_database(settings)
    try:
        return await bring_to_head(database)
    except Exception as error:
        if is_connection_error(error):
            raise SettingsError("the database does not answer; check ROOTAN_DATABASE_URL") from None
        raise
    finally:
        await database.close()
