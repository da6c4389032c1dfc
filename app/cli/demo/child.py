"""A process of the demo: its output under its name, started again when it dies."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0
# One that lived this long did not die of its start.
_SETTLED_SECONDS = 20.0

Line = Callable[[str], None]


class Child:
    """Runs one command until stopped. `say` gets every line it prints."""

    def __init__(
        self, name: str, arguments: Sequence[str], environment: Mapping[str, str], say: Line
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-m", *arguments]
        self._environment = dict(environment)
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep_running(), name=self.name)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def _keep_running(self) -> None:
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE
        while not self._stopping.is_set():
            begun = loop.time()
            status = await self._run_once()
            if self._stopping.is_set():
                return
            self._say(f"ended with status {status}; starting again")
            pause = _FIRST_PAUSE if loop.time() - begun > _SETTLED_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self) -> int:
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops its children in order.
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        output = self._process.stdout
        if output is not None:
            await self._pass_on(output)
        return await self._process.wait()

    async def _pass_on(self, output: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await output.readuntil(b"\n")
            except asyncio.LimitOverrunError as error:
                line = await output.readexactly(error.consumed)
            except asyncio.IncompleteReadError as error:
                if not error.partial:
                    return
                line = error.partial
            self._say(line.decode(errors="replace").rstrip())

    async def stop(self, patience: float) -> None:
        """Ask it to end; kill it after `patience` seconds."""
        self._stopping.set()
        self._signal(signal.SIGTERM)
        if self._keeper is None:
            return
        done, _ = await asyncio.wait([self._keeper], timeout=patience)
        if not done:
            self._signal(signal.SIGKILL)
            await asyncio.wait([self._keeper], timeout=1)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
