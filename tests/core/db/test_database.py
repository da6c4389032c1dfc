"""One place commits; the connection's own statements are part of it; a cut is told from a refusal. Guards 5."""

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from core.consent import ConsentEvent
from core.db.database import (
    Database,
    driver_connection,
    is_connection_error,
    normalise_address,
    open_database,
)
from core.errors import SettingsError
from core.settings import Settings
from tests.support.undone import undone

COUNT = sa.text("SELECT count(*) FROM erasure")
INSERT = sa.text("INSERT INTO erasure (data_key_id, erased_at) VALUES (gen_random_uuid(), now())")


async def count(database: Database) -> int:
    async with database.unit_of_work() as session:
        return int(await session.scalar(COUNT) or 0)


async def insert_and_break(database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(INSERT)
        await session.execute(sa.text("INSERT INTO contact (id) VALUES (gen_random_uuid())"))


async def test_a_unit_of_work_commits_at_its_end(database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(INSERT)
    assert await count(database) == 1


async def test_any_error_rolls_all_of_it_back(database: Database) -> None:
    async with undone(database) as session:
        await session.execute(INSERT)
    with pytest.raises(IntegrityError):
        await insert_and_break(database)
    assert await count(database) == 0


async def test_statements_on_the_driver_itself_are_inside_the_transaction(database: Database) -> None:
    """asyncpg begins lazily: as the very first statement it would be outside, and stay."""
    async with undone(database) as session:
        connection = await driver_connection(session)
        assert connection.is_in_transaction()
        await connection.execute(str(INSERT))
    assert await count(database) == 0


async def test_a_connection_cut_in_the_pool_shows_when_the_transaction_begins(database: Database) -> None:
    await database.engine.dispose()
    async with database.unit_of_work() as session:
        place = await session.scalar(sa.text("SELECT pg_backend_pid()"))
    other = await asyncpg.connect(database.asyncpg_address)
    await other.execute("SELECT pg_terminate_backend($1)", place)
    await other.close()
    with pytest.raises(Exception) as cut:
        async with database.unit_of_work() as session:
            await driver_connection(session)
    assert is_connection_error(cut.value)
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        assert await connection.fetchval("SELECT pg_backend_pid()") != place


async def test_beginning_takes_no_statement_of_its_own(database: Database) -> None:
    seen: list[str] = []
    async with database.unit_of_work() as session:
        (await driver_connection(session)).add_query_logger(lambda record: seen.append(record.query))
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        assert connection.is_in_transaction()
        await connection.execute("SELECT 7")
        await connection.execute("SELECT 8")
    assert [query.strip(";") for query in seen][1:3] == ["BEGIN", "SELECT 7"]


async def test_a_cut_connection_is_told_from_a_refused_statement(database: Database) -> None:
    with pytest.raises(Exception) as cut:
        async with database.unit_of_work() as session:
            await session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert is_connection_error(cut.value)
    with pytest.raises(Exception) as refused:
        async with database.unit_of_work() as session:
            await session.execute(sa.text("SELECT no_such_column"))
    assert not is_connection_error(refused.value)
    assert await count(database) == 0


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (ConnectionRefusedError(), True),
        (OSError(), True),
        (TimeoutError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.AdminShutdownError(), True),
        (asyncpg.TooManyConnectionsError(), True),
        (asyncpg.UniqueViolationError(), False),
        (asyncpg.DeadlockDetectedError(), False),
        (ValueError(), False),
    ],
    ids=repr,
)
def test_which_errors_mean_that_the_database_is_away(error: BaseException, *, away: bool) -> None:
    assert is_connection_error(error) is away


async def test_errors_of_the_database_do_not_quote_what_was_written(database: Database) -> None:
    with pytest.raises(Exception) as refused:
        async with database.unit_of_work() as session:
            await session.execute(sa.insert(ConsentEvent).values(wording="ความลับ"))
    assert "ความลับ" not in str(refused.value).split("DETAIL")[0]


@pytest.mark.parametrize(
    "given", ["postgresql://h/d", "postgres://h/d", "postgresql+asyncpg://h/d", "postgresql+psycopg://h/d"]
)
def test_the_usual_spellings_of_an_address_are_taken(given: str) -> None:
    assert normalise_address(given) == "postgresql+asyncpg://h/d"


@pytest.mark.parametrize("given", ["mysql://h/d", "h/d", "sqlite:///x"])
def test_an_address_of_another_kind_is_refused_with_what_to_set(given: str) -> None:
    with pytest.raises(SettingsError, match="ROOTAN_DATABASE_URL"):
        normalise_address(given)


async def test_a_named_database_is_opened_and_no_embedded_one_started(settings: Settings) -> None:
    named = settings.model_copy(update={"database_url": "postgresql://postgres@127.0.0.1:9/nowhere"})
    database = open_database(named)
    with pytest.raises(OSError):
        async with database.unit_of_work() as session:
            await session.execute(COUNT)
    await database.close()
    assert not (settings.data_dir / "postgres").exists()


async def test_a_process_whose_connections_are_all_in_use_is_as_one_without_a_database(
    database: Database,
) -> None:
    engine = create_async_engine(database.address, pool_size=1, max_overflow=0, pool_timeout=0.05)
    async with engine.connect():
        with pytest.raises(SQLAlchemyError) as crowded:
            await engine.connect()
    assert is_connection_error(crowded.value)
    await engine.dispose()
