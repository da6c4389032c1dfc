"""Where events wait while the database is away: sealed, synced, in order, never dropped. Guards 1, 11."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bots.channels.base import Arrival
from bots.spool import Batch, Spool
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset, rotated

SECRET = "ช่วยด้วย โทร 0812345678"


def arrival(number: int, text: str = "สวัสดี") -> Arrival:
    return Arrival("line", f"01E{number}", "U1", number, f"m{number}", text.encode())


async def waiting(spool: Spool) -> list[Batch]:
    return [batch async for batch in spool.batches()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path, keys: DataKeys) -> Spool:
    return Spool(folder, keys)


async def test_batches_come_back_whole_and_in_the_order_they_came(spool: Spool) -> None:
    assert spool.is_empty()
    for number in range(40):
        await spool.append([arrival(2 * number), arrival(2 * number + 1)])
    assert not spool.is_empty()
    assert [a.position for batch in await waiting(spool) for a in batch.arrivals] == list(range(80))
    for batch in await waiting(spool):
        spool.remove(batch.path)
    assert spool.is_empty()


async def test_what_waits_on_disk_can_not_be_read_by_others(spool: Spool, folder: Path) -> None:
    await spool.append([arrival(1, SECRET)])
    assert folder.stat().st_mode & 0o777 == 0o700
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        for clear in (SECRET.encode(), b"0812345678", b"01E1", b"U1"):
            assert clear not in file.read_bytes()


async def test_a_damaged_file_is_put_aside_and_the_others_go_on(spool: Spool, folder: Path) -> None:
    for number in range(3):
        await spool.append([arrival(number)])
    second = sorted(folder.glob("*.spool"))[1]
    second.write_bytes(second.read_bytes()[:-5])
    assert [a.position for batch in await waiting(spool) for a in batch.arrivals] == [0, 2]
    assert len(list(folder.glob("*.unreadable"))) == 1
    assert [a.position for batch in await waiting(spool) for a in batch.arrivals] == [0, 2]


@pytest.mark.parametrize("damage", [b"", b"\x00", b"\xff" * 40])
async def test_a_file_that_is_none_of_ours_is_put_aside(spool: Spool, folder: Path, damage: bytes) -> None:
    await spool.append([arrival(1)])
    (folder / "00000000-0000-7000-8000-000000000000.spool").write_bytes(damage)
    assert [a.position for batch in await waiting(spool) for a in batch.arrivals] == [1]


async def test_a_file_moved_onto_another_name_does_not_open(spool: Spool, folder: Path) -> None:
    await spool.append([arrival(1)])
    (file,) = folder.glob("*.spool")
    file.rename(folder / "00000000-0000-7000-8000-000000000001.spool")
    assert await waiting(spool) == []


async def test_a_half_written_file_is_not_taken_for_a_batch(spool: Spool, folder: Path) -> None:
    (folder / ".half.spool").write_bytes(b"half")
    await spool.append([arrival(1)])
    assert len(await waiting(spool)) == 1


async def test_a_rotated_keyset_still_reads_what_waits_and_a_foreign_one_loses_nothing(
    spool: Spool, folder: Path, keys: DataKeys
) -> None:
    await spool.append([arrival(1)])
    assert await waiting(Spool(folder, DataKeys(new_keyset()))) == []
    assert len(await waiting(Spool(folder, DataKeys(rotated(keys.keyset))))) == 1


async def test_a_batch_remembers_when_it_came(spool: Spool) -> None:
    before = utc_now() - timedelta(milliseconds=2)
    await spool.append([arrival(1)])
    (batch,) = await waiting(spool)
    assert before <= batch.arrived_at <= utc_now()


async def test_what_a_killed_writer_left_is_cleared_away_once_it_is_old(folder: Path, keys: DataKeys) -> None:
    folder.mkdir()
    old, young = folder / ".old.spool", folder / ".young.spool"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    Spool(folder, keys)
    assert [p.name for p in folder.iterdir()] == [".young.spool"]


async def test_only_one_process_takes_the_files_in(spool: Spool, folder: Path, keys: DataKeys) -> None:
    with spool.taking_in() as first:
        assert first
        with Spool(folder, keys).taking_in() as second:
            assert not second
    with spool.taking_in() as again:
        assert again


async def test_what_the_database_refuses_is_kept_for_a_person(spool: Spool, folder: Path) -> None:
    await spool.put_aside(arrival(1))
    assert spool.is_empty()
    assert len(list(folder.glob("*.refused"))) == 1


async def test_a_disk_that_can_not_keep_it_says_so(spool: Spool, folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(OSError):
        await spool.append([arrival(1)])
