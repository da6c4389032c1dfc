"""Starting, or refusing to in one line that says what to set."""

import asyncio
import socket

import pytest
from sqlalchemy import text

from app.cli.ground import check_ground
from core.accounts.demo import ensure_demo_accounts
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset, write_keyset
from core.db.database import Database
from core.errors import SettingsError
from core.settings import Settings
from tests.app.cli.conftest import CommandLine
from tests.support.cast import make_person

NOBODY = "postgresql://127.0.0.1:1/rootan"


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
async def test_it_refuses_when_the_database_is_away(alone: CommandLine, command: str) -> None:
    ended = await alone.run(command, ROOTAN_DATABASE_URL=NOBODY)
    assert (ended.status, ended.err) == (
        1,
        "rootan: the database does not answer; check ROOTAN_DATABASE_URL\n",
    )


async def test_it_says_that_a_port_is_taken(rootan: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("serve", "demo"):
            ended = await rootan.run(command, "--port", port)
            assert ended.status == 1
            assert ended.err.startswith(
                f"rootan: port {port} on 127.0.0.1 can't be used (Address already in use)"
            )
            assert ended.err.count("\n") == 1


async def test_it_listens_to_the_world_only_in_production(rootan: CommandLine) -> None:
    ended = await rootan.run("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - refused
    assert ended.status == 1
    assert "ROOTAN_ENV=production" in ended.err


@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_it_refuses_the_keyset_of_another_database(
    rootan: CommandLine, database: Database, keys: DataKeys, command: str
) -> None:
    async with database.unit_of_work() as session:
        await make_person(session, keys, name="Dao")
    write_keyset(rootan.folder / "other.json", new_keyset())
    ended = await rootan.run(command, ROOTAN_KEYS_FILE=str(rootan.folder / "other.json"))
    assert ended.status == 1
    assert "point ROOTAN_KEYS_FILE at the right one" in ended.err


async def test_it_refuses_a_file_that_is_no_keyset(rootan: CommandLine) -> None:
    (rootan.folder / "letter.txt").write_text("dear")
    ended = await rootan.run("serve", ROOTAN_KEYS_FILE=str(rootan.folder / "letter.txt"))
    assert ended.status == 1
    assert "rootan keys new" in ended.err


async def test_it_refuses_a_schema_that_is_missing_but_not_one_that_is_newer(
    settings: Settings, database: Database
) -> None:
    here = settings.model_copy(update={"database_url": database.address})
    async with database.unit_of_work() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await asyncio.to_thread(check_ground, here)
    async with database.unit_of_work() as session:
        await session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(SettingsError, match="rootan migrate"):
        await asyncio.to_thread(check_ground, here)


async def test_it_refuses_demo_accounts_in_production(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        await ensure_demo_accounts(session, keys)
    ended = await rootan.run("serve", "--port", "0", ROOTAN_ENV="production")
    assert ended.status == 1
    assert "demo accounts" in ended.err


@pytest.mark.parametrize("name", ["nowhere", "postgres?user=nobody"])
async def test_it_says_when_the_database_refuses_us(
    rootan: CommandLine, database: Database, name: str
) -> None:
    before, after = database.address.split("/test_", 1)
    address = f"{before}/{name}{'&' if '?' in name else '?'}{after.split('?', 1)[1]}"
    ended = await rootan.run("migrate", ROOTAN_DATABASE_URL=address)
    assert ended.status == 1
    assert "check user, password and name in ROOTAN_DATABASE_URL" in ended.err
