"""The process beside a worker that sends to many: `python -P -m app.cli.bulk`, begun and kept by `rootan worker`.

It has a session, an event loop, a pool of connections and a priority of its own, so that answers never wait behind a campaign.
A line on its standard input says that a batch was queued; where that input ends, so does it.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from uvicorn.loops.auto import auto_loop_factory

from app.cli.process import leave_embedded_when_done, prepare_process
from app.runtime import Runtime, make_runtime
from app.worker.bulk import CONNECTIONS, run_bulk

# The least: whatever else wants the processor has it first.
_NICE = 19
# Where Linux shares the processor among sessions first, it is the session's share that counts.
_SESSION_NICE = Path("/proc/self/autogroup")


def main() -> None:
    _step_back()
    settings = prepare_process()
    leave_embedded_when_done(settings)
    runtime = make_runtime(settings, pool_size=CONNECTIONS)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_work_until_stopped(runtime))


def _step_back() -> None:
    """Leave the processor to whoever else wants it, as far as the system knows how."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            _SESSION_NICE.write_text(str(_NICE))


async def _work_until_stopped(runtime: Runtime) -> None:
    woken, stop = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    listening = asyncio.create_task(_listen(woken, stop))
    try:
        await run_bulk(runtime, woken=woken, stop=stop)
    finally:
        listening.cancel()
        await runtime.database.close()


async def _listen(woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Hear the worker until it has gone."""
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    while await told.readline():
        woken.set()
    stop.set()


if __name__ == "__main__":
    main()
