"""Removing what is past its time: few rows a call, none that somebody works on, and counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.clock import bangkok, utc_now
from core.ids import first_id_of

# Rows a transaction: some tens of milliseconds, so that nobody waits for a lock.
BATCH = 5_000
_NOTE = """
INSERT INTO retention_tally (day, code, removed) VALUES ($1, $2, $3)
ON CONFLICT (day, code) DO UPDATE SET removed = retention_tally.removed + excluded.removed
"""


class Sweep(Protocol):
    """Removes what of one class was made or ended before a moment."""

    @property
    def code(self) -> str: ...

    async def remove(self, connection: Any, before: datetime, limit: int) -> int:
        """Remove up to about `limit`; return how many."""
        ...

    async def count(self, connection: Any, before: datetime, most: int) -> int:
        """Count what would be removed, up to `most`."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """A sweep over one table.

    `due` is the condition in SQL: $1 the moment, $3 (where it stands) the first id that was made from then on, so that the
    oldest rows are found by their key. `blanks` names a column to empty instead of removing the row.
    """

    code: str
    table: str
    due: str
    key: str = "id"
    blanks: str = ""

    @property
    def removal(self) -> str:
        chosen = f"SELECT {self.key} FROM {self.table} WHERE {self.due} LIMIT $2 FOR UPDATE SKIP LOCKED"  # noqa: S608 - constants
        act = f"UPDATE {self.table} SET {self.blanks} = NULL" if self.blanks else f"DELETE FROM {self.table}"  # noqa: S608
        return f"{act} WHERE ({self.key}) IN ({chosen})"

    @property
    def counting(self) -> str:
        return f"SELECT count(*) FROM (SELECT 1 FROM {self.table} WHERE {self.due} LIMIT $2) AS due"  # noqa: S608 - constants

    def values(self, before: datetime, limit: int) -> tuple[Any, ...]:
        return (before, limit, first_id_of(before)) if "$3" in self.due else (before, limit)

    async def remove(self, connection: Any, before: datetime, limit: int) -> int:
        return count_of(await connection.execute(self.removal, *self.values(before, limit)))

    async def count(self, connection: Any, before: datetime, most: int) -> int:
        found: int = await connection.fetchval(self.counting, *self.values(before, most))
        return found


async def run_sweep(connection: Any, sweep: Sweep, length: timedelta, limit: int = BATCH) -> int:
    """Remove a bounded number of what is past `length`, and note how many. Call again until nothing changes."""
    removed = await sweep.remove(connection, utc_now() - length, limit)
    await note_removed(connection, sweep.code, removed)
    return removed


async def note_removed(connection: Any, code: str, removed: int) -> None:
    """Add to what was removed of a class today."""
    if removed:
        await connection.execute(_NOTE, bangkok(utc_now()).date(), code, removed)


def count_of(status: str) -> int:
    """Return the number of rows that a statement says it touched."""
    return int(status.rsplit(" ", 1)[-1])
