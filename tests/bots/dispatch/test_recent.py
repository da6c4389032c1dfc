"""Which of the person's messages stand in their chat."""

from datetime import UTC, datetime, timedelta

from bots.dispatch.recent import DELETABLE_SECONDS, MOST, with_recent
from bots.engine.events import Event
from bots.engine.steps import State

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def heard(*numbers: int, at: datetime = NOW) -> list[tuple[Event, datetime]]:
    return [(Event("text", message=f"77:{number}"), at) for number in numbers]


def ids(state: State) -> list[int]:
    return [number for number, _ in state.recent]


def test_each_message_is_noted_once_with_the_second_it_came() -> None:
    state = with_recent(State(), heard(5, 6, 5), NOW)
    later = with_recent(state, heard(5, 7, at=NOW + timedelta(minutes=1)), NOW + timedelta(minutes=1))
    assert state.recent == ((5, int(NOW.timestamp())), (6, int(NOW.timestamp())))
    assert later.recent == (*state.recent, (7, int(NOW.timestamp()) + 60))


def test_what_can_no_more_be_deleted_is_forgotten() -> None:
    old = NOW - timedelta(seconds=DELETABLE_SECONDS)
    assert ids(with_recent(State(recent=((1, int(old.timestamp())),)), heard(2), NOW)) == [2]


def test_of_very_many_the_newest_are_known() -> None:
    assert ids(with_recent(State(), heard(*range(MOST + 50)), NOW)) == list(range(50, MOST + 50))


def test_groups_and_events_without_a_message_leave_nothing() -> None:
    events = [
        (Event("text", place="group", message="-9:4"), NOW),
        (Event("follow"), NOW),
        (Event("press", message="77:7"), NOW),
    ]
    assert ids(with_recent(State(), events, NOW)) == [7]
