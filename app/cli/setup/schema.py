"""Checking that the migrations and the models say the same, on a throw-away embedded database."""

import asyncio
import atexit
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from app.models import METADATA
from app.schema import migrate
from core.db.database import Database
from core.db.embedded import start_embedded

# The job engine's own tables follow its release, not our models.
_FOREIGN = "pgqueuer"


async def differences(database: Database) -> list[str]:
    """Bring the database to head and return what the models have otherwise, one line each."""
    await migrate(database)
    async with database.engine.connect() as connection:
        return await connection.run_sync(_compare)


def _compare(connection: Connection) -> list[str]:
    context = MigrationContext.configure(
        connection,
        opts={"include_name": _ours, "compare_type": True, "compare_server_default": True},
    )
    return [str(difference) for difference in compare_metadata(context, METADATA)]


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind == "table" and name is not None and name.startswith(_FOREIGN))


async def _check(address: str) -> list[str]:
    database = Database(address)
    try:
        return await differences(database)
    finally:
        await database.close()


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="rootan-schema-"))
    # Registered before the server starts, so it runs after the server's own end.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    found = asyncio.run(_check(start_embedded(folder)))
    for line in found:
        print(f"not in the migrations: {line}", file=sys.stderr)
    if not found:
        print("migrations and models are in step")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
