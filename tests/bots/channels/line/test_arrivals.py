"""A LINE body taken apart: signature on the raw bytes, one arrival an event, nothing of a group kept. Guards 1, 6."""

from typing import Any

import orjson
import pytest

from bots.channels.line.arrivals import is_genuine, read_arrivals
from core.errors import InvalidInputError
from tests.support.house import sign

SECRET = b"a-secret"


def event(**more: Any) -> dict[str, Any]:
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000, "webhookEventId": "01E",
        "source": {"type": "user", "userId": "U1"}, "message": {"type": "text", "id": "m1", "text": "สวัสดี"},
    } | more  # fmt: skip


def arrivals(*events: Any) -> list[Any]:
    return read_arrivals(orjson.dumps({"destination": "U0", "events": list(events)}))


@pytest.mark.parametrize(
    "signature", ["", "x", "ไทย", sign(b"{}", "another-secret"), sign(b"{} ", "a-secret")]
)
def test_only_the_signature_of_these_very_bytes_is_genuine(signature: str) -> None:
    assert is_genuine(SECRET, b"{}", sign(b"{}", "a-secret"))
    assert not is_genuine(SECRET, b"{}", signature)


@pytest.mark.parametrize(
    "raw", [b"", b"x", b"[]", b"{}", b'{"events":{}}', b'{"events":null}', b"null", b"\xff"]
)
def test_what_is_no_webhook_body_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_arrivals(raw)


def test_no_events_are_no_arrivals() -> None:
    assert arrivals() == []


def test_an_event_keeps_its_id_its_address_its_place_in_time_and_its_words() -> None:
    (arrival,) = arrivals(event())
    assert arrival[:5] == ("line", "01E", "U1", 1_700_000_000_000, "m1")
    assert orjson.loads(arrival.body) == event()


def test_neighbours_that_are_no_objects_are_left_out_and_the_others_kept() -> None:
    assert [a.event_id for a in arrivals(1, event(), None, "x", event(webhookEventId="02E"))] == [
        "01E",
        "02E",
    ]


def test_an_event_without_an_id_is_known_by_what_it_says() -> None:
    bare = event()
    del bare["webhookEventId"]
    first, again, other = arrivals(bare, bare, bare | {"timestamp": 1})
    assert first.event_id == again.event_id != other.event_id


def test_two_different_events_of_one_body_under_one_id_are_both_kept() -> None:
    first, other, again = arrivals(event(), event(timestamp=2), event())
    assert first.event_id == again.event_id == "01E"
    assert other.event_id != "01E"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ({"type": "user", "userId": "U1"}, "U1"),
        ({"type": "group", "groupId": "C1", "userId": "U1"}, "C1"),
        ({"type": "room", "roomId": "R1", "userId": "U1"}, "R1"),
        ({"type": "group", "userId": "U1"}, None),
        ({"type": "user"}, None),
        ({"type": "user", "userId": 5}, None),
        ({}, None),
        (None, None),
        ("user", None),
        ({"type": "channel", "userId": "U1"}, "U1"),
    ],
)
def test_a_group_is_a_conversation_of_its_own(source: Any, address: str | None) -> None:
    (arrival,) = arrivals(event(source=source))
    assert arrival.address == address


GROUP = {"type": "group", "groupId": "C1", "userId": "U1"}


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({}, False),
        (
            {
                "message": {
                    "type": "text",
                    "id": "1",
                    "text": "@เรา",
                    "mention": {"mentionees": [{"isSelf": False}]},
                }
            },
            False,
        ),
        (
            {
                "message": {
                    "type": "text",
                    "id": "1",
                    "text": "@เรา",
                    "mention": {"mentionees": [{"isSelf": True}]},
                }
            },
            True,
        ),
        ({"message": {"type": "text", "id": "1", "mention": {"mentionees": "x"}}}, False),
        ({"message": {"type": "image", "id": "1"}}, False),
        ({"type": "messageEdited"}, False),
        ({"type": "join", "message": None}, True),
        ({"type": "unsend", "unsend": {"messageId": "1"}}, True),
    ],
)
def test_of_a_group_only_what_is_meant_for_us_is_kept(more: dict[str, Any], kept: object) -> None:
    (arrival,) = arrivals(event(source=GROUP, **more))
    assert bool(arrival.body) is kept


def test_an_unsend_names_the_message_it_takes_back() -> None:
    (arrival,) = arrivals(event(type="unsend", message=None, unsend={"messageId": "m7"}))
    assert arrival.message == "m7"


def test_an_event_nested_beyond_reason_is_kept_out_and_its_neighbours_stay() -> None:
    raw = orjson.dumps({"events": [event()]}).replace(
        b"[{", b'[{"type":"x","deep":' + b"[" * 600 + b"]" * 600 + b"},{"
    )
    assert "01E" in [a.event_id for a in read_arrivals(raw)]
