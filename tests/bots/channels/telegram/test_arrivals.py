"""One Telegram update, its envelope only. Guards 1, 6."""

from typing import Any

import orjson
import pytest

from bots.channels.telegram.arrivals import is_genuine, read_arrivals
from bots.channels.telegram.parse import parse_update
from core.errors import InvalidInputError

CHAT = {"id": 7, "type": "private"}


def read(update: Any, name: str = "rootan_bot") -> Any:
    (arrival,) = read_arrivals(orjson.dumps(update), name)
    return arrival


def update(**more: Any) -> dict[str, Any]:
    return {"update_id": 5, "message": {"message_id": 3, "date": 1, "chat": CHAT, "text": "สวัสดี"}} | more


@pytest.mark.parametrize("header", ["", "s", "secre", "secret ", "Secret", "ไทย"])
def test_only_the_whole_secret_is_genuine(header: str) -> None:
    assert is_genuine(b"secret", "secret")
    assert not is_genuine(b"secret", header)


@pytest.mark.parametrize(
    "raw",
    [b"", b"x", b"[]", b"{}", b"null", b'{"update_id":"5"}', b'{"update_id":true}', b'{"update_id":1.5}',
     b'{"update_id":99999999999999999999}'],
)  # fmt: skip
def test_what_is_no_update_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_arrivals(raw)


def test_an_update_keeps_its_number_its_chat_and_its_message() -> None:
    arrival = read(update())
    assert arrival[:5] == ("telegram", "5", "7", 5, "7:3")
    assert orjson.loads(arrival.body) == update()


@pytest.mark.parametrize(
    ("more", "address"),
    [
        (
            {
                "callback_query": {
                    "id": "q",
                    "from": {"id": 9},
                    "message": {"message_id": 1, "chat": {"id": 8}},
                }
            },
            "8",
        ),
        ({"callback_query": {"id": "q", "from": {"id": 9}}}, "9"),
        ({"callback_query": "x"}, None),
        ({"my_chat_member": {"chat": {"id": -4, "type": "group"}}}, "-4"),
        ({"edited_message": {"chat": {"id": 7}, "message_id": 3}}, "7"),
        ({"message": {"chat": {"id": "7"}}}, None),
        ({"message": None}, None),
        ({"poll": {"id": "1"}}, None),
        ({"something_new": {"chat": {"id": 7}}}, None),
    ],
)
def test_whose_it_is(more: dict[str, Any], address: str | None) -> None:
    assert read({"update_id": 5} | more).address == address


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ({"text": "คุยกันเอง"}, 0),
        ({"text": "@Rootan_Bot ช่วยดูหน่อย"}, 1),
        ({"caption": "@rootan_bot"}, 1),
        ({"text": "ตอบ", "reply_to_message": {"from": {"is_bot": True, "username": "rootan_bot"}}}, 1),
        ({"text": "ตอบ", "reply_to_message": {"from": {"is_bot": True, "username": "another_bot"}}}, 0),
        ({"text": "ตอบ", "reply_to_message": {"from": {"is_bot": False}}}, 0),
        ({"text": "@rootan_bot_2 ไม่ใช่เรา"}, 0),
        ({"text": "/check รับแอดมิน"}, 1),
        ({"text": "/check@rootan_bot รับแอดมิน"}, 1),
        ({"text": "/check@another_bot รับแอดมิน"}, 0),
        ({"text": "/checkers"}, 0),
        ({"photo": [{"file_id": "x"}]}, 0),
        ({"migrate_to_chat_id": -100}, 1),
        ({"new_chat_members": []}, 1),
    ],
)
@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_of_a_group_only_what_is_meant_for_us_is_kept(kind: str, message: dict[str, Any], kept: int) -> None:
    whole = {"message_id": 1, "chat": {"id": -4, "type": kind}} | message
    assert bool(read({"update_id": 5, "message": whole}).body) == bool(kept)
    assert bool(read({"update_id": 5, "edited_message": whole}).body) == bool(kept)


@pytest.mark.parametrize(
    "what", ["channel_post", "edited_channel_post", "business_message", "chat_join_request"]
)
def test_what_is_said_in_channels_is_not_kept(what: str) -> None:
    post = {"message_id": 1, "chat": {"id": -4, "type": "channel"}, "text": "ข่าว"}
    assert read({"update_id": 5, what: post}).body == b""


def test_without_our_name_a_mention_goes_unnoticed_rather_than_kept() -> None:
    whole = {"message_id": 1, "chat": {"id": -4, "type": "group"}, "text": "@rootan_bot"}
    assert read({"update_id": 5, "message": whole}, "").body == b""


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ({"message": {"chat": CHAT, "text": "ก"}}, "text"),
        ({"message": {"chat": CHAT, "photo": [{"file_id": "f"}], "caption": "ก"}}, "picture"),
        ({"message": {"chat": CHAT, "document": {"file_id": "f", "mime_type": "image/png"}}}, "picture"),
        ({"message": {"chat": CHAT, "document": {"file_id": "f", "mime_type": "application/pdf"}}}, "file"),
        ({"message": {"chat": CHAT, "document": "x"}}, "file"),
        ({"message": {"chat": CHAT, "video": {"file_id": "f"}}}, "file"),
        ({"message": {"chat": CHAT, "voice": {"file_id": "f"}}}, "audio"),
        ({"message": {"chat": CHAT, "audio": {"file_id": "f"}}}, "audio"),
        ({"message": {"chat": CHAT, "sticker": {}}}, "sticker"),
        ({"message": {"chat": CHAT, "location": {"latitude": 1, "longitude": 2}}}, "location"),
        ({"message": {"chat": CHAT, "venue": {}, "location": {}}}, "location"),
        ({"message": {"chat": CHAT, "contact": {}}}, "contact_card"),
        ({"message": {"chat": CHAT, "dice": {}}}, "other"),
        ({"message": None}, "other"),
        ({"edited_message": {"chat": CHAT, "text": "ข"}}, "edit"),
        ({"callback_query": {"id": "q", "data": "m1:menu"}}, "press"),
        ({"callback_query": None}, "press"),
        ({"my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "kicked"}}}, "unfollow"),
        ({"my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "member"}}}, "follow"),
        (
            {"my_chat_member": {"chat": {"id": -4, "type": "group"}, "new_chat_member": {"status": "left"}}},
            "leave",
        ),
        (
            {
                "my_chat_member": {
                    "chat": {"id": -4, "type": "group"},
                    "new_chat_member": {"status": "member"},
                }
            },
            "join",
        ),
        ({"my_chat_member": "x"}, "join"),
        ({"inline_query": {}}, "other"),
    ],
)
def test_each_kind_of_update_is_read_as_what_it_is(what: dict[str, Any], kind: str) -> None:
    assert parse_update({"update_id": 1} | what, 100.0).kind == kind
