"""Asking LINE how its aggregation units fare, within 60 calls an hour of all hosts together."""

from datetime import date
from typing import Protocol

from bots.channels.line.insight import UnitRead
from campaigns.reports.units import claim_due, count_due, keep_figures
from core.clock import utc_now
from core.db.database import Database, driver_connection
from core.logs import get_logger
from core.messages.limiter import Rate, close_for, take_tokens

# LINE allows 60 an hour: what fills in an hour and what was saved up are never more together.
RATE = Rate(per_second=50 / 3_600, burst=9)
_BUCKET = "line-insight"
_AT_ONCE = 5
# LINE names no time to wait; others may share the hour's calls with us.
_CLOSED_SECONDS = 900.0
_log = get_logger()


class UnitReader(Protocol):
    """What is needed of LINE."""

    async def read_unit(self, unit: str, first: date, last: date) -> UnitRead: ...


async def read_due_units(database: Database, line: UnitReader) -> int:
    """Ask for the figures that are due, a few at a time; return how many were read. Safe on any number of hosts."""
    async with database.unit_of_work() as session:
        connection, now = await driver_connection(session), utc_now()
        wanted = await count_due(connection, now, _AT_ONCE)
        if not wanted:
            return 0
        grant = await take_tokens(connection, _BUCKET, RATE, "reply", wanted)
        due = await claim_due(connection, now, grant.granted) if grant.granted else []
    count = 0
    for unit, first, last in due:
        found = await line.read_unit(unit, first, last)
        if found.outcome == "wait":
            await _close(database)
            break
        if found.outcome == "failed":
            _log.warning("unit_not_read", reason=found.outcome)
            continue
        async with database.unit_of_work() as session:
            connection = await driver_connection(session)
            await keep_figures(connection, unit, found.impressions, found.clicks)
        count += 1
    return count


async def _close(database: Database) -> None:
    async with database.unit_of_work() as session:
        await close_for(await driver_connection(session), _BUCKET, _CLOSED_SECONDS)
