"""What wakes a worker: one look at the queue for all that was announced before it, and nothing for others' finished jobs.

PgQueuer announces every inserted and every deleted job to every worker, whatever kind of job it is, and each announcement
costs a worker four queries. A process has several workers, so that slow jobs keep nobody waiting: with each of them woken
by each turn, a hundred messages a second were more than two cores could do (p95 9.8 s; five workers made 23 of 42
statements a message). Those that seldom have work therefore rest between two looks.
"""

import asyncio

import asyncpg
import orjson
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.ports.driver import NotifyCallback


class SparingDriver(AsyncpgPoolDriver):
    """PgQueuer's driver that passes on one change of the queue between two looks at it.

    `rest` is how many seconds lie between two looks that others' changes bring about; the first is at once.
    """

    def __init__(self, pool: asyncpg.Pool, *, rest: float = 0.0) -> None:
        super().__init__(pool)
        self._rest = rest
        self._looked_at = -rest
        # A change was passed on and not looked at yet: that look will see whatever is announced meanwhile.
        self._look_is_due = False
        # The last change that was passed on, for waking the loop again.
        self._last: tuple[NotifyCallback, str | bytes | bytearray] | None = None

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        def pass_on(payload: str | bytes | bytearray) -> None:
            event = orjson.loads(payload)
            if event.get("type") != "table_changed_event":
                callback(payload)
            elif event.get("operation") != "delete":
                self._last = callback, payload
                self.wake(self._looked_at + self._rest - asyncio.get_running_loop().time())

        await super().add_listener(channel, pass_on)

    def wake(self, wait: float = 0.0) -> None:
        """Have the queue looked at, in so many seconds: something was announced, or jobs of our own ended and left room."""
        if self._last is None or self._look_is_due:
            return
        if wait > 0:
            self._look_is_due = True
            asyncio.get_running_loop().call_later(wait, self._pass_on)
        else:
            self._pass_on()

    def looking(self) -> None:
        """Note that the queue is about to be looked at; what is announced from now on needs another look."""
        self._look_is_due = False
        self._looked_at = asyncio.get_running_loop().time()

    def _pass_on(self) -> None:
        if self._last is not None:
            callback, payload = self._last
            self._look_is_due = True
            callback(payload)


async def leave_as_is(_connection: asyncpg.Connection) -> None:
    """Reset nothing between two statements of the engine: they leave nothing behind, and resetting is a call of its own."""
