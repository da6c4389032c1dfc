from typing import Any

import msgspec
import pytest

from bots.preview.actions import press_to_open
from bots.preview.line import view_line
from bots.preview.view import Attachment, Picture, Press, Run, Spot, Sticker, Unknown, View, Words

TEXT = {"type": "text", "text": "สวัสดีค่ะ"}
CHIPS = {
    "items": [
        {"type": "action", "action": {"type": "message", "label": "เมนู", "text": "ขอดูเมนู"}},
        {
            "type": "action",
            "action": {"type": "postback", "label": "แจ้ง", "data": "r:1", "displayText": "แจ้งเรื่อง"},
        },
        {"type": "action", "action": {"type": "location", "label": "ส่งตำแหน่ง"}},
        {"type": "action", "action": {"type": "camera", "label": "ถ่ายรูป"}},
    ]
}


def view_one(message: dict[str, Any]) -> View:
    return view_line([message])[0]


@pytest.mark.parametrize(
    ("message", "part"),
    [
        (TEXT, Words((Run("สวัสดีค่ะ"),))),
        (
            {"type": "image", "originalContentUrl": "https://a/o.jpg", "previewImageUrl": "https://a/p.jpg"},
            Picture("https://a/p.jpg", "ส่งรูปภาพ"),
        ),
        (
            {"type": "video", "originalContentUrl": "https://a/o.mp4", "previewImageUrl": "https://a/p.jpg"},
            Picture("https://a/p.jpg", "ส่งวิดีโอ", play=True),
        ),
        ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, Sticker("สติกเกอร์ 1988")),
        (
            {"type": "location", "title": "บ้าน", "address": "สระแก้ว", "latitude": 13.8, "longitude": 102.5},
            Spot("บ้าน", "สระแก้ว", 13.8, 102.5),
        ),
        (
            {"type": "audio", "originalContentUrl": "https://a/x.m4a", "duration": 63000},
            Attachment("audio", "ข้อความเสียง", "1:03"),
        ),
        ({"type": "coupon", "couponId": "1"}, Unknown("coupon")),
        ({"type": "hologram"}, Unknown("hologram")),
        ({}, Unknown("message")),
    ],
)
def test_it_draws_each_kind_of_message(message: dict[str, Any], part: Any) -> None:
    assert view_one(message).parts == (part,)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (TEXT, "สวัสดีค่ะ"),
        ({"type": "text", "text": "บรรทัดแรก\n\nบรรทัดสอง"}, "บรรทัดแรก บรรทัดสอง"),
        ({"type": "flex", "altText": "ผลตรวจข้อความของคุณพร้อมแล้ว", "contents": {}}, "ผลตรวจข้อความของคุณพร้อมแล้ว"),
        ({"type": "template", "altText": "เลือก", "template": {}}, "เลือก"),
        ({"type": "image"}, "ส่งรูปภาพ"),
        ({"type": "sticker"}, "ส่งสติกเกอร์"),
        ({"type": "hologram"}, "ส่งข้อความ"),
    ],
)
def test_it_knows_the_line_a_lock_screen_shows(message: dict[str, Any], line: str) -> None:
    assert view_one(message).notice == line


def test_quick_replies_become_chips_and_say_what_pressing_does() -> None:
    assert view_one({**TEXT, "quickReply": CHIPS}).chips == (
        Press("say", "เมนู", "ขอดูเมนู", "ขอดูเมนู"),
        Press("postback", "แจ้ง", "r:1", "แจ้งเรื่อง"),
        Press("place", "ส่งตำแหน่ง"),
        Press("camera", "ถ่ายรูป"),
    )


def test_only_the_last_message_keeps_its_chips() -> None:
    first, second = view_line([{**TEXT, "quickReply": CHIPS}, {**TEXT, "quickReply": CHIPS}])
    assert (first.chips, len(second.chips)) == ((), 4)


def test_emoji_stand_where_their_index_in_utf_16_points() -> None:
    view = view_one(
        {"type": "text", "text": "😀$ ราคา $5", "emojis": [{"index": 2, "productId": "p", "emojiId": "e"}]}
    )
    assert view.parts == (Words((Run("😀🙂 ราคา $5"),)),)


def test_a_mention_is_a_run_of_its_own() -> None:
    everyone = {"type": "mention", "mentionee": {"type": "all"}}
    view = view_one({"type": "textV2", "text": "ถึง {all} นะ {other}", "substitution": {"all": everyone}})
    assert view.parts == (Words((Run("ถึง "), Run("@ทุกคน", mention=True), Run(" นะ {other}"))),)
    assert view.notice == "ถึง @ทุกคน นะ {other}"


def test_the_name_a_message_is_sent_under_shows() -> None:
    assert view_one({**TEXT, "sender": {"name": "ดาว"}}).sender == "ดาว"


@pytest.mark.parametrize(
    "message",
    [
        {"type": 5, "text": ["x"]},
        {"type": "text", "text": None, "emojis": "x", "quickReply": {"items": [None, 3, {"action": 1}]}},
        {"type": "flex", "altText": 1, "contents": [1, 2]},
        {
            "type": "flex",
            "contents": {"type": "carousel", "contents": [None, {"type": "bubble", "body": "x"}]},
        },
        {
            "type": "imagemap",
            "actions": [{"area": {"x": "a", "width": -3}}],
            "baseSize": {"width": 0, "height": "b"},
        },
        {"type": "template", "template": {"type": "carousel", "columns": "x"}},
        {"type": "location", "latitude": "x", "longitude": True},
    ],
)
def test_it_never_breaks_on_a_malformed_message(message: dict[str, Any]) -> None:
    assert msgspec.json.encode(view_one(message))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://doe.go.th", "open"),
        ("tel:1694", "open"),
        ("line://nv/chat", "open"),
        ("javascript:alert(1)", "nothing"),
        ("data:text/html,x", "nothing"),
        ("http://[broken", "nothing"),
        ("", "nothing"),
    ],
)
def test_only_addresses_a_phone_opens_become_links(address: str, kind: str) -> None:
    assert press_to_open("เปิด", address).kind == kind
