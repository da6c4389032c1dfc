"""A real PostgreSQL for tests: one cluster a test process, one migrated template, a fresh copy a test."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import asyncpg

from app.schema import migrate
from core.db.database import Database
from core.db.embedded import start_embedded
from core.ids import new_id

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it
_ROOM = 2 << 30


def _quick_folder() -> str | None:
    """Where files live in memory, if there is room: a copy of the template then costs a third (25 ms for 80)."""
    return str(_MEMORY) if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


class TestCluster:
    """The cluster of this test process. Nothing it holds outlives the run, so it need not wait for the disk."""

    __test__ = False

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="rootan-test-", dir=_quick_folder(), ignore_cleanup_errors=True
        )
        self._address = start_embedded(Path(self._folder.name))

    def address(self, database: str) -> str:
        return self._address.replace("/rootan?", f"/{database}?")

    async def prepare(self) -> None:
        await self._run(
            "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_rootan"
        )
        template = Database(self.address("template_rootan"))
        await migrate(template)
        await template.close()

    async def copy(self) -> str:
        """Make a migrated database of its own and return its address."""
        name = f"test_{new_id().hex}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE template_rootan STRATEGY FILE_COPY")
        return self.address(name)

    async def drop(self, address: str) -> None:
        name = address.split("/")[3].split("?", maxsplit=1)[0]
        await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _run(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.address("postgres").replace("+asyncpg", ""))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def close(self) -> None:
        self._folder.cleanup()


async def make_cluster() -> TestCluster:
    cluster = await asyncio.to_thread(TestCluster)
    await cluster.prepare()
    return cluster
