from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from app.sandbox.screen import make_screen
from bots.preview.view import Picture
from simulator.phone import Activity, Item, Person, Timeline

DAO = Person(id="U1", platform="line", name="ดาว")
FON = Person(id="7", platform="telegram", name="ฝน")
# Sunday 22 November 2026, 23.50 in Bangkok.
BEFORE_MIDNIGHT = datetime(2026, 11, 22, 16, 50, tzinfo=UTC).timestamp()


def item(number: int, author: Literal["person", "bot"], minutes: float = 0, **fields: Any) -> Item:
    return Item(
        id=str(number),
        at=BEFORE_MIDNIGHT + minutes * 60,
        author=author,
        author_id="U1",
        kind="text",
        **{"message": {"type": "text", "text": f"ข้อความ {number}"}, **fields},
    )


def screen_of(person: Person, *items: Item, **fields: Any) -> Any:
    timeline = Timeline(chat=person.id, platform=person.platform, items=list(items), **fields)
    return make_screen(person, timeline, "https://rootan.example")


def test_days_begin_at_midnight_in_bangkok_and_count_the_buddhist_era() -> None:
    lines = screen_of(DAO, item(1, "person"), item(2, "bot", 5), item(3, "bot", 20)).lines
    assert [line.day for line in lines] == ["อาทิตย์ 22 พ.ย. 2569", "", "จันทร์ 23 พ.ย. 2569"]
    assert [line.clock for line in lines] == ["23:50", "23:55", "00:10"]


def test_only_the_first_of_a_run_leads() -> None:
    lines = screen_of(DAO, item(1, "person"), item(2, "bot"), item(3, "bot"), item(4, "person")).lines
    assert [line.leads for line in lines] == [True, True, False, True]


def test_what_the_person_said_is_read_up_to_the_mark() -> None:
    items = [item(1, "person"), item(2, "bot"), item(3, "person"), item(4, "person")]
    assert [line.read for line in screen_of(DAO, *items, read_up_to="3").lines] == [True, False, True, False]
    assert not any(line.read for line in screen_of(DAO, *items).lines)


def test_the_lock_screen_shows_the_newest_line_of_the_bot_until_the_person_answers() -> None:
    card = {"type": "flex", "altText": "ผลตรวจข้อความของคุณพร้อมแล้ว", "contents": {"type": "bubble"}}
    items = [item(1, "bot"), item(2, "bot", message=card)]
    assert screen_of(DAO, *items).notice == "ผลตรวจข้อความของคุณพร้อมแล้ว"
    assert screen_of(DAO, *items, item(3, "person")).notice == ""


def test_quick_replies_come_from_the_screen_and_not_from_old_messages() -> None:
    quick = {"items": [{"type": "action", "action": {"type": "message", "label": "เมนู", "text": "เมนู"}}]}
    message = {"type": "text", "text": "ก", "quickReply": quick}
    assert screen_of(DAO, item(1, "bot", message=message)).chips == ()
    shown = screen_of(DAO, item(1, "bot", message=message), quick_reply=quick)
    assert [press.label for press in shown.chips] == ["เมนู"]
    assert shown.lines[0].view.chips == ()


@pytest.mark.parametrize(
    ("person", "author", "message", "address"),
    [
        (DAO, "person", {"type": "image", "id": "9"}, "/sandbox/media/line/9"),
        (
            DAO,
            "bot",
            {"type": "image", "previewImageUrl": "https://rootan.example/media/p.jpg"},
            "/media/p.jpg",
        ),
        (
            DAO,
            "bot",
            {"type": "image", "previewImageUrl": "https://other.example/p.jpg"},
            "https://other.example/p.jpg",
        ),
        (FON, "person", {"photo": [{"file_id": "small"}, {"file_id": "big"}]}, "/sandbox/media/telegram/big"),
        (FON, "bot", {"photo": [], "caption": "ก"}, ""),
    ],
)
def test_pictures_are_served_from_where_they_are(
    person: Person, author: Literal["person", "bot"], message: dict[str, Any], address: str
) -> None:
    (line,) = screen_of(person, item(9, author, message=message)).lines
    assert next(part.url for part in line.view.parts if isinstance(part, Picture)) == address


def test_an_edited_and_a_deleted_message_are_marked() -> None:
    lines = screen_of(
        DAO,
        item(1, "bot", message={"type": "text", "text": "ก"}, edited_at=1.0),
        item(2, "bot", message={}, deleted_at=1.0),
    ).lines
    assert [(line.edited, line.gone) for line in lines] == [(True, False), (False, True)]


def test_on_telegram_what_is_deleted_leaves_no_trace() -> None:
    shown = screen_of(
        FON,
        item(1, "person", message={"text": "ช่วยด้วย"}, deleted_at=1.0),
        item(2, "bot", message={"text": "สวัสดีค่ะ"}),
        item(3, "bot", message={"text": "ส่งเรื่องแล้ว"}, deleted_at=1.0),
    )
    assert [line.id for line in shown.lines] == ["2"]
    assert (shown.lines[0].leads, bool(shown.lines[0].day), shown.notice) == (True, True, "สวัสดีค่ะ")


def test_telegram_shows_its_own_keyboard_and_its_toast() -> None:
    shown = screen_of(
        FON,
        reply_keyboard={"keyboard": [[{"text": "เมนู"}]]},
        toast="รับแล้ว",
        activity=Activity(action="typing", until=5.0),
    )
    assert shown.keyboard[0][0].label == "เมนู"
    assert (shown.toast, shown.typing_until) == ("รับแล้ว", 5.0)


def test_lines_menu_is_drawn_with_its_tiles_in_their_places() -> None:
    action = {"type": "postback", "label": "ตรวจงาน", "data": "m1:check", "displayText": "ตรวจงาน"}
    menu = {
        "size": {"width": 2500, "height": 1686},
        "chatBarText": "เมนู",
        "areas": [{"bounds": {"x": 1250, "y": 0, "width": 625, "height": 843}, "action": action}],
    }
    drawn = screen_of(DAO, rich_menu=menu).menu
    assert drawn.bar == "เมนู"
    [tile] = drawn.tiles
    assert (tile.press.kind, tile.press.value) == ("postback", "m1:check")
    assert tile.css == "left:50.00%;top:0.00%;width:25.00%;height:50.00%"
    assert screen_of(DAO).menu is None
