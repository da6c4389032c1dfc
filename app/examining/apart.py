"""The examiner as the web process sees it: a process of its own, begun when first asked."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from fastapi import Request

from app.examining.asking import Answer, Asked, Examines, Ground, Mask, Quote
from app.examining.refusals import BusyError, FailedError
from app.runtime import Runtime
from core.crypto.keyset import dump_keyset
from core.logs import get_logger

MOST_WAITING = 64
SECONDS = 20.0  # the first question waits for word lists and models
_RETRY_SECONDS = 5
MOST_LINE_BYTES = 16 * 1024 * 1024
# By name: it stands above everything that asks it.
_PROGRAM = "app.examiner"

# What tells that the process is gone.
_ENDED = (OSError, asyncio.IncompleteReadError)

_log = get_logger()


def examiner_of(request: Request) -> Examines:
    """Return the examiner of the application that a request came to."""
    examiner: Examines = request.app.state.examiner
    return examiner


def masking(request: Request) -> Callable[[Sequence[str]], Awaitable[Sequence[str]]]:
    """Return what masks texts by the examiner; nothing is asked for none."""

    async def mask(texts: Sequence[str]) -> Sequence[str]:
        return (await examiner_of(request).ask(Mask(texts))).texts if any(texts) else texts

    return mask


def quoting(request: Request) -> Callable[[Sequence[str]], Awaitable[Sequence[str]]]:
    """Return what takes words for a warning out of masked texts, by the examiner."""

    async def quote(texts: Sequence[str]) -> Sequence[str]:
        return (await examiner_of(request).ask(Quote(texts))).quotes

    return quote


class ExaminerApart:
    """One examiner for each web process; when it has ended or hangs, the next question begins another."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._process: asyncio.subprocess.Process | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    def prepare(self) -> None:
        """Begin it while somebody still types; returns at once."""
        if self._runs() or (self._preparing is not None and not self._preparing.done()):
            return
        self._preparing = asyncio.create_task(self._prepare())

    async def ask(self, asked: Asked[Answer]) -> Answer:
        """Pass a question on; raises BusyError, FailedError."""
        if self._waiting >= MOST_WAITING:
            raise BusyError(_RETRY_SECONDS)
        self._waiting += 1
        try:
            async with asyncio.timeout(SECONDS), self._turn:
                return await self._pass_on_twice(asked)
        except (*_ENDED, TimeoutError, ValueError, msgspec.MsgspecError) as error:
            _log.error("not_examined", error=error)
            raise FailedError("the examiner did not answer") from error
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the examiner; safe to call at any time."""
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.gather(self._preparing, return_exceptions=True)
        await self._end()

    def _runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _prepare(self) -> None:
        async with self._turn:
            try:
                await self._ready()
            except OSError as error:
                _log.error("not_examined", error=error)

    async def _pass_on_twice(self, asked: Asked[Answer]) -> Answer:
        """It may have ended, idle or killed, in the moment in which it was asked."""
        try:
            return await self._pass_on(asked)
        except _ENDED:
            return await self._pass_on(asked)

    async def _pass_on(self, asked: Asked[Answer]) -> Answer:
        try:
            _, answers = await self._write(await self._ready(), asked)
            answer: Answer = msgspec.json.decode(await answers.readuntil(b"\n"), type=asked.told)
            return answer
        except BaseException:
            # A question given up would leave its answer to the next.
            await self._end()
            raise

    async def _ready(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await self._begin()
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _begin(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", _PROGRAM,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("ROOTAN_")},
            # Ctrl-C is for the web process; this one ends with it.
            start_new_session=True,
            limit=MOST_LINE_BYTES,
        )  # fmt: skip
        database, keyset = self._runtime.database.address, dump_keyset(self._runtime.keys.keyset)
        await self._write(process, Ground(database, keyset))
        return process

    async def _write(
        self, process: asyncio.subprocess.Process, what: Asked[Answer] | Ground
    ) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
        if process.stdin is None or process.stdout is None:
            raise FailedError("a process without pipes")
        process.stdin.write(msgspec.json.encode(what) + b"\n")
        await process.stdin.drain()
        return process.stdin, process.stdout
