"""Millions of rows for a benchmark: copied in without indexes, which are made again afterwards; and percentiles."""

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any


async def drop_indexes(connection: Any, tables: Iterable[str]) -> list[str]:
    """Drop keys and indexes of large tables and return what makes them again; foreign keys stay away."""
    made = []
    for table in tables:
        constraints = await connection.fetch(
            "SELECT conname, pg_get_constraintdef(oid) AS text FROM pg_constraint"
            " WHERE conrelid = $1::regclass AND contype IN ('p', 'f', 'u')",
            table,
        )
        for row in constraints:
            await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {row['conname']} CASCADE")
            if not row["text"].startswith("FOREIGN"):
                made.append(f"ALTER TABLE {table} ADD CONSTRAINT {row['conname']} {row['text']}")
        indexes = await connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1", table
        )
        for row in indexes:
            await connection.execute(f"DROP INDEX {row['indexname']}")
            made.append(row["indexdef"])
    return made


async def p95(look: Callable[[int], Awaitable[object]], count: int) -> float:
    """Return the 95th percentile in ms; the first tenth only warms up."""
    took = []
    for number in range(count):
        began = time.perf_counter()
        await look(number)
        took.append(1_000 * (time.perf_counter() - began))
    return sorted(took[count // 10 :])[int(0.95 * (count - count // 10))]
