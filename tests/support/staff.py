"""The demo accounts under test: made once in each process, then laid into every empty database as the rows they are.

Making nine accounts, their keys and what is audited of it took longer than most tests of a page.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from argon2 import PasswordHasher

from core import clock
from core.accounts import passwords
from core.accounts.demo import DemoAccount, ensure_demo_accounts
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset, new_keyset
from core.db.database import Database
from tests.support.postgres import TestCluster

# Before the moment at which the tests' clock stands.
_HIRED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_WRITTEN = """
SELECT c.relname AS name FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
AND c.relname <> 'alembic_version'
"""
_ROWS = "SELECT format('INSERT INTO {0} SELECT * FROM unnest(%L::{0}[])', array_agg(t)) FROM {0} t HAVING count(*) > 0"
_DRAWN = """
SELECT format('SELECT setval(%L, %s)', sequencename, last_value) AS said FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Staff:
    """What the accounts are sealed and signed under, who they are, and the statements that write them."""

    keyset: Keyset
    accounts: list[DemoAccount]
    _script: str

    async def move_in(self, database: Database) -> None:
        async with _driver(database) as connection:
            await connection.execute(self._script)


async def hire(cluster: TestCluster) -> Staff:
    database = await cluster.lend()
    keyset = new_keyset()
    hasher, passwords._hasher = passwords._hasher, _QUICK
    clock.set_now(lambda: _HIRED)
    try:
        async with database.unit_of_work() as session:
            accounts = await ensure_demo_accounts(session, DataKeys(keyset))
    finally:
        passwords._hasher = hasher
        clock.set_now(None)
    staff = Staff(keyset, accounts, await _script_of(database))
    await cluster.take_back(database)
    return staff


async def _script_of(database: Database) -> str:
    """Neither the order of tables nor triggers matter: what is written was valid where it comes from."""
    async with _driver(database) as connection:
        rows = [
            await connection.fetchval(_ROWS.format(row["name"])) for row in await connection.fetch(_WRITTEN)
        ]
        drawn = [row["said"] for row in await connection.fetch(_DRAWN)]
    return ";".join(
        ["BEGIN; SET LOCAL session_replication_role = replica", *filter(None, rows), *drawn, "COMMIT"]
    )


@asynccontextmanager
async def _driver(database: Database) -> AsyncIterator[Any]:
    async with database.engine.connect() as borrowed:
        yield (await borrowed.get_raw_connection()).driver_connection
