"""What wakes a worker: one look at the queue for all that was announced before it, and nothing for others' finished jobs.

PgQueuer announces every inserted and every deleted job to every worker, and each announcement costs a worker three
queries. Under load that was 5 % of a worker's time and as much of the database's.
"""

import asyncpg
import orjson
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.ports.driver import NotifyCallback


class SparingDriver(AsyncpgPoolDriver):
    """PgQueuer's driver that passes on one change of the queue between two looks at it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool)
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
                self.wake()

        await super().add_listener(channel, pass_on)

    def wake(self) -> None:
        """Have the queue looked at: something was announced, or jobs of our own ended and left room."""
        if self._last is not None and not self._look_is_due:
            callback, payload = self._last
            self._look_is_due = True
            callback(payload)

    def looking(self) -> None:
        """Note that the queue is about to be looked at; what is announced from now on needs another look."""
        self._look_is_due = False


async def leave_as_is(_connection: asyncpg.Connection) -> None:
    """Reset nothing between two statements of the engine: they leave nothing behind, and resetting is a call of its own."""
