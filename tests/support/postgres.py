"""A real PostgreSQL for tests: one cluster a test process, one migrated template, an empty copy a test.

A copy that a test gives back with its schema as it was is emptied and lent again, with the connections that are open to
it: they and the engine know the statements and tables by then.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

import asyncpg
import sqlalchemy as sa

from app.schema import migrate
from core.db.database import Database
from core.db.embedded import start_embedded
from core.ids import new_id

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it
_ROOM = 2 << 30


def _quick_folder() -> str | None:
    """Where files live in memory, if there is room: a copy of the template then costs a third (25 ms for 80)."""
    return str(_MEMORY) if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


# No crash is outlived and nothing grows old here.
_HASTY = ("fsync = off", "full_page_writes = off", "autovacuum = off", "checkpoint_timeout = '1h'")

# Everything that a test could leave behind beside rows: tables, columns, checks, triggers, functions, settings. Catalog
# rows that were written anew have a newer transaction; of relations themselves only names tell, for emptying writes them.
_SHAPE = """
SELECT concat_ws('|',
  (SELECT md5(string_agg(concat(relname, relkind, relchecks, relhastriggers), ',' ORDER BY relname))
   FROM pg_class WHERE relnamespace = 'public'::regnamespace),
  (SELECT concat(count(*), '.', max(xmin::text::bigint)) FROM pg_attribute),
  (SELECT concat(count(*), '.', max(xmin::text::bigint)) FROM pg_constraint),
  (SELECT concat(count(*), '.', max(xmin::text::bigint)) FROM pg_trigger),
  (SELECT concat(count(*), '.', max(xmin::text::bigint)) FROM pg_proc),
  (SELECT count(*) FROM pg_db_role_setting
   WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())))
"""
_WRITTEN = """
SELECT c.oid::regclass::text AS name, pg_relation_size(c.oid) AS bytes FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
"""
_DRAWN = (
    "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE last_value IS NOT NULL"
)
# Connections beside those of the pool, and locks that outlive a transaction.
_OTHERS = """
SELECT (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'),
       (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory')
"""
# Rows of a small table are deleted one by one; truncating writes new files for the table and each of its indexes, and
# every connection forgets what it knew of them.
_SMALL = 256 << 10


class Lent(Database):
    """A database whose connections stay open from test to test: a new one must learn each table anew (10 ms each)."""

    async def close(self) -> None:
        """Nothing: a house that ends would close what the next one uses."""


class TestCluster:
    """The cluster of this test process. Nothing it holds outlives the run, so it need not wait for the disk."""

    __test__ = False

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="rootan-test-", dir=_quick_folder(), ignore_cleanup_errors=True
        )
        self._address = start_embedded(Path(self._folder.name))
        self._shape = ""
        self._seeds: dict[str, str] = {}
        self._emptied: list[Lent] = []

    def address(self, database: str) -> str:
        return self._address.replace("/rootan?", f"/{database}?")

    async def prepare(self) -> None:
        await self._run(
            *(f"ALTER SYSTEM SET {setting}" for setting in _HASTY),
            "SELECT pg_reload_conf()",
            "CREATE DATABASE template_rootan",
        )
        template = Database(self.address("template_rootan"))
        await migrate(template)
        await template.close()
        connection = await self._connect("template_rootan")
        try:
            self._shape = await connection.fetchval(_SHAPE)
            # What the schema comes with; a copy in which that was written is not lent again.
            self._seeds = {
                row["name"]: await connection.fetchval(_content_of(row["name"]))
                for row in await connection.fetch(_WRITTEN)
            }
        finally:
            await connection.close()

    async def copy(self) -> str:
        """Make a migrated database of its own and return its address."""
        name = f"test_{new_id().hex}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE template_rootan STRATEGY FILE_COPY")
        return self.address(name)

    async def lend(self) -> Lent:
        """Return an empty migrated database for one test, its connections open; give it back by `take_back`."""
        return self._emptied.pop() if self._emptied else Lent(await self.copy())

    async def take_back(self, database: Lent) -> None:
        """Empty a database to lend it again; drop it where more than rows was changed, or somebody else uses it."""
        if await self._empty(database):
            self._emptied.append(database)
            return
        await database.engine.dispose()
        await self.drop(database.address)

    async def _empty(self, database: Lent) -> bool:
        try:
            async with database.engine.connect() as borrowed:
                connection = (await borrowed.get_raw_connection()).driver_connection
                assert connection is not None
                return await self._empty_by(connection, others=database.engine.pool.checkedin())
        except (OSError, sa.exc.SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError):
            # A test that broke its connections, or held all of them.
            return False

    async def _empty_by(self, connection: asyncpg.Connection, *, others: int) -> bool:
        if tuple(await connection.fetchrow(_OTHERS)) != (others, 0):
            return False
        if await connection.fetchval(_SHAPE) != self._shape:
            return False
        for seed, content in self._seeds.items():
            if await connection.fetchval(_content_of(seed)) != content:
                return False
        written = {row["name"]: row["bytes"] for row in await connection.fetch(_WRITTEN)}
        await connection.execute(
            _emptying(
                {name: size for name, size in written.items() if name not in self._seeds},
                [row["name"] for row in await connection.fetch(_DRAWN)],
            )
        )
        return True

    async def drop(self, address: str) -> None:
        await self._run(f"DROP DATABASE {_name_in(address)} WITH (FORCE)")

    async def _connect(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(self.address(database).replace("+asyncpg", ""))

    async def _run(self, *statements: str) -> None:
        connection = await self._connect("postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def close(self) -> None:
        for database in self._emptied:
            await database.engine.dispose()
        self._folder.cleanup()


def _emptying(written: dict[str, int], drawn: list[str]) -> str:
    """Return the statements that empty these tables, by their size in bytes, and begin these sequences anew."""
    large = [name for name, size in written.items() if size > _SMALL]
    return ";".join(
        [
            # Neither foreign keys nor triggers that keep rows for ever are asked.
            "BEGIN; SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {name}" for name in written if name not in large),
            *([f"TRUNCATE {', '.join(large)} CASCADE"] if large else []),
            *(f"SELECT setval('{name}', 1, false)" for name in drawn),
            "COMMIT",
        ]
    )


def _name_in(address: str) -> str:
    return address.split("/")[3].split("?", maxsplit=1)[0]


def _content_of(table: str) -> str:
    return f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"


async def make_cluster() -> TestCluster:
    cluster = await asyncio.to_thread(TestCluster)
    await cluster.prepare()
    return cluster
