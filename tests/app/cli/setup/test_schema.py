"""Migrations and models say the same; a difference is found."""

from sqlalchemy import text

from app.cli.setup.schema import differences
from core.db.database import Database


async def test_migrations_and_models_are_in_step(database: Database) -> None:
    assert await differences(database) == []


async def test_it_finds_a_table_that_the_models_do_not_know(database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(text("CREATE TABLE forgotten (id int)"))
        await session.execute(text("ALTER TABLE contact DROP COLUMN erased_at"))
    found = await differences(database)
    assert len(found) == 2
    assert "forgotten" in "".join(found)
    assert "erased_at" in "".join(found)
