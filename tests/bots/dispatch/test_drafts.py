"""What a conversation remembers goes when its person stays silent, without waiting for their next message. Guards 18."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bots.dispatch.drafts import DRAFTS, tidied, tidy_conversations, tidy_day
from bots.dispatch.people import open_state
from bots.engine.steps import Aside, State
from core import clock
from core.clock import utc_now
from tests.conftest import MovableClock
from tests.support.house import QuietHouse

SPOKE = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NOW = SPOKE.timestamp()
DRAFT = State(
    dialogue="intake", step="asked", data={"answers": {"G0": ["self"]}}, code_word="มะม่วง", menu="report"
)


@pytest.fixture
def movable() -> Iterator[MovableClock]:
    """Begins now: keys and rows of the house are of today."""
    moving = MovableClock(datetime.now(UTC))
    clock.set_now(moving)
    yield moving
    clock.set_now(None)


async def says(quiet: QuietHouse, number: int, event: dict[str, Any], channel: str = "line") -> None:
    now = utc_now().timestamp()
    if channel == "telegram":
        message = {
            "message_id": number,
            "date": int(now),
            "chat": {"id": 7, "type": "private"},
            "text": event["text"],
        }
        assert await quiet.post_telegram({"update_id": number, "message": message}) == 200
    else:
        event |= {
            "mode": "active", "timestamp": int(now * 1_000), "webhookEventId": f"01E{number}",
            "replyToken": f"{number:032d}", "source": {"type": "user", "userId": "U" + "da0" * 10 + "da"},
        }  # fmt: skip
        assert await quiet.post_line({"destination": "U", "events": [event]}) == 200
    await quiet.turn()


def press(data: str) -> dict[str, Any]:
    return {"type": "postback", "postback": {"data": data}}


async def state_of(quiet: QuietHouse) -> State:
    (row,) = await quiet.rows(
        "SELECT c.id, c.state, k.id AS key_id, k.wrapped FROM conversation c JOIN channel_identity i"
        " ON i.id = c.identity_id JOIN contact t ON t.id = i.contact_id JOIN data_key k ON k.id = t.data_key_id"
    )
    state = open_state(quiet.keys.open(row.key_id, row.wrapped), row.id, row.state)
    assert state is not None
    return state


async def tidy(quiet: QuietHouse) -> int:
    return await tidy_conversations(quiet.database, quiet.keys, utc_now())


async def test_a_report_that_was_never_sent_goes_after_thirty_silent_days(
    quiet: QuietHouse, movable: MovableClock
) -> None:
    await says(quiet, 1, press("r1:begin"))
    assert (await state_of(quiet)).dialogue == "intake"
    movable.advance(days=29, hours=23)
    assert await tidy(quiet) == 0
    movable.advance(days=1, hours=1)
    assert await tidy(quiet) == 1
    after = await state_of(quiet)
    assert (after.dialogue, after.data, after.aside, after.media) == ("", {}, None, ())
    assert after.notice
    assert await tidy(quiet) == 0


async def test_who_writes_again_starts_the_time_anew(quiet: QuietHouse, movable: MovableClock) -> None:
    await says(quiet, 1, press("r1:begin"))
    movable.advance(days=20)
    await says(quiet, 2, press("r1:begin"))
    movable.advance(days=20)
    assert await tidy(quiet) == 0
    assert (await state_of(quiet)).dialogue == "intake"


async def test_on_telegram_ids_of_messages_go_once_nothing_can_be_deleted_by_them(
    quiet: QuietHouse, movable: MovableClock
) -> None:
    await says(quiet, 1, {"text": "สวัสดี"}, "telegram")
    assert (await state_of(quiet)).recent
    movable.advance(days=1)
    assert await tidy(quiet) == 0
    movable.advance(days=2)
    assert await tidy(quiet) == 1
    assert (await state_of(quiet)).recent == ()
    assert await quiet.value("SELECT tidy_on FROM conversation") is None


async def test_an_ordinary_conversation_is_never_looked_at(quiet: QuietHouse, movable: MovableClock) -> None:
    await says(quiet, 1, {"type": "message", "message": {"type": "text", "id": "1", "text": "สวัสดี"}})
    assert await quiet.value("SELECT tidy_on FROM conversation") is None
    movable.advance(days=400)
    assert await tidy(quiet) == 0


async def test_whom_we_can_not_read_is_left_alone_and_holds_up_nobody(
    quiet: QuietHouse, movable: MovableClock
) -> None:
    await says(quiet, 1, press("r1:begin"))
    await says(quiet, 2, {"text": "สวัสดี"}, "telegram")
    await quiet.rows(
        "UPDATE conversation SET state = '\\x00' WHERE identity_id = (SELECT id FROM channel_identity"
        " WHERE channel = 'line')"
    )
    movable.advance(days=31)
    assert await tidy(quiet) == 1


async def test_who_was_erased_is_passed_over(quiet: QuietHouse, movable: MovableClock) -> None:
    await says(quiet, 1, press("r1:begin"))
    await quiet.rows("UPDATE data_key SET wrapped = NULL WHERE purpose = 'contact'")
    movable.advance(days=31)
    assert await tidy(quiet) == 1
    assert await quiet.value("SELECT tidy_on FROM conversation") is None


@pytest.mark.parametrize("state", [
    DRAFT,
    State(dialogue="reported", data={"answers": {}}),
    State(aside=Aside("intake", "offered", {"answers": {}}, NOW)),
    State(media=(("m1", "picture"),)),
])  # fmt: skip
def test_what_is_a_draft_goes_and_only_that(state: State) -> None:
    assert tidy_day(state, SPOKE) == (SPOKE + DRAFTS).date() + timedelta(days=1)
    assert tidied(state, SPOKE, SPOKE + DRAFTS - timedelta(minutes=1)) == state
    after = tidied(state, SPOKE, SPOKE + DRAFTS)
    assert (after.dialogue, after.data, after.aside, after.media) == ("", {}, None, ())
    assert (after.code_word, after.menu) == (state.code_word, state.menu)


def test_behind_the_decoy_face_the_draft_goes_and_the_face_stays() -> None:
    state = State(dialogue="decoy", decoy=True, data={"since": NOW}, aside=Aside("intake", "", {}, NOW))
    after = tidied(state, SPOKE, SPOKE + DRAFTS)
    assert (after.decoy, after.dialogue, after.aside) == (True, "decoy", None)


def test_ids_go_before_drafts_do() -> None:
    state = State(dialogue="intake", recent=((5, int(NOW)),))
    assert tidy_day(state, SPOKE) == date(2026, 11, 26)
    after = tidied(state, SPOKE, SPOKE + timedelta(days=3))
    assert (after.recent, after.dialogue) == ((), "intake")
    assert tidy_day(after, SPOKE) == date(2026, 12, 24)
