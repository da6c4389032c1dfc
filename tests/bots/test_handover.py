"""Two batches on their way, and nobody's later event before an earlier one. Guards 2."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence

from bots.channels.base import Arrival
from bots.inbox import Handover, Request


def request(number: int, *people: str | None) -> Request:
    """A request with an event of each of these people."""
    stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    return Request([Arrival("line", f"{number}-{p}", p, number, "", b"{}") for p in people], stored)


def numbers(requests: Sequence[Request]) -> list[int]:
    return [r.arrivals[0].position for r in requests]


async def test_others_go_while_a_later_event_of_the_same_person_waits() -> None:
    handover = Handover()
    handover.add(request(1, "dao"))
    first = handover.take(10)
    handover.add(request(2, "dao"))
    handover.add(request(3, "ek"))
    assert (numbers(first), numbers(handover.take(10)), len(handover)) == ([1], [3], 1)
    assert handover.take(10) == []
    handover.done(first)
    assert numbers(handover.take(10)) == [2]


async def test_whoever_shares_a_request_with_one_who_waits_waits_too_and_so_does_their_next() -> None:
    handover = Handover()
    handover.add(request(1, "dao"))
    first = handover.take(10)
    handover.add(request(2, "dao", "ek"))
    handover.add(request(3, "ek"))
    assert handover.take(10) == []
    handover.done(first)
    assert numbers(handover.take(10)) == [2, 3]


async def test_events_of_nobody_wait_for_nobody() -> None:
    handover = Handover()
    handover.add(request(1, None))
    assert numbers(handover.take(10)) == [1]
    handover.add(request(2, None))
    assert numbers(handover.take(10)) == [2]


async def test_a_person_on_another_channel_is_another() -> None:
    handover = Handover()
    handover.add(request(1, "7"))
    handover.take(10)
    other = request(2, "7")
    handover.add(other._replace(arrivals=[other.arrivals[0]._replace(channel="telegram")]))
    assert numbers(handover.take(10)) == [2]


async def test_a_batch_has_its_limit_and_who_was_left_out_keeps_their_order() -> None:
    handover = Handover()
    for number, person in enumerate(("dao", "ek", "dao", "ek")):
        handover.add(request(number, person))
    taken = handover.take(1)
    assert numbers(taken) == [0]
    assert numbers(handover.take(1)) == [1]
    handover.done(taken)
    assert numbers(handover.take(5)) == [2]


async def test_in_whatever_order_batches_end_everybody_is_written_in_their_own_order() -> None:
    draw = random.Random(2569)
    for _ in range(60):
        handover, written = Handover(), defaultdict(list)
        under_way: list[list[Request]] = []
        coming = [
            request(n, *(draw.choice("abcdef") for _ in range(draw.choice((1, 1, 1, 2))))) for n in range(40)
        ]
        while coming or under_way or len(handover):
            for _ in range(draw.randrange(4)):
                if coming:
                    handover.add(coming.pop(0))
            if len(under_way) < 2 and (taken := handover.take(draw.randrange(1, 6))):
                under_way.append(taken)
            if under_way and draw.random() < 0.5:
                ended = under_way.pop(draw.randrange(len(under_way)))
                for arrival in (arrival for one in ended for arrival in one.arrivals):
                    written[arrival.address].append(arrival.position)
                handover.done(ended)
        assert sum(map(len, written.values())) >= 40
        assert all(order == sorted(order) for order in written.values())
