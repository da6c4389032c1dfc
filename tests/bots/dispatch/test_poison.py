"""Events that no code of ours can read: they hold up nobody, and nobody's other words are lost for them. Guards 2."""

from bots.channels.base import Arrival
from tests.bots.dispatch.test_dispatcher import DAO, EK, OFFER, hear, outcomes, said
from tests.support.house import QuietHouse


async def poison(quiet: QuietHouse, number: int, *, by: str = DAO) -> None:
    """An event that no code of ours can read: sealed and signed, and not JSON."""
    arrival = Arrival("line", f"01E{number}", by, 1_700_000_000_000 + number, "", b"{")
    await quiet.service._inbox.insert([arrival])


async def test_a_poisonous_event_does_not_hold_up_other_people(quiet: QuietHouse) -> None:
    await poison(quiet, 1, by=EK)
    await hear(quiet, said(2, OFFER))
    assert (await outcomes(quiet))["01E2"] == "answered"


async def test_a_poisonous_event_is_set_aside_and_its_person_goes_on(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, "สวัสดี"), turn=False)
    await poison(quiet, 2)
    await hear(quiet, said(3, "เมนู"), turn=False)
    await quiet.turn()
    assert (await outcomes(quiet))["01E1"] == "answered"
    for _ in range(6):
        await quiet.turn()
    assert await outcomes(quiet) == {"01E1": "answered", "01E2": "failed", "01E3": "answered"}


async def test_a_stranger_is_known_by_their_first_event_whichever_was_stored_first(quiet: QuietHouse) -> None:
    """Without the index nothing but the question itself brings the events of thirty strangers in order."""
    await quiet.rows("DROP INDEX ix_inbound_event_open")
    strangers = [f"U{number:032x}" for number in range(1, 31)]
    for number, stranger in enumerate(strangers, 1):
        await poison(quiet, 100 + number, by=stranger)
    await hear(quiet, *(said(n, "สวัสดี", by=who) for n, who in enumerate(strangers, 1)), turn=False)
    for number, stranger in enumerate(strangers, 1):
        await poison(quiet, 200 + number, by=stranger)
    for _ in range(6):
        await quiet.turn()
    found = await outcomes(quiet)
    assert {found[f"01E{number}"] for number in range(1, 31)} == {"answered"}


async def test_of_a_stranger_whose_first_event_is_poisonous_the_next_is_answered(quiet: QuietHouse) -> None:
    await poison(quiet, 1)
    await hear(quiet, said(2, "เมนู"), turn=False)
    for _ in range(6):
        await quiet.turn()
    assert await outcomes(quiet) == {"01E1": "failed", "01E2": "answered"}
