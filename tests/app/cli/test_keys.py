"""The master keyset: made once, rotated while everything stays readable, old keys retired last."""

import stat

import sqlalchemy as sa

from core.crypto.data_keys import DataKey, DataKeys
from core.crypto.keyset import Keyset, new_keyset, parse_keyset, rotated, write_keyset
from core.db.database import Database
from tests.app.cli.conftest import CommandLine


async def add_data_keys(database: Database, keys: DataKeys, count: int) -> dict[object, bytes]:
    made = [keys.row("contact") for _ in range(count)]
    async with database.unit_of_work() as session:
        session.add_all(row for row, _ in made)
    return {row.id: key for row, key in made}


def keyset_of(rootan: CommandLine) -> Keyset:
    return parse_keyset((rootan.folder / "keyset.json").read_text())


async def opened(database: Database, keyset: Keyset) -> dict[object, bytes]:
    keys = DataKeys(keyset)
    async with database.unit_of_work() as session:
        return {row.id: keys.open(row.id, row.wrapped) for row in await session.scalars(sa.select(DataKey))}


async def test_it_makes_a_keyset_for_its_owner_and_never_over_another(alone: CommandLine) -> None:
    file = alone.folder / "new.json"
    first = await alone.run("keys", "new", str(file))
    made = file.read_text()
    second = await alone.run("keys", "new", str(file))
    assert (first.status, second.status) == (0, 1)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == made
    assert parse_keyset(made).origin == "operator"


async def test_it_rotates_and_everything_stays_readable(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    made, before = await add_data_keys(database, keys, 1_200), keyset_of(rootan)
    ended = await rootan.run("keys", "rotate")
    after = keyset_of(rootan)
    assert ended.status == 0
    assert "1200 of 1200" in ended.out
    assert after.primary != before.primary
    assert await opened(database, after) == made
    alone_with_new = Keyset(
        after.primary, {after.primary: after.keys[after.primary]}, after.index_key, after.audit_key
    )
    assert await opened(database, alone_with_new) == made


async def test_it_goes_on_with_a_rotation_that_was_interrupted(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    made = await add_data_keys(database, keys, 3)
    begun = rotated(keyset_of(rootan))
    write_keyset(rootan.folder / "keyset.json", begun)
    ended = await rootan.run("keys", "rotate")
    assert "going on" in ended.out
    assert keyset_of(rootan).primary == begun.primary
    assert await opened(database, begun) == made


async def test_it_retires_only_what_wraps_nothing(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    made, old = await add_data_keys(database, keys, 2), keyset_of(rootan).primary
    refused = await rootan.run("keys", "retire", old)
    await rootan.run("keys", "rotate")
    retired = await rootan.run("keys", "retire", old)
    assert (refused.status, retired.status) == (1, 0)
    assert list(keyset_of(rootan).keys) == [keyset_of(rootan).primary]
    assert await opened(database, keyset_of(rootan)) == made


async def test_it_shows_a_key_that_the_set_lacks(rootan: CommandLine, database: Database) -> None:
    await add_data_keys(database, DataKeys(new_keyset()), 1)
    assert "MISSING" in (await rootan.run("keys", "list")).out
