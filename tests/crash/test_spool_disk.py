"""The spool on a disk that fails, and after a writer was killed. Guards 1."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bots.channels.base import Arrival
from bots.spool import Spool
from core.crypto.data_keys import DataKeys


def arrivals(*numbers: int) -> list[Arrival]:
    return [Arrival("line", f"01E{n}", "U" + "0" * 32, n, f"m{n}", b"{}" * 200) for n in numbers]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """A file may grow to `size` bytes and no further, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_write_that_comes_up_short_is_no_promise(tmp_path: Path, keys: DataKeys) -> None:
    spool = Spool(tmp_path / "spool", keys)
    with room_for(100), pytest.raises(OSError, match="File too large"):
        await spool.append(arrivals(1))
    assert spool.is_empty()
    assert not list((tmp_path / "spool").glob(".*"))
    await spool.append(arrivals(2))
    assert [batch.arrivals async for batch in spool.batches()] == [arrivals(2)]


async def test_a_draft_of_a_killed_writer_holds_up_nothing_and_goes_in_time(
    tmp_path: Path, keys: DataKeys
) -> None:
    spool = Spool(tmp_path / "spool", keys)
    young, old = (tmp_path / "spool" / f".{name}.spool" for name in ("young", "old"))
    young.write_bytes(b"half")
    old.write_bytes(b"half")
    os.utime(old, (time.time() - 120, time.time() - 120))
    assert spool.is_empty()
    Spool(tmp_path / "spool", keys)
    assert young.exists()
    assert not old.exists()


async def test_batches_come_back_in_order_with_the_time_they_arrived(tmp_path: Path, keys: DataKeys) -> None:
    spool = Spool(tmp_path / "spool", keys)
    before = datetime.now(UTC)
    for number in range(5):
        await spool.append(arrivals(number))
    found = [batch async for batch in spool.batches()]
    assert [batch.arrivals[0].position for batch in found] == [0, 1, 2, 3, 4]
    assert all(abs((batch.arrived_at - before).total_seconds()) < 5 for batch in found)
