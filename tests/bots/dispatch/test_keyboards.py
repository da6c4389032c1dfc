"""On Telegram keys go once they served: those below a message, and the one that sends a place. On the phone and behind it."""

from typing import Any

import pytest

from app.sandbox.screen import make_screen
from bots.channels.telegram.parse import parse_update
from bots.channels.wording import TEXTS
from bots.dispatch.keyboards import pressed_by, with_place_key
from bots.engine.events import Event
from bots.engine.steps import State
from core.messages.content import Button, Content, Text
from simulator.phone import Item, Person
from tests.support.house import House

LINK: dict[str, Any] = {"text": "ส่งต่อ", "copy_text": {"text": "x"}}
PRESS: dict[str, Any] = {"text": "เมนู", "callback_data": "m1:menu"}
ASKS = Content((Text("อยู่ที่ไหน"),), choices=(Button("ส่งตำแหน่ง", location=True),))
GOES_ON = Content((Text("แล้วใครบ้าง"),))


@pytest.fixture
async def ek(house: House) -> Person:
    return await house.phones.create_person("telegram", "เอก")


async def newest(house: House, person: Person) -> Item:
    """Our newest message with keys."""
    items = (await house.phones.timeline(person.id)).items
    return next(item for item in reversed(items) if item.author == "bot" and keys(item))


def keys(item: Item) -> list[str]:
    rows = item.message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


async def item_of(house: House, person: Person, number: str) -> Item:
    return next(item for item in (await house.phones.timeline(person.id)).items if item.id == number)


async def press(house: House, person: Person, item: Item, data: str, **how: Any) -> None:
    await house.phones.press(person.id, item.id, data=data, **how)
    await house.work()
    await house.sender.drain(5)


async def says(house: House, person: Person, words: str) -> None:
    await house.phones.say(person.id, words)
    await house.work()


async def calls(house: House, method: str) -> int:
    return sum(one.method == method for one in (await house.phones.record()).deliveries)


async def test_an_answered_messages_keys_go_and_it_does_not_count_as_edited(house: House, ek: Person) -> None:
    await says(house, ek, "เมนู")
    menu = await newest(house, ek)
    await press(house, ek, menu, "m1:check")
    answered = await item_of(house, ek, menu.id)
    assert (keys(answered), answered.edited_at) == ([], None)
    assert keys(await newest(house, ek))


async def test_a_cards_keys_stay_for_whatever_else_one_wants_of_it(house: House, ek: Person) -> None:
    await says(house, ek, "รับแอดมินตอบแชต ปอยเปต เงินเดือน 35,000 ไม่ต้องใช้พาสปอร์ต เดินทางฟรี ไลน์ @job00001")
    card = await newest(house, ek)
    await press(house, ek, card, "o1:warn")
    assert {"o1:report", "o1:wrong"} <= set(keys(await item_of(house, ek, card.id)))
    await press(house, ek, card, "m1:staff")
    assert not keys(await item_of(house, ek, card.id))


async def test_a_double_tap_and_a_phone_that_is_behind_are_answered_and_ask_for_nothing_more(
    house: House, ek: Person
) -> None:
    await says(house, ek, "เมนู")
    menu = await newest(house, ek)
    await press(house, ek, menu, "m1:check")
    said = len(await house.said_to(ek.id))
    await press(house, ek, menu, "m1:check", stale=True)
    assert len(await house.said_to(ek.id)) > said
    assert await calls(house, "editMessageReplyMarkup") == 1


async def test_telegram_being_away_or_refusing_harms_nothing(house: House, ek: Person) -> None:
    await says(house, ek, "เมนู")
    menu = await newest(house, ek)
    await house.phones.add_fault("telegram", "editMessageReplyMarkup", "server_error", count=1)
    await press(house, ek, menu, "m1:check")
    assert keys(await item_of(house, ek, menu.id))
    channel: Any = house.sender._channels["telegram"]
    await channel.leave_buttons(ek.id, 987_654, ())
    assert (await house.rows("SELECT 1 FROM message WHERE state <> 'sent'")) == []


async def test_nothing_is_asked_of_telegram_for_words_nor_for_who_leaves(house: House, ek: Person) -> None:
    await says(house, ek, "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป")
    await press(house, ek, await newest(house, ek), "x1:leave")
    assert await calls(house, "editMessageReplyMarkup") == 0


def test_the_key_that_sends_a_place_goes_when_it_is_answered_or_passed_over() -> None:
    asked, shown = with_place_key(State(), ASKS)
    assert (asked.place_key, shown) == (True, ASKS)
    assert with_place_key(asked, ASKS) == (asked, ASKS)
    after, reply = with_place_key(asked, GOES_ON)
    assert (after.place_key, reply.drops_place_key) == (False, True)
    assert with_place_key(after, GOES_ON) == (after, GOES_ON)


@pytest.mark.parametrize("passed_over", [False, True])
async def test_in_a_report_the_phone_loses_the_key_with_the_next_question(
    house: House, ek: Person, *, passed_over: bool
) -> None:
    await says(house, ek, "แจ้งเรื่อง")
    for label in ("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่"):
        item = await newest(house, ek)
        await house.phones.press(ek.id, item.id, label=label)
        await house.work()
    assert (await house.phones.timeline(ek.id)).reply_keyboard
    if passed_over:
        await house.phones.press(ek.id, (await newest(house, ek)).id, label="ข้าม")
        await house.work()
    else:
        await house.phones.send_location(ek.id, 13.7, 100.5)
        await house.work()
    phone = await house.phones.timeline(ek.id)
    assert phone.reply_keyboard is None
    assert keys(phone.items[-1])
    said = len(phone.items)
    await says(house, ek, "ได้")
    later = (await house.phones.timeline(ek.id)).items[said:]
    assert TEXTS["th"]["place_over"] not in [item.message.get("text") for item in later]


@pytest.mark.parametrize(
    ("rows", "beside"),
    [
        ([[PRESS, LINK], [PRESS]], (LINK,)),
        ([[PRESS]], ()),
        ([[LINK]], None),
        ([], None),
        ("?", None),
        ([PRESS], None),
    ],
)
def test_of_a_press_it_is_known_what_hangs_beside_the_keys(rows: Any, beside: Any) -> None:
    message = {
        "message_id": 42,
        "chat": {"id": 7, "type": "private"},
        "reply_markup": {"inline_keyboard": rows},
    }
    event = parse_update({"callback_query": {"id": "1", "data": "m1:menu", "message": message}}, 0.0)
    assert (event.kind, event.beside) == ("press", beside)


def test_links_and_texts_to_copy_stay_and_groups_are_left_alone() -> None:
    event = Event(kind="press", message="7:42", beside=(LINK,))
    assert pressed_by(event) == (42, (LINK,))
    assert pressed_by(Event(kind="press", message="7:42")) is None
    assert pressed_by(Event(kind="press", place="group", message="-7:42", beside=())) is None


async def test_the_sandboxs_screen_shows_it_as_the_phone_does(house: House, ek: Person) -> None:
    await says(house, ek, "เมนู")
    menu = await newest(house, ek)
    await press(house, ek, menu, "m1:check")
    screen = make_screen(ek, await house.phones.timeline(ek.id), "")
    (line,) = [line for line in screen.lines if line.id == menu.id]
    assert (line.view.keys, line.edited) == ((), False)
    assert screen.lines[-1].view.keys
