"""python-telegram-bot sends through the fake Bot API."""

import httpx
import pytest
import telegram
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, Forbidden

from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.simulator.process import TELEGRAM_TOKEN

WORRY = InlineKeyboardMarkup([[InlineKeyboardButton("แจ้ง", callback_data="report")]])


async def last_text(phones: SimulatorClient, person: Person) -> str:
    return (await phones.timeline(person.id)).items[-1].text


async def test_a_message_with_marks_is_shown_plain_with_entities(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    message = await bot.send_message(
        ton.id, "<b>ระวัง</b> &lt;หลอก&gt; <a href='https://example.com/'>อ่าน</a>", parse_mode="HTML"
    )
    assert message.text == "ระวัง <หลอก> อ่าน"
    assert message.parse_entities() == {message.entities[0]: "ระวัง", message.entities[1]: "อ่าน"}
    (item,) = (await phones.timeline(ton.id)).items
    assert (item.text, item.via, item.author) == ("ระวัง <หลอก> อ่าน", "sendMessage", "bot")


async def test_markdown_is_read_too(ton: Person, bot: telegram.Bot) -> None:
    message = await bot.send_message(ton.id, r"*ระวัง* งานนี้\. `code`", parse_mode="MarkdownV2")
    assert message.text == "ระวัง งานนี้. code"
    assert [entity.type for entity in message.entities] == ["bold", "code"]


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("<x>ก</x>", "HTML", 'Unsupported start tag "x" at byte offset 0'),
        ("ก <b>ข", "HTML", 'Can\'t find end tag corresponding to start tag "b"'),
        ("1 < 2", "HTML", "Unclosed start tag at byte offset 2"),
        ("งานนี้.", "MarkdownV2", r"Character '\.' is reserved and must be escaped"),
        ("*ก", "MarkdownV2", "Can't find end of Bold entity at byte offset 0"),
        ("ก", "Markup", "Unsupported parse_mode"),
        ("  \n ", None, "Message text is empty"),
        ("ก" * 4097, None, "Message is too long"),
    ],
)
async def test_texts_that_break_the_contract_are_refused(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, text: str, mode: str | None, words: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(ton.id, text, parse_mode=mode)
    assert (await phones.timeline(ton.id)).items == []


async def test_the_length_counts_after_the_marks_are_taken_out(ton: Person, bot: telegram.Bot) -> None:
    message = await bot.send_message(ton.id, f"<b>{'ก' * 4096}</b>", parse_mode="HTML")
    assert len(message.text) == 4096


async def test_callback_data_holds_sixty_four_bytes(ton: Person, bot: telegram.Bot) -> None:
    def keyboard(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])

    await bot.send_message(ton.id, "x", reply_markup=keyboard("ก" * 21))
    for bad in ("ก" * 22, ""):
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(ton.id, "x", reply_markup=keyboard(bad))


async def test_a_button_that_does_nothing_is_refused(ton: Person, bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Text buttons are unallowed"):
        await bot.send_message(ton.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x")]]))


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x", "colour": "red"},
        {"text": "x", "reply_markup": '{"inline_keyboard":[{"text":"x","callback_data":"y"}]}'},
        {"text": "x", "reply_markup": '{"buttons":[]}'},
        {"text": "x", "entities": '[{"type":"bold","offset":0}]'},
        {"text": "x", "disable_notification": "maybe"},
        {},
    ],
)
async def test_what_the_method_does_not_know_is_refused(
    phones: SimulatorClient, ton: Person, fields: dict[str, str]
) -> None:
    async with httpx.AsyncClient() as client:
        url = f"{phones.telegram_base}/bot{TELEGRAM_TOKEN}/sendMessage"
        answer = await client.post(url, data={"chat_id": ton.id, **fields})
    assert answer.status_code == 400
    assert answer.json()["ok"] is False
    assert answer.json()["description"].startswith("Bad Request: ")


async def test_json_and_query_are_understood_as_well(phones: SimulatorClient, ton: Person) -> None:
    url = f"{phones.telegram_base}/bot{TELEGRAM_TOKEN}/sendMessage"
    async with httpx.AsyncClient() as client:
        assert (await client.post(url, json={"chat_id": int(ton.id), "text": "หนึ่ง"})).json()["ok"]
        assert (await client.get(url, params={"chat_id": ton.id, "text": "2"})).json()["result"][
            "text"
        ] == "2"
    assert await last_text(phones, ton) == "2"


async def test_a_keyboard_stays_until_it_is_removed(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    await bot.send_message(ton.id, "เลือก", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("เมนู")]]))
    await bot.send_message(ton.id, "ยังอยู่")
    assert (await phones.timeline(ton.id)).reply_keyboard["keyboard"] == [[{"text": "เมนู"}]]
    await bot.send_message(ton.id, "พอแล้ว", reply_markup=ReplyKeyboardRemove())
    assert (await phones.timeline(ton.id)).reply_keyboard is None


async def test_pictures_and_documents_are_uploaded_and_can_be_sent_again(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, picture: bytes
) -> None:
    message = await bot.send_photo(
        ton.id, picture, caption="<i>ป้าย</i>", parse_mode="HTML", reply_markup=WORRY
    )
    assert (message.photo[-1].width, message.caption) == (64, "ป้าย")
    assert await phones.media("telegram", message.photo[-1].file_id) == picture
    again = await bot.send_photo(ton.id, message.photo[-1].file_id)
    assert again.photo[-1].height == 48
    document = await bot.send_document(ton.id, b"\r\n--%PDF\x00\r\n", filename="แบบ.pdf")
    assert await phones.media("telegram", document.document.file_id) == b"\r\n--%PDF\x00\r\n"
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(ton.id, b"not a picture")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(ton.id, picture, caption="ก" * 1025)


async def test_a_place_and_the_typing_dots(phones: SimulatorClient, ton: Person, bot: telegram.Bot) -> None:
    await bot.send_chat_action(ton.id, "typing")
    activity = (await phones.timeline(ton.id)).activity
    assert activity is not None
    assert activity.action == "typing"
    await bot.send_location(ton.id, 13.75, 100.5)
    timeline = await phones.timeline(ton.id)
    assert timeline.activity is None
    assert timeline.items[-1].message["location"] == {"latitude": 13.75, "longitude": 100.5}


async def test_the_dots_stop_by_themselves(phones: SimulatorClient, ton: Person, bot: telegram.Bot) -> None:
    await bot.send_chat_action(ton.id, "typing")
    await phones.advance(6)
    assert (await phones.timeline(ton.id)).activity is None


async def test_an_answer_can_quote_a_message(phones: SimulatorClient, ton: Person, bot: telegram.Bot) -> None:
    done = await phones.say(ton.id, "งานนี้ดีไหม")
    message = await bot.send_message(ton.id, "ไม่", reply_to_message_id=int(done.message_ids[0]))
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "งานนี้ดีไหม"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(ton.id, "ไม่", reply_to_message_id=999_999_999)


async def test_who_blocked_the_bot_is_not_reached(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    await phones.unfollow(ton.id)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ton.id, "x")


async def test_a_wrong_token_is_refused(phones: SimulatorClient) -> None:
    async with httpx.AsyncClient() as client:
        wrong = await client.get(f"{phones.telegram_base}/bot1:x/getMe")
        unknown = await client.get(f"{phones.telegram_base}/bot{TELEGRAM_TOKEN}/getMoon")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert unknown.status_code == 404
