"""Full turns a second, beside the SDK's echo that replies and stores nothing."""

import asyncio
import statistics
import time
from typing import NamedTuple

from benchmarks.processes import Bench
from benchmarks.texts import people, webhooks

_WAIT_SECONDS = 120.0
# As in compose.yaml. The peer is one process, as its own documentation runs it.
_WORKERS = 2
_NAMES = tuple(f"worker{number}" for number in range(_WORKERS))


class Rates(NamedTuple):
    ours: list[float]
    echo: list[float]

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.ours, self.echo, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


async def replies_effective(ground: Bench) -> int:
    record = await ground.simulator.record()
    return sum(1 for delivery in record.deliveries if delivery.effective)


async def wait_for_replies(ground: Bench, wanted: int) -> float:
    """Wait until so many people were answered; return when the last answer arrived (seconds since 1970)."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        record = await ground.simulator.record()
        arrived = [delivery.at for delivery in record.deliveries if delivery.effective]
        if len(arrived) >= wanted:
            return max(arrived)
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(arrived)} of {wanted} answers arrived; see {ground.folder}")
        await asyncio.sleep(0.5)


async def one_run(ground: Bench, port: int, users: list[str]) -> float:
    """Send one message a person, as fast as they are taken, and return answered people a second."""
    await ground.simulator.reset()
    await ground.simulator.create_people("line", "n", ids=users)
    requests = webhooks(users)
    sent = await ground.load(port, requests, connections=64)
    last = await wait_for_replies(ground, len(users))
    return len(users) / (last - sent["began_at"])


async def measure_turns(ground: Bench, *, messages: int = 2_000, rounds: int = 5) -> Rates:
    """Alternate with the peer; each person wrote once before, so that both measure steady turns."""
    ours, echo = [], []
    users = people(messages)
    port = await ground.start_service(workers=_WORKERS)
    await one_run(ground, port, users)
    ground.stop("web", *_NAMES)
    for _ in range(rounds):
        port = await ground.start_echo(replies=True)
        await one_run(ground, port, users[:200])
        echo.append(await one_run(ground, port, users))
        ground.stop("echo")
        port = await ground.start_service(workers=_WORKERS)
        await one_run(ground, port, users[:200])
        ours.append(await one_run(ground, port, users))
        ground.stop("web", *_NAMES)
    return Rates(ours, echo)
