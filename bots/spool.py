"""Where events wait while the database is away: sealed files on disk, synced before the webhook is answered.

One file a batch, named by a time-ordered id, so that a sorted listing is the order of arrival. Every web process of a
host shares the folder; one of them at a time takes the files in.
"""

import asyncio
import contextlib
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from bots.channels.base import Arrival
from core import metrics
from core.crypto.data_keys import DataKeys
from core.errors import CryptoError, MasterKeyMissingError
from core.ids import new_id
from core.logs import get_logger

_SUFFIX = ".spool"
# No write takes this long: the webhook would have been refused long before.
_DRAFT_SECONDS = 60
_log = get_logger()


class Batch(NamedTuple):
    """One file: where it is, when its events arrived, and the events."""

    path: Path
    arrived_at: datetime
    arrivals: list[Arrival]


class Spool:
    """The folder of waiting batches."""

    def __init__(self, folder: Path, keys: DataKeys) -> None:
        self._folder = folder
        self._keys = keys
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._drop_drafts()

    def _drop_drafts(self) -> None:
        """What a killed writer left behind was promised to nobody; a young one may still be another process's."""
        for draft in self._folder.glob(f".*{_SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime > _DRAFT_SECONDS:
                    draft.unlink()

    def is_empty(self) -> bool:
        with os.scandir(self._folder) as entries:
            return not any(_is_batch(entry.name) for entry in entries)

    async def append(self, arrivals: Sequence[Arrival]) -> None:
        """Keep a batch durably; raises OSError when the disk can't."""
        await asyncio.to_thread(self._write, arrivals, _SUFFIX)
        metrics.SPOOL_FILES.inc()

    async def put_aside(self, arrival: Arrival) -> None:
        """Keep, for a person to look at, what the database refused for its content."""
        await asyncio.to_thread(self._write, [arrival], ".refused")

    def _write(self, arrivals: Sequence[Arrival], suffix: str) -> None:
        name = f"{new_id()}{suffix}"
        sealed = self._keys.current().wrap(msgspec.json.encode(list(arrivals)), _bound(name))
        draft = self._folder / f".{name}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _write_all(descriptor, sealed)
            os.fsync(descriptor)
            draft.rename(self._folder / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        self._sync_folder()

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield waiting batches in the order of arrival. A damaged file is put aside and reported, never dropped."""
        for path in self._waiting():
            try:
                sealed = await asyncio.to_thread(path.read_bytes)
                opened = self._keys.current().unwrap(sealed, _bound(path.name))
                arrivals = msgspec.json.decode(opened, type=list[Arrival])
            except FileNotFoundError:
                continue
            except MasterKeyMissingError:
                # Written by a process that heard of a rotation before us: whole, and ours to read soon.
                _log.error("spool_waits_for_key")
                return
            except (CryptoError, msgspec.MsgspecError):
                _log.error("spool_file_unreadable")
                path.rename(path.with_suffix(".unreadable"))
                continue
            yield Batch(path, _kept_at(path), arrivals)

    def _waiting(self) -> list[Path]:
        waiting = sorted(p for p in self._folder.iterdir() if _is_batch(p.name))
        metrics.SPOOL_FILES.set(len(waiting))
        return waiting

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def taking_in(self) -> Iterator[bool]:
        """Hold the host-wide right to take the files in; yields False when another process has it."""
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)


def _is_batch(name: str) -> bool:
    """A draft (its name begins with a dot) was never promised to anybody: its writer is at it, or was killed."""
    return name.endswith(_SUFFIX) and not name.startswith(".")


def _kept_at(path: Path) -> datetime:
    """The time in the id that names the file: its milliseconds since 1970 (RFC 9562, version 7)."""
    return datetime.fromtimestamp((UUID(path.stem).int >> 80) / 1000, UTC)


def _write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: on a disk that is filling up, one call may write less than it was given and say so."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _bound(name: str) -> bytes:
    return f"spool:{name}".encode()
