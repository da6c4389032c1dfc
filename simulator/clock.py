"""Wall time plus an offset, so that tokens can be aged without waiting."""

from __future__ import annotations

import time


class Clock:
    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch, as the simulated platforms see it."""
        return time.time() + self._offset

    def now_ms(self) -> int:
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("The simulated clock only goes forward: give seconds ≥ 0.")
        self._offset += seconds

    def reset(self) -> None:
        """Back to wall time."""
        self._offset = 0.0
