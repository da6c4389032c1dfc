"""What a database holds, in figures that a restored copy must show again."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

# Keys are backed up apart, so the comparison leaves them out of the table.
_COMPARED_COLUMNS = {"data_key": "id, purpose, name, master, created_at, destroyed_at"}
_FIGURES = """
    SELECT count(*) AS rows,
           coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) AS digest
    FROM ({rows}) t
"""


class TableFigures(msgspec.Struct, frozen=True):
    """Rows, and an order-free sum over the hashes of their text."""

    rows: int
    digest: str


async def table_names(connection: Any) -> list[str]:
    found = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    return [row["tablename"] for row in found]


async def figures(connection: Any) -> dict[str, TableFigures]:
    """Return the figures of every table; on an asyncpg connection whose time zone is UTC."""
    return {name: await _figures_of(connection, name) for name in await table_names(connection)}


async def _figures_of(connection: Any, table: str) -> TableFigures:
    columns = _COMPARED_COLUMNS.get(table, "*")
    rows = f'SELECT {columns} FROM "{table}"'  # noqa: S608 - from the catalogue and the table above
    row = await connection.fetchrow(_FIGURES.format(rows=rows))
    return TableFigures(row["rows"], str(row["digest"]))


async def rows_kept(connection: Any) -> int:
    """Count the rows that a restore would replace; what `rootan migrate` writes itself does not count."""
    found = await figures(connection)
    return sum(
        f.rows for name, f in found.items() if name != "alembic_version" and not name.startswith("pgqueuer")
    )


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
