"""How PostgreSQL finds what a page shows: the plan and the time of each statement that the page sends."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import asyncpg
import httpx
import sqlalchemy as sa

from core.db.database import Database

# What a page takes less time for says nothing of the rows stored.
_LEAST_MS = 1.0
_LONGEST = 160


class Statement(NamedTuple):
    text: str
    values: tuple[Any, ...]


class Plan(NamedTuple):
    """What one statement of a page does; `ms` is the whole time of running it once more."""

    page: str
    statement: str
    ms: float
    lines: list[str]


async def plans_of(browser: httpx.AsyncClient, database: Database, pages: Mapping[str, str]) -> list[Plan]:
    """Open each page (name to address) on an application in this process, then explain what it asked.

    The slowest of each page first; what takes less than a millisecond, or was asked by an earlier page too, is left
    out. Raises RuntimeError for a page that does not answer.
    """
    connection = await asyncpg.connect(database.asyncpg_address)
    known: set[str] = set()
    plans: list[Plan] = []
    try:
        for name, address in pages.items():
            asked = await _asked_by(browser, database, address)
            found = [await _explain(connection, name, one) for one in asked if one.text not in known]
            known |= {one.text for one in asked}
            plans += sorted((one for one in found if one.ms >= _LEAST_MS), key=lambda plan: -plan.ms)
    finally:
        await connection.close()
    return plans


async def _asked_by(browser: httpx.AsyncClient, database: Database, address: str) -> list[Statement]:
    """What the page reads, each statement once."""
    asked: dict[str, Statement] = {}

    def note(_c: Any, _cursor: Any, text: str, values: Any, _context: Any, many: bool) -> None:  # noqa: FBT001 - the library calls it so
        if text.lstrip().startswith(("SELECT", "WITH")) and not many:
            asked.setdefault(text, Statement(text, tuple(values)))

    engine = database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        answer = await browser.get(address)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return list(asked.values())


async def _explain(connection: Any, page: str, statement: Statement) -> Plan:
    rows = await connection.fetch(
        f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) {statement.text}", *statement.values
    )
    lines = [row[0] for row in rows]
    took = sum(
        float(line.split()[-2]) for line in lines if line.startswith(("Planning Time", "Execution Time"))
    )
    return Plan(page, " ".join(statement.text.split()), took, lines)


def written(plans: list[Plan], introduction: str) -> str:
    """The plans as Markdown, a section a page."""
    parts = [introduction]
    for page in dict.fromkeys(plan.page for plan in plans):
        parts.append(f"## {page}\n")
        parts += [_section(plan) for plan in plans if plan.page == page]
    return "\n".join(parts)


def _section(plan: Plan) -> str:
    """Of a statement only the tables: its columns say nothing of the way."""
    tables = plan.statement.partition(" FROM ")[2] or plan.statement
    shortened = tables if len(tables) <= _LONGEST else f"{tables[:_LONGEST]}…"
    return "\n".join(
        [f"{plan.ms:.1f} ms: `{shortened}`\n", "```", *(line[:_LONGEST] for line in plan.lines), "```\n"]
    )
