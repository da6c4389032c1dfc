"""Staff's answers: when they may go out, what a lock screen shows of them, and that they say whose they are. Guards 9, 10."""

import pytest

from core.messages.content import Content, Text
from core.messages.queue import queue
from tests.bots.delivery.answers import (
    LONG_AGO,
    SECRET,
    fate,
    known,
    line_person,
    offered,
    shown,
    staff_answer,
    telegram_person,
)
from tests.support.house import House


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_a_staff_answer_waits_until_the_person_writes(house: House, platform: str) -> None:
    person = await (line_person if platform == "line" else telegram_person)(house)
    identity = await known(house, person)
    await house.rows(LONG_AGO)
    message = await staff_answer(house, identity)
    await house.settle()
    assert await fate(house, message) == ("pending", "held")
    assert not any(SECRET in text for text in await house.said_to(person.id))
    await house.phones.say(person.id, "มีข่าวไหม")
    await house.work()
    assert await fate(house, message) == ("sent", None)
    assert any(SECRET in text for text in await house.said_to(person.id))


async def test_what_is_held_does_not_hold_up_answers(house: House) -> None:
    dao = await line_person(house)
    identity = await known(house, dao)
    await house.rows(LONG_AGO)
    await staff_answer(house, identity)
    await house.settle()
    before = await shown(house, dao)
    await house.phones.say(dao.id, "เมนู")
    await house.work()
    assert await shown(house, dao) == before + 2


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_a_late_answer_shows_a_neutral_line_and_opens_on_a_tap(house: House, platform: str) -> None:
    person = await (line_person if platform == "line" else telegram_person)(house)
    identity = await known(house, person)
    await house.rows("UPDATE conversation SET last_inbound_at = now() - interval '2 minutes'")
    message = await staff_answer(house, identity)
    await house.settle()
    assert await fate(house, message) == ("sent", None)
    assert not any(SECRET in text for text in await house.said_to(person.id))
    last = (await house.phones.timeline(person.id)).items[-1]
    done = await house.phones.press(person.id, last.id, data=f"open:{message}")
    assert done.status == 200
    await house.work()
    assert any(SECRET in text for text in await house.said_to(person.id))


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_a_staff_answer_says_that_staff_wrote_it_and_leaves_ways_on(
    house: House, platform: str
) -> None:
    person = await (line_person if platform == "line" else telegram_person)(house)
    identity = await known(house, person)
    await staff_answer(house, identity)
    await house.settle()
    phone = await house.phones.timeline(person.id)
    assert phone.items[-1].message["text"] == f"เจ้าหน้าที่ตอบ:\n{SECRET}"
    assert offered(phone.items[-1], phone) == ["x1:leave", "s1:status", "m1:menu"]


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_behind_the_neutral_line_the_ways_on_tell_nothing_and_the_opened_answer_says_whose_it_is(
    house: House, platform: str
) -> None:
    person = await (line_person if platform == "line" else telegram_person)(house)
    identity = await known(house, person)
    await house.rows("UPDATE conversation SET last_inbound_at = now() - interval '2 minutes'")
    message = await staff_answer(house, identity)
    await house.settle()
    phone = await house.phones.timeline(person.id)
    assert (
        {"x1:leave", "m1:menu"}
        <= {*offered(phone.items[-1], phone)}
        <= {"x1:leave", "m1:menu", f"open:{message}"}
    )
    await house.phones.press(person.id, phone.items[-1].id, data=f"open:{message}")
    await house.work()
    phone = await house.phones.timeline(person.id)
    assert f"เจ้าหน้าที่ตอบ:\n{SECRET}" in [item.message.get("text") for item in phone.items]
    assert {"x1:leave", "s1:status", "m1:menu"} <= {*offered(phone.items[-1], phone)}


async def test_staffs_answer_is_dressed_in_the_conversations_language(house: House) -> None:
    person = await telegram_person(house)
    identity = await known(house, person)
    await house.phones.say(person.id, "English")
    await house.work()
    await staff_answer(house, identity)
    await house.settle()
    last = (await house.phones.timeline(person.id)).items[-1]
    assert last.message["text"] == f"Staff answered:\n{SECRET}"
    labels = [b["text"] for row in last.message["reply_markup"]["inline_keyboard"] for b in row]
    assert all(label.isascii() for label in labels)


async def test_late_in_english_not_a_word_of_thai_shows(house: House) -> None:
    person = await telegram_person(house)
    identity = await known(house, person)
    await house.phones.say(person.id, "English")
    await house.work()
    await house.rows("UPDATE conversation SET last_inbound_at = now() - interval '2 minutes'")
    async with house.database.unit_of_work() as session:
        content = Content((Text(SECRET),), notice="มีข้อความถึงคุณ", sensitive=True)
        await queue(session, house.keys, identity_id=identity, content=content, kind="staff", lane="hotline")
    await house.settle()
    last = (await house.phones.timeline(person.id)).items[-1].message
    labels = [b["text"] for row in last["reply_markup"]["inline_keyboard"] for b in row]
    assert (last["text"], labels) == ("There is a message for you", ["Open", "Home", "Menu"])


async def test_a_conversation_that_can_not_be_read_does_not_keep_staffs_answer(house: House) -> None:
    person = await line_person(house)
    identity = await known(house, person)
    await house.rows("UPDATE conversation SET state = '\\x00'")
    message = await staff_answer(house, identity)
    await house.settle()
    assert await fate(house, message) == ("sent", None)


async def test_nobody_opens_what_waits_for_another(house: House) -> None:
    dao, mali = await line_person(house), await house.phones.create_person("line", "มะลิ")
    identity = await known(house, dao)
    await known(house, mali)
    await house.rows("UPDATE conversation SET last_inbound_at = now() - interval '2 minutes'")
    message = await staff_answer(house, identity)
    await house.settle()
    source = {"type": "user", "userId": mali.id}
    press = {"type": "postback", "mode": "active", "timestamp": 1, "webhookEventId": "p", "source": source,
             "postback": {"data": f"open:{message}"}}  # fmt: skip
    assert await house.post_line({"events": [press]}) == 200
    await house.work()
    assert not any(SECRET in text for text in await house.said_to(mali.id))
