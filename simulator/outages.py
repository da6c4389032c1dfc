"""Takes one call through the faults that strike it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from simulator.asgi import Request, Response
from simulator.faults import Fault

Effect = Callable[[], Response]
Refusal = Callable[[Fault], Response]


async def answer_through(faults: list[Fault], request: Request, effect: Effect, refuse: Refusal) -> Response:
    """`effect` does what was asked and words the answer; `refuse` words a failure that had no effect.

    Raises NoAnswerError where the fault is silence or a cut line.
    """
    for fault in faults:
        if fault.kind == "slow":
            await asyncio.sleep(fault.value / 1000)
    decisive = decisive_of(faults)
    if decisive is None:
        return effect()
    request.note = decisive.kind
    if decisive.kind.endswith("_after_effect"):
        effect()
    if decisive.kind.startswith("timeout"):
        refuse_quietly(decisive, refuse)
        await request.wait_until_given_up()
    if decisive.kind.startswith("disconnect"):
        refuse_quietly(decisive, refuse)
        await request.cut()
    return refuse(decisive)


def decisive_of(faults: list[Fault]) -> Fault | None:
    """The fault that decides the outcome: the oldest that is more than slowness."""
    return next((fault for fault in faults if fault.kind != "slow"), None)


def has_effect(faults: list[Fault]) -> bool:
    """Whether the call does what was asked, whatever its caller is told."""
    decisive = decisive_of(faults)
    return decisive is None or decisive.kind.endswith("_after_effect")


def refuse_quietly(fault: Fault, refuse: Refusal) -> None:
    """Lets the platform note a call without effect that gets no answer either."""
    if not fault.kind.endswith("_after_effect"):
        refuse(fault)
