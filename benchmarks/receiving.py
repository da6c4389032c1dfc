"""Durable webhooks a second beside the SDK's echo that stores nothing, and latency at half of our peak."""

from typing import NamedTuple

from benchmarks.processes import Bench
from benchmarks.texts import people, webhooks
from benchmarks.turns import Rates

# As from a platform that delivers for many people at once; the peer is as fast with fewer.
_CONNECTIONS = 128


class Receiving(NamedTuple):
    rates: Rates
    # 99th percentile of webhook answers in ms, at half of the median peak.
    p99_at_half: float


async def measure_receiving(ground: Bench, *, requests: int = 6_000, rounds: int = 5) -> Receiving:
    """Only the web process runs: what is measured is being stored, or for the peer being parsed."""
    ours, echo = [], []
    users = people(requests)
    for _ in range(rounds):
        port = await ground.start_echo(replies=False)
        await ground.load(port, webhooks(users[:500]), connections=_CONNECTIONS)
        echo.append((await ground.load(port, webhooks(users), connections=_CONNECTIONS))["per_second"])
        ground.stop("echo")
        port = await ground.start_service(workers=0)
        await ground.load(port, webhooks(users[:500]), connections=_CONNECTIONS)
        ours.append((await ground.load(port, webhooks(users), connections=_CONNECTIONS))["per_second"])
        ground.stop("web")
    port = await ground.start_service(workers=0)
    rate = sorted(ours)[len(ours) // 2] / 2
    at_half = await ground.load(port, webhooks(users), connections=_CONNECTIONS, rate=rate)
    ground.stop("web")
    return Receiving(Rates(ours, echo), at_half["p99"])
