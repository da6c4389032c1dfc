"""The process that sends to many, beside its worker: it steps back, comes back when it dies, and ends with the worker."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from app.cli.beside import BulkBeside
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import write_keyset
from core.db.database import Database

# Of a worker's processes (house, section 5).
_MOST_BYTES = 400_000_000


@pytest.fixture
async def stop(
    database: Database, keys: DataKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[asyncio.Event]:
    """What ends it; in this process's environment stand the settings of its database."""
    write_keyset(tmp_path / "keyset.json", keys.keyset)
    monkeypatch.setenv("ROOTAN_DATABASE_URL", database.address)
    monkeypatch.setenv("ROOTAN_KEYS_FILE", str(tmp_path / "keyset.json"))
    monkeypatch.setenv("ROOTAN_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    stop, bulk = asyncio.Event(), BulkBeside()
    keeping = asyncio.create_task(bulk.run(stop))
    yield stop
    stop.set()
    await keeping


async def _at_work(apart_from: int = 0) -> psutil.Process:
    """The process, once it stands back; it has read its modules then."""
    async with asyncio.timeout(60):
        while True:
            for child in psutil.Process().children():
                if child.pid != apart_from and "app.cli.bulk" in child.cmdline() and child.nice() == 19:
                    return child
            await asyncio.sleep(0.1)


async def test_it_steps_back_comes_back_and_ends(stop: asyncio.Event) -> None:
    first = await _at_work()
    first.kill()
    second = await _at_work(apart_from=first.pid)
    assert second.memory_info().rss < _MOST_BYTES
    stop.set()
    async with asyncio.timeout(30):
        while second.is_running() and second.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.1)
