"""Keeping the process that sends to many running beside a worker."""

import asyncio
import contextlib
import sys

from core.logs import get_logger

# By name: what it loads is none of the worker's.
_PROGRAM = "app.cli.bulk"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
# One that lived this long did not die of its start.
_SETTLED_SECONDS = 20.0
# What is on the wire may take so long to be settled.
_STOP_SECONDS = 12.0
_log = get_logger()


class BulkBeside:
    """Begins the process, begins it again when it dies, and ends it; it ends by itself where this process is killed."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    def wake(self) -> None:
        """Let it look for batches now rather than at its next sweep."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(b"\n")

    async def run(self, stop: asyncio.Event) -> None:
        """Keep it running until `stop` is set; it has ended when this returns."""
        stopping = asyncio.create_task(stop.wait())
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE
        try:
            while not stop.is_set():
                begun = loop.time()
                await self._run_once(stopping)
                if stop.is_set():
                    return
                pause = (
                    _FIRST_PAUSE if loop.time() - begun > _SETTLED_SECONDS else min(pause * 2, _LONGEST_PAUSE)
                )
                await asyncio.wait([stopping], timeout=pause)
        finally:
            stopping.cancel()

    async def _run_once(self, stopping: asyncio.Task[bool]) -> None:
        """Begin it, and return once it has ended or was ended."""
        try:
            # A session of its own, whose share of the processor can be lowered; Ctrl-C reaches the worker, and this ends with it.
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", _PROGRAM, stdin=asyncio.subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            _log.error("bulk_not_begun", error=error)
            return
        self._process = process
        ending = asyncio.create_task(process.wait())
        try:
            await asyncio.wait([ending, stopping], return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                _log.error("bulk_ended", status=process.returncode)
            else:
                await _end(process, ending)
        finally:
            self._process = None
            ending.cancel()
            if process.returncode is None:
                process.kill()


async def _end(process: asyncio.subprocess.Process, ending: "asyncio.Task[int]") -> None:
    """Let it finish what is on the wire; kill it after a while.

    While it still loads it hears no end of its input, and has nothing on the wire: there the signal ends it at once.
    """
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(ending), _STOP_SECONDS)
