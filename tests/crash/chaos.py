"""Killing: processes and the database, at moments drawn from a seed, and a supervisor that starts them again."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psutil

from tests.crash.working import work_of
from tests.support.killable import KillablePostgres
from tests.support.stand import Stand

WORKERS = ("worker0", "worker1")
WEBS = 2
_PATIENCE_SECONDS = 30.0
# What is killed, and how often in relation to the rest.
KINDS = {
    "worker killed": 0.6,
    "web killed": 0.1,
    "one web killed": 0.1,
    "postgres killed": 0.12,
    "postgres restarted": 0.08,
    "postgres frozen": 0.04,
}
T = TypeVar("T")


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


def deal(kills: int, draw: random.Random) -> list[str]:
    """Return the kinds of kills in a drawn order: each at least once, the rest by weight."""
    kinds = [*KINDS, *draw.choices(list(KINDS), list(KINDS.values()), k=kills - len(KINDS))]
    draw.shuffle(kinds)
    return kinds


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
        acts: dict[str, Callable[[], Awaitable[None]]] = {
            "worker killed": self._kill_worker,
            "web killed": self._kill_web,
            "one web killed": self._kill_one_web,
            "postgres killed": self._kill_postgres,
            "postgres restarted": self._restart_postgres,
            "postgres frozen": self._freeze_postgres,
        }
        for kind in deal(kills, self._random):
            await asyncio.sleep(self._random.uniform(0.4, 1.6) * self._every)
            # Killing what only just starts would prove nothing.
            await _patiently(self._working, "no worker came back to work")
            await acts[kind]()
            self.done[kind] += 1

    async def _working(self) -> list[str]:
        return [name for name in WORKERS if self._supervisor.works(name)]

    async def _kill_worker(self) -> None:
        working = await _patiently(self._working, "no worker came back to work")
        await asyncio.to_thread(self._stand.kill, self._random.choice(working))

    async def _kill_web(self) -> None:
        await _patiently(self._supervisor.serves, "the web process did not come back")
        await asyncio.to_thread(self._stand.kill, "web")

    async def _kill_one_web(self) -> None:
        """One of the two web processes; their parent starts it again."""
        await _patiently(self._supervisor.serves, "the web process did not come back")
        children = await _patiently(self._serving, "no web process serves")
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._random.choice(children).pid, signal.SIGKILL)

    async def _serving(self) -> list[psutil.Process]:
        try:
            children = psutil.Process(self._stand.processes["web"].pid).children()
        except psutil.Error:
            return []
        return [child for child in children if _serves(child)]

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


async def _patiently(look: Callable[[], Awaitable[T]], complaint: str) -> T:
    """Return what `look` finds as soon as it finds something."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := await look()):
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        await asyncio.sleep(0.05)
    return found
