"""Two batches of events on their way at once, and still nobody's later event before an earlier one.

A request waits while an earlier one of any of its people is being written: that one may yet go to the spool, and the
later one must then queue up behind it there.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from bots.channels.base import Arrival

# A platform's name and its id of a person or group.
Address = tuple[str, str]


class Request(NamedTuple):
    """The events of one webhook request, and what its answer waits for."""

    arrivals: list[Arrival]
    stored: "asyncio.Future[None]"

    def addresses(self) -> set[Address]:
        """Whose events these are; those of nobody have no order to keep."""
        return {(a.channel, a.address) for a in self.arrivals if a.address is not None}


class Handover:
    """Waiting requests in order of arrival, and the people whose events are being written."""

    def __init__(self) -> None:
        self._waiting: list[Request] = []
        self._under_way: set[Address] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, request: Request) -> None:
        self._waiting.append(request)

    def take(self, most: int) -> list[Request]:
        """Take up to `most` requests that wait for nobody; their people are under way until `done`."""
        blocked = set(self._under_way)
        free: list[Request] = []
        behind: list[Request] = []
        for request in self._waiting:
            addresses = request.addresses()
            if len(free) < most and blocked.isdisjoint(addresses):
                free.append(request)
                self._under_way |= addresses
            else:
                behind.append(request)
                blocked |= addresses
        self._waiting = behind
        return free

    def done(self, requests: Sequence[Request]) -> None:
        """Whatever became of them: who waited behind their people may go."""
        for request in requests:
            self._under_way -= request.addresses()
