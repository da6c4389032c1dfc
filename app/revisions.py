"""The steps of the schema, read from their files, and at which of them a database stands.

What moves a database is Alembic (`app.schema`), of whose 20 MB a process that only looks has no need.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import text

from core.db.database import Database

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_STEP = re.compile(r'^(down_revision|revision)\b[^=\n]*= *"(\w+)"', re.MULTILINE)


@cache
def _steps() -> tuple[tuple[str, str], ...]:
    """Of every step its name and what it stands on, "revision" and "down_revision" as Alembic calls them."""
    return tuple(step for file in _VERSIONS.glob("*.py") for step in _STEP.findall(file.read_text("utf-8")))


def known_revisions() -> frozenset[str]:
    """Return all that this release knows."""
    return frozenset(name for what, name in _steps() if what == "revision")


def head_revision() -> str:
    """Return the one on which no other stands."""
    below = {name for what, name in _steps() if what == "down_revision"}
    [head] = known_revisions() - below
    return head


async def current_revision(database: Database) -> str | None:
    """Return the revision that the database is at, None before the first migration."""
    async with database.engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def is_current(database: Database) -> bool:
    return await current_revision(database) == head_revision()
