"""Reading pictures beside the page: a process for each form, few at a time, a short line of those who wait."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence

import msgspec
from starlette.datastructures import UploadFile

from app.examining.refusals import BusyError
from bots.engine.events import PictureProblem
from core.logs import get_logger

# Tesseract takes a core for seconds: one at a time, so that everything else keeps its pace.
AT_ONCE = 1
MOST_WAITING = 4
SECONDS = 45.0
_WAIT_SECONDS = 60.0
_RETRY_SECONDS = 60
_MOST_LINE_BYTES = 4 * 1024 * 1024

_log = get_logger()


class Read(msgspec.Struct, frozen=True):
    """What stands in one picture, or why that can't be told."""

    text: str = ""
    problem: PictureProblem = ""


class PictureDesk:
    """The line of one web process."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def read(self, pictures: Sequence[UploadFile]) -> list[Read]:
        """Read the pictures of one form, in order; raises BusyError where the line is too long."""
        if self._waiting >= MOST_WAITING:
            raise BusyError(_RETRY_SECONDS)
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._room.acquire()
        except TimeoutError:
            raise BusyError(_RETRY_SECONDS) from None
        finally:
            self._waiting -= 1
        try:
            return await _read_apart(pictures)
        finally:
            self._room.release()


async def _read_apart(pictures: Sequence[UploadFile]) -> list[Read]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "app.public.reader",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        # The reader opens what strangers sent: it gets no secret of ours.
        env={name: value for name, value in os.environ.items() if not name.startswith("ROOTAN_")},
        start_new_session=True,
        limit=_MOST_LINE_BYTES,
    )  # fmt: skip
    found: list[Read] = []
    try:
        async with asyncio.timeout(SECONDS):
            for picture in pictures:
                one = await _read_one(process, picture)
                found.append(one)
    except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
        _log.info("picture_unreadable", reason="timeout", error=error, channel="check")
        found += [Read(problem="timeout")] * (len(pictures) - len(found))
    finally:
        await _end(process)
    return found


async def _read_one(process: asyncio.subprocess.Process, picture: UploadFile) -> Read:
    assert process.stdin is not None  # noqa: S101 - for the type checker: both are pipes
    assert process.stdout is not None  # noqa: S101
    data = await picture.read()
    process.stdin.write(len(data).to_bytes(4))
    process.stdin.write(data)
    await picture.close()
    await process.stdin.drain()
    line = await process.stdout.readuntil(b"\n")
    return msgspec.json.decode(line, type=Read)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the reader and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
