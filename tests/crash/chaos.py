"""Killing: processes and the database, at moments drawn from a seed, and a supervisor that starts them again."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import psutil

from tests.crash.working import work_of
from tests.support.killable import KillablePostgres
from tests.support.stand import Stand

WORKERS = ("worker0", "worker1")
WEBS = 2
_PATIENCE_SECONDS = 30.0


class Supervisor:
    """Keeps web and workers running: what died or was killed is started again after a short pause."""

    def __init__(self, stand: Stand, draw: random.Random) -> None:
        self._stand = stand
        self._random = draw
        self._running: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._running = asyncio.create_task(self._watch())

    async def end(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def works(self, name: str) -> bool:
        """Tell whether a process did something since it was started, and so has something to lose."""
        return (
            self.lives(name)
            and work_of(self._stand, self._stand.processes[name].pid)["rootan_turns_total"] > 0
        )

    async def serves(self) -> bool:
        if not self.lives("web"):
            return False
        try:
            await self._stand.wait_until_up(0)
        except TimeoutError:
            return False
        return True

    def lives(self, name: str) -> bool:
        process = self._stand.processes.get(name)
        return process is not None and process.poll() is None

    async def _watch(self) -> None:
        down: dict[str, float] = {}
        while True:
            for name in ("web", *WORKERS):
                if self.lives(name):
                    continue
                due = down.setdefault(name, time.monotonic() + self._random.uniform(0.05, 0.6))
                if time.monotonic() >= due:
                    del down[name]
                    self._start(name)
            await asyncio.sleep(0.05)

    def _start(self, name: str) -> None:
        self._stand.processes.pop(name, None)
        if name == "web":
            self._stand.start_web(webs=WEBS)
        else:
            self._stand.start_worker(name)


class Chaos:
    """Does `kills` kills, about `every` seconds apart."""

    def __init__(
        self,
        stand: Stand,
        postgres: KillablePostgres,
        supervisor: Supervisor,
        draw: random.Random,
        every: float,
    ) -> None:
        self._stand = stand
        self._postgres = postgres
        self._supervisor = supervisor
        self._random = draw
        self._every = every
        self.done: Counter[str] = Counter()

    async def rage(self, kills: int) -> None:
        while self.done.total() < kills:
            await asyncio.sleep(self._random.uniform(0.4, 1.6) * self._every)
            await self._strike(await self._working())

    async def _working(self) -> list[str]:
        """Wait until some worker is at work; killing what only just starts would prove nothing."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not (working := [name for name in WORKERS if self._supervisor.works(name)]):
            if time.monotonic() > deadline:
                raise TimeoutError("no worker came back to work")
            await asyncio.sleep(0.05)
        return working

    async def _strike(self, working: list[str]) -> None:
        acts: dict[str, tuple[float, Callable[[], Awaitable[None]]]] = {
            "postgres killed": (0.12, self._kill_postgres),
            "postgres restarted": (0.08, self._restart_postgres),
            "postgres frozen": (0.04, self._freeze_postgres),
        }
        acts |= {f"{name} killed": (0.3, self._killer(name)) for name in working}
        if await self._supervisor.serves():
            acts |= {"web killed": (0.1, self._killer("web")), "one web killed": (0.1, self._kill_one_web)}
        names = list(acts)
        (chosen,) = self._random.choices(names, [acts[name][0] for name in names])
        await acts[chosen][1]()
        self.done[chosen] += 1

    def _killer(self, name: str) -> Callable[[], Awaitable[None]]:
        async def kill() -> None:
            await asyncio.to_thread(self._stand.kill, name)

        return kill

    async def _kill_one_web(self) -> None:
        """One of the two web processes; their parent starts it again."""
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            children = psutil.Process(self._stand.processes["web"].pid).children()
            serving = [child for child in children if _serves(child)]
            if serving:
                os.kill(self._random.choice(serving).pid, signal.SIGKILL)

    async def _kill_postgres(self) -> None:
        await self._postgres.kill()
        await asyncio.sleep(self._random.uniform(0.0, 0.8))
        await self._postgres.start()

    async def _restart_postgres(self) -> None:
        await self._postgres.stop()
        await asyncio.sleep(self._random.uniform(0.0, 0.5))
        await self._postgres.start()

    async def _freeze_postgres(self) -> None:
        self._postgres.freeze()
        await asyncio.sleep(self._random.uniform(1.0, 3.0))
        self._postgres.thaw()


def _serves(child: psutil.Process) -> bool:
    """Tell a web process from Python's own resource tracker and from one that is dead already."""
    try:
        return "resource_tracker" not in " ".join(child.cmdline())
    except psutil.Error:
        return False
