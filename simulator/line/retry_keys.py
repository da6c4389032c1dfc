"""`X-Line-Retry-Key`: an accepted call is remembered for 24 hours.

Source: LINE documentation, "Retrying an API request".
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from simulator.clock import Clock

LIFE_S = 24 * 3600.0
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Accepted(msgspec.Struct, kw_only=True, frozen=True):
    at: float
    request_id: str
    sent: list[dict[str, Any]]


class RetryKeys:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accepted: dict[str, Accepted] = {}

    def accepted(self, key: str) -> Accepted | None:
        found = self._accepted.get(key)
        if found is not None and self._clock.now() - found.at > LIFE_S:
            del self._accepted[key]
            return None
        return found

    def accept(self, key: str, request_id: str, sent: list[dict[str, Any]]) -> None:
        self._accepted[key] = Accepted(at=self._clock.now(), request_id=request_id, sent=sent)

    def clear(self) -> None:
        self._accepted.clear()


def is_uuid(key: str) -> bool:
    return _UUID.fullmatch(key) is not None
