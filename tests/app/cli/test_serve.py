"""Starting, or refusing to in one line that says what to set."""

import socket

import pytest

from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset, write_keyset
from core.db.database import Database
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
