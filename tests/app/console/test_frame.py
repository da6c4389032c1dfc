from app.console.frame import ROOMS, room_at, rooms_of
from app.console.texts import load_texts
from core.permissions import SCOPES
from tests.app.conftest import Browser


def test_everybody_sees_the_rooms_that_they_may_enter() -> None:
    for scopes in SCOPES.values():
        assert [room for room in ROOMS if room.scope in scopes] == rooms_of(scopes)
    assert not rooms_of(frozenset())


def test_a_page_lies_in_the_room_whose_address_it_begins_with() -> None:
    officer = SCOPES["hotline_officer"]
    queue = room_at("/console/referrals/1/thread", officer)
    assert queue is not None
    assert queue.name == "queue"
    assert room_at("/console/referralsx", officer) is None
    assert room_at("/console/staff", officer) is None


def test_every_room_has_its_name() -> None:
    assert {f"frame.{room.name}" for room in ROOMS} <= set(load_texts())


async def test_a_page_inside_a_room_says_where_it_lies(malee: Browser) -> None:
    page = (await malee.get("/console/campaigns/new")).text
    assert 'aria-current="page">' in page
    assert '<li><a href="/console/campaigns">' in page
    assert "page-help" in page
