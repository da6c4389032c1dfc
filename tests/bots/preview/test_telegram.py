import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bots.preview.telegram import view_telegram, view_telegram_message
from bots.preview.telegram_text import words_of_html
from bots.preview.view import Attachment, Picture, Press, Run, Spot, Sticker, Unknown, Words

HTML = "<b>⛔ อันตราย</b>\nอย่าเพิ่งโอน\n<blockquote>“ปอยเปต”</blockquote>\nถาม <a href='https://doe.go.th'>กรมจัดหางาน</a>"
KEYS = {
    "inline_keyboard": [
        [{"text": "แจ้งเรื่องนี้", "callback_data": "report:1"}, {"text": "เว็บ", "url": "https://a.b"}],
        [{"text": "คัดลอก", "copy_text": {"text": "1300"}}, {"text": "จ่าย", "pay": True}],
    ]
}


@pytest.mark.parametrize("markup", [KEYS, json.dumps(KEYS)], ids=["nested", "as a form field"])
def test_an_html_message_is_cut_into_blocks_and_keeps_its_keyboard(markup: Any) -> None:
    view = view_telegram(
        "sendMessage", {"chat_id": 1, "text": HTML, "parse_mode": "HTML", "reply_markup": markup}
    )
    assert view.parts == (
        Words((Run("⛔ อันตราย", bold=True), Run("\nอย่าเพิ่งโอน"))),
        Words((Run("“ปอยเปต”"),), block="quote"),
        Words((Run("ถาม "), Run("กรมจัดหางาน", link="https://doe.go.th"))),
    )
    assert view.keys == (
        (Press("postback", "แจ้งเรื่องนี้", "report:1"), Press("open", "เว็บ", "https://a.b")),
        (Press("copy", "คัดลอก", "1300"), Press("nothing", "จ่าย")),
    )
    assert view.notice == "⛔ อันตราย อย่าเพิ่งโอน “ปอยเปต” ถาม กรมจัดหางาน"


@pytest.mark.parametrize(
    ("html", "runs"),
    [
        ("<i>เอน</i>", (Run("เอน", italic=True),)),
        ("<u>ขีด</u><s>ฆ่า</s>", (Run("ขีด", underline=True), Run("ฆ่า", strike=True))),
        ("<b>ก<i>ข</i></b>", (Run("ก", bold=True), Run("ข", bold=True, italic=True))),
        ("<tg-spoiler>ลับ</tg-spoiler>", (Run("ลับ", spoiler=True),)),
        ("<code>1+1</code>", (Run("1+1", code=True),)),
        ("5 &lt; 6 &amp; 7", (Run("5 < 6 & 7"),)),
        ("<b>ค้าง", (Run("ค้าง", bold=True),)),
        ("แท็ก <marquee>", (Run("แท็ก <marquee>"),)),
        ("หลุด</b>", (Run("หลุด</b>"),)),
    ],
)
def test_each_mark_of_html_becomes_a_style(html: str, runs: tuple[Run, ...]) -> None:
    assert words_of_html(html) == (Words(runs),)


def test_entities_count_utf_16_units() -> None:
    view = view_telegram_message(
        {
            "message_id": 1,
            "text": "😀 ตัวหนา @rootan_bot https://a.b",
            "entities": [
                {"type": "bold", "offset": 3, "length": 6},
                {"type": "mention", "offset": 10, "length": 11},
                {"type": "url", "offset": 22, "length": 11},
            ],
        }
    )
    assert view.parts == (
        Words(
            (
                Run("😀 "),
                Run("ตัวหนา", bold=True),
                Run(" "),
                Run("@rootan_bot", mention=True),
                Run(" "),
                Run("https://a.b", link="https://a.b"),
            )
        ),
    )


def test_a_spoiler_stays_hidden_on_the_lock_screen() -> None:
    view = view_telegram("sendMessage", {"text": "รหัส <tg-spoiler>1234</tg-spoiler>", "parse_mode": "HTML"})
    assert view.notice == "รหัส ▒"


@pytest.mark.parametrize(
    ("method", "params", "part", "notice"),
    [
        ("sendPhoto", {"photo": "https://a/p.jpg"}, Picture("https://a/p.jpg", "ส่งรูปภาพ"), "ส่งรูปภาพ"),
        ("sendPhoto", {"photo": "AgACAgUAAx0"}, Picture("", "ส่งรูปภาพ"), "ส่งรูปภาพ"),
        ("sendLocation", {"latitude": 13.7, "longitude": 100.5}, Spot("", "", 13.7, 100.5), "ส่งตำแหน่ง"),
        (
            "sendVenue",
            {"latitude": "x", "longitude": 100, "title": "ศูนย์", "address": "ตาก"},
            Spot("ศูนย์", "ตาก", 0.0, 100),
            "ส่งตำแหน่ง",
        ),
        ("sendVoice", {"voice": "x", "duration": 65}, Attachment("audio", "ข้อความเสียง", "1:05"), "ส่งเสียง"),
        (
            "sendContact",
            {"first_name": "สายด่วน", "phone_number": "1300"},
            Attachment("contact", "สายด่วน", "1300"),
            "ส่งรายชื่อติดต่อ",
        ),
        ("sendDice", {"emoji": "🎲"}, Unknown("sendDice"), "ส่งข้อความ"),
    ],
)
def test_each_method_is_drawn(method: str, params: dict[str, Any], part: Any, notice: str) -> None:
    view = view_telegram(method, params)
    assert view.parts == (part,)
    assert view.notice == notice


def test_a_caption_stands_under_its_photo_and_is_the_notice() -> None:
    view = view_telegram(
        "sendPhoto", {"photo": "https://a/p.jpg", "caption": "<b>ดู</b>", "parse_mode": "HTML"}
    )
    assert view.parts[1:] == (Words((Run("ดู", bold=True),)),)
    assert view.notice == "ดู"


def test_messages_of_people_are_drawn_too() -> None:
    sticker = view_telegram_message({"sticker": {"emoji": "😢", "width": 512}})
    assert sticker.parts == (Sticker("สติกเกอร์", "😢"),)
    assert sticker.notice == "😢 สติกเกอร์"
    venue = {
        "venue": {"location": {"latitude": 1, "longitude": 2}, "title": "ก", "address": "ข"},
        "location": {},
    }
    assert view_telegram_message(venue).parts == (Spot("ก", "ข", 1, 2),)
    assert view_telegram_message({"document": {"file_name": "สัญญา.pdf"}}).parts == (
        Attachment("file", "สัญญา.pdf"),
    )


def test_a_reply_keyboard_says_or_asks_for_something_of_the_phone() -> None:
    markup = {
        "keyboard": [
            ["เมนู", {"text": "ส่งเบอร์", "request_contact": True}],
            [{"text": "อยู่ไหน", "request_location": True}],
        ]
    }
    view = view_telegram("sendMessage", {"text": "ก", "reply_markup": markup})
    assert view.keyboard == (
        (Press("say", "เมนู", "เมนู", "เมนู"), Press("contact", "ส่งเบอร์")),
        (Press("place", "อยู่ไหน"),),
    )
    assert view_telegram(
        "sendMessage", {"text": "ก", "reply_markup": {"remove_keyboard": True}}
    ).removes_keyboard


@pytest.mark.parametrize(
    "params",
    [
        {"text": 5},
        {"text": "[not json", "reply_markup": "{broken"},
        {"text": "ก", "entities": [{"type": "bold", "offset": -4, "length": 99}, None, {"type": "bold"}]},
        {"text": "ก", "reply_markup": {"inline_keyboard": [1, [None, "x"], []], "keyboard": 3}},
        {"text": "[" * 5000, "reply_markup": "[" * 5000},
    ],
)
def test_it_never_breaks_on_a_malformed_call(params: dict[str, Any]) -> None:
    assert msgspec.json.encode(view_telegram("sendMessage", params))


def test_documented_updates_hold_messages_that_are_drawn(shared: Path) -> None:
    updates = json.loads((shared / "specs/samples/telegram_docs_updates_patched.json").read_text("utf-8"))
    messages = [update["message"] for update in _updates(updates) if "message" in update]
    assert messages
    for message in messages:
        view = view_telegram_message(message)
        assert not any(isinstance(part, Unknown) for part in view.parts), view.kind


def _updates(node: Any) -> list[dict[str, Any]]:
    """Every update in the file, however it is wrapped."""
    if isinstance(node, dict):
        if "update_id" in node:
            return [node]
        return [found for value in node.values() for found in _updates(value)]
    return [found for item in node for found in _updates(item)] if isinstance(node, list) else []
