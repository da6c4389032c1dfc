"""The schema to head, from anywhere, at any time."""

import asyncio

from core.db.database import Database
from tests.app.cli.conftest import CommandLine


async def test_two_hosts_migrate_an_empty_database_at_once(rootan: CommandLine, database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        await connection.exec_driver_sql("CREATE SCHEMA public")
    first, second = await asyncio.gather(rootan.run("migrate"), rootan.run("migrate"))
    assert (first.status, second.status) == (0, 0)
    assert first.out == second.out
    assert (await rootan.run("migrate")).status == 0
