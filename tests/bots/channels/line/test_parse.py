"""One stored LINE event in our own words. Guards item 3 of the way in."""

from typing import Any

import pytest

from bots.channels.line.parse import TOKEN_SECONDS, parse_event

USER = {"type": "user", "userId": "U1"}


def read(**event: Any) -> Any:
    return parse_event({"mode": "active", "source": USER} | event, 1_000.0)


def message(kind: Any, **more: Any) -> dict[str, Any]:
    return {"type": "message", "message": {"type": kind, "id": "m1"} | more}


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (message("text", text="ก"), "text"),
        (message("image"), "picture"),
        (message("video"), "file"),
        (message("audio"), "audio"),
        (message("file"), "file"),
        (message("location"), "location"),
        (message("sticker"), "sticker"),
        (message("hologram"), "other"),
        (message(5), "other"),
        ({"type": "message", "message": "x"}, "other"),
        ({"type": "message"}, "other"),
        ({"type": "postback", "postback": {"data": "m1:menu"}}, "press"),
        ({"type": "follow"}, "follow"),
        ({"type": "unfollow"}, "unfollow"),
        ({"type": "join"}, "join"),
        ({"type": "leave"}, "leave"),
        ({"type": "memberJoined"}, "other"),
        ({"type": "memberLeft"}, "other"),
        ({"type": "unsend", "unsend": {"messageId": "m0"}}, "unsend"),
        ({"type": "messageEdited", "message": {"text": "ข"}}, "edit"),
        ({"type": "beacon"}, "other"),
        ({"type": "accountLink"}, "other"),
        ({"type": "membership"}, "other"),
        ({"type": "module"}, "other"),
        ({"type": "somethingNew"}, "other"),
        ({"type": None}, "other"),
        ({}, "other"),
    ],
)
def test_each_kind_of_event_is_read_as_what_it_is(event: dict[str, Any], kind: str) -> None:
    assert read(**event).kind == kind


def test_a_reply_token_lives_from_the_moment_its_webhook_arrived() -> None:
    event = read(**message("text", text="ก"), replyToken="t")
    assert (event.handle, event.handle_until) == ("t", 1_000.0 + TOKEN_SECONDS)
    assert (read(type="unfollow").handle, read(type="unfollow").handle_until) == ("", 0.0)


def test_only_pictures_that_line_keeps_are_fetched() -> None:
    assert read(**message("image", contentProvider={"type": "line"})).media == "m1"
    assert read(**message("image")).media == "m1"
    elsewhere = {"type": "external", "originalContentUrl": "https://example.org/a.jpg"}
    assert read(**message("image", contentProvider=elsewhere)).media == ""
    assert read(**message("sticker")).media == ""


def test_a_place_has_numbers_or_none() -> None:
    place = read(**message("location", latitude=13.75, longitude=100))
    assert (place.latitude, place.longitude) == (13.75, 100.0)
    assert read(**message("location", latitude="13", longitude=None)).latitude is None


def test_in_a_group_only_a_mention_speaks_to_us() -> None:
    group = {"type": "group", "groupId": "C1", "userId": "U1"}
    said = read(**message("text", text="ก"), source=group)
    assert (said.place, said.addressed) == ("group", False)
    called = read(**message("text", text="@", mention={"mentionees": [{"isSelf": True}]}), source=group)
    assert called.addressed


def test_standby_is_noticed() -> None:
    assert read(**message("text", text="ก"), mode="standby").standby
    assert not read(**message("text", text="ก"), mode="something new").standby


@pytest.mark.parametrize(
    ("text", "mentionees", "said"),
    [
        ("@รู้ทัน RooTan ตรวจ ก", [{"isSelf": True, "index": 0, "length": 14}], "ตรวจ ก"),
        ("😀 @บอท ตรวจ @บอท", [{"isSelf": True, "index": i, "length": 4} for i in (3, 13)], "😀  ตรวจ"),
        ("@เอก ก", [{"isSelf": False, "index": 0, "length": 4}], "@เอก ก"),
        ("@บอท ก", [{"isSelf": True, "index": 0, "length": 400}], "@บอท ก"),
        ("@บอท ก", [{"isSelf": True, "index": -1, "length": "x"}], "@บอท ก"),
    ],
)
def test_our_own_name_is_not_part_of_what_was_said_in_a_group(
    text: str, mentionees: list[dict[str, object]], said: str
) -> None:
    group = {"type": "group", "groupId": "C1", "userId": "U1"}
    called = read(**message("text", text=text, mention={"mentionees": mentionees}), source=group)
    assert (called.text, called.author) == (said, "U1")
