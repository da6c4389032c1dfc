"""A key a person, a case, a day: erasing destroys it, rotation keeps everything readable. Guards 11, 18."""

import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKey, DataKeys, destroy_data_key, replay_erasures, rewrap_keys
from core.crypto.keyset import new_keyset, rotated, without_key
from core.crypto.sealing import context, open_sealed, seal
from core.db.database import Database
from core.errors import CryptoError, KeyDestroyedError


async def stored(database: Database, keys: DataKeys, count: int = 1) -> list[tuple[UUID, bytes]]:
    made = []
    async with database.unit_of_work() as session:
        for _ in range(count):
            row, key = keys.row("contact")
            session.add(row)
            made.append((row.id, key))
    return made


async def test_a_key_is_read_back_and_never_stored_in_the_clear(database: Database, keys: DataKeys) -> None:
    ((key_id, key),) = await stored(database, keys)
    async with database.unit_of_work() as session:
        assert await DataKeys(keys.keyset).load(session, key_id) == key
        wrapped = await session.scalar(sa.select(DataKey.wrapped))
    assert wrapped is not None
    assert key not in wrapped


async def test_a_destroyed_key_is_gone_from_the_database_and_from_memory(
    database: Database, keys: DataKeys
) -> None:
    ((key_id, key),) = await stored(database, keys)
    sealed = seal(key, b"secret", context("t", "c", key_id))
    async with database.unit_of_work() as session:
        assert await keys.load(session, key_id) == key
        await destroy_data_key(session, key_id)
        await destroy_data_key(session, key_id)
    async with database.unit_of_work() as session:
        with pytest.raises(KeyDestroyedError):
            await keys.load(session, key_id)
        assert await session.scalar(sa.text("SELECT count(*) FROM erasure")) == 1
        assert await session.scalar(sa.text("SELECT wrapped FROM data_key")) is None
    with pytest.raises(CryptoError):
        open_sealed(b"\0" * 32, sealed, context("t", "c", key_id))


async def test_erasures_are_replayed_on_a_restored_database(database: Database, keys: DataKeys) -> None:
    (erased, _), (alive, key) = await stored(database, keys, 2)
    async with database.unit_of_work() as session:
        assert await replay_erasures(session, [erased]) == 1
        assert await replay_erasures(session, [erased]) == 0
    async with database.unit_of_work() as session:
        with pytest.raises(KeyDestroyedError):
            await keys.load(session, erased)
        assert await keys.load(session, alive) == key


async def test_a_named_key_is_one_for_all_processes(database: Database, keys: DataKeys) -> None:
    async def named() -> tuple[UUID, bytes]:
        async with database.unit_of_work() as session:
            return await DataKeys(keys.keyset).named(session, "inbox:2026-11-23", "day")

    assert len(set(await asyncio.gather(*(named() for _ in range(6))))) == 1


async def test_rotation_keeps_everything_readable_and_frees_the_old_key(
    database: Database, keys: DataKeys
) -> None:
    made = await stored(database, keys, 5)
    async with database.unit_of_work() as session:
        await destroy_data_key(session, made[0][0])
    new = rotated(keys.keyset)
    rounds = []
    while not rounds or rounds[-1]:
        async with database.unit_of_work() as session:
            rounds.append(await rewrap_keys(session, new, limit=3))
    assert rounds == [3, 1, 0]
    only_new = DataKeys(without_key(new, keys.keyset.primary))
    async with database.unit_of_work() as session:
        for key_id, key in made[1:]:
            assert await only_new.load(session, key_id) == key
        with pytest.raises(KeyDestroyedError):
            await only_new.load(session, made[0][0])


async def test_two_rotations_at_once_do_not_disturb_each_other(database: Database, keys: DataKeys) -> None:
    made = await stored(database, keys, 8)
    new = rotated(keys.keyset)

    async def some() -> int:
        async with database.unit_of_work() as session:
            return await rewrap_keys(session, new, limit=8)

    assert sum(await asyncio.gather(some(), some())) == 8
    async with database.unit_of_work() as session:
        assert [await DataKeys(new).load(session, i) for i, _ in made] == [key for _, key in made]


async def test_another_keyset_opens_nothing(database: Database, keys: DataKeys) -> None:
    ((key_id, _),) = await stored(database, keys)
    async with database.unit_of_work() as session:
        with pytest.raises(CryptoError):
            await DataKeys(new_keyset()).load(session, key_id)


async def test_a_wrapped_key_moved_to_another_row_does_not_open(database: Database, keys: DataKeys) -> None:
    (first, _), (second, _) = await stored(database, keys, 2)
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text(
                "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id = :a) WHERE id = :b"
            ),
            {"a": first, "b": second},
        )
        with pytest.raises(CryptoError):
            await keys.load(session, second)


def test_memory_for_opened_keys_is_bounded(keys: DataKeys) -> None:
    keys._REMEMBERED = 3  # type: ignore[misc] # twenty thousand would take long
    for _ in range(9):
        key_id, key, wrapped = keys.make()
        assert keys.open(key_id, wrapped) == key
    assert len(keys._opened) == 3
