"""Message in to reply out at a fixed rate: from the moment a webhook is posted to the reply's arrival at the platform."""

import asyncio
from typing import NamedTuple

from benchmarks.processes import Bench
from benchmarks.texts import people, webhooks
from benchmarks.turns import wait_for_replies


class Answering(NamedTuple):
    p50: float
    p95: float
    web_mb: float
    worker_mb: float


async def measure_answering(ground: Bench, *, rate: float = 100.0, seconds: float = 20.0) -> Answering:
    """Return latencies in ms over `rate` × `seconds` messages of as many people, and resident memory afterwards."""
    users = people(int(rate * seconds))
    port = await ground.start_service()
    await ground.simulator.reset()
    await ground.simulator.create_people("line", "n", ids=users)
    await ground.load(port, webhooks(users), connections=32)
    await wait_for_replies(ground, len(users))
    await ground.simulator.reset()
    await ground.simulator.create_people("line", "n", ids=users)
    # The tokens of a reply live for a minute: the bodies are made right before.
    measured = await ground.load(port, webhooks(users), connections=32, rate=rate)
    await wait_for_replies(ground, len(users))
    await asyncio.sleep(0.2)
    record = await ground.simulator.record()
    order = {user: n for n, user in enumerate(users)}
    began = measured["began_at"] + 0.05
    late = sorted((d.at - (began + order[d.person] / rate)) * 1000 for d in record.deliveries if d.effective)
    memory = ground.resident_mb("web"), ground.resident_mb("worker0")
    ground.stop("web", "worker0")
    return Answering(late[len(late) // 2], late[int(len(late) * 0.95)], *memory)
