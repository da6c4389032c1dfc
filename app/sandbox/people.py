"""The invented people: made in the simulator on first use, found again by platform and name."""

import asyncio
from collections.abc import Sequence

from app.sandbox.words import PEOPLE, Invented
from simulator.client import SimulatorClient
from simulator.phone import Person

# Two pages that open at once must not make everybody twice.
_making = asyncio.Lock()


async def gather_people(simulator: SimulatorClient) -> list[Person]:
    """Return everybody with a phone, the invented ones first and made where they are missing."""
    async with _making:
        found = await simulator.people()
        known = {(person.platform, person.name) for person in found}
        missing = [one for one in PEOPLE if (one.platform, one.name) not in known]
        made = [await _make(simulator, one) for one in missing]
    order = [(one.platform, one.name) for one in PEOPLE]
    return sorted(found + made, key=lambda person: _rank(order, person))


async def _make(simulator: SimulatorClient, one: Invented) -> Person:
    return await simulator.create_person(one.platform, one.name, following=one.friend, met=one.friend)


def _rank(order: Sequence[tuple[str, str]], person: Person) -> int:
    key = (person.platform, person.name)
    return order.index(key) if key in order else len(order)
