"""Messages are changed and deleted, presses are answered."""

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from simulator.client import SimulatorClient, SimulatorError
from simulator.phone import Person
from tests.simulator.receiver import Receiver

YES = InlineKeyboardMarkup([[InlineKeyboardButton("ใช่", callback_data="yes")]])


async def test_an_edited_message_changes_on_the_phone(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    message = await bot.send_message(ton.id, "กำลังดู", reply_markup=YES)
    edited = await bot.edit_message_text("ดู<b>แล้ว</b>", ton.id, message.message_id, parse_mode="HTML")
    assert (edited.text, edited.reply_markup, edited.edit_date is not None) == ("ดูแล้ว", None, True)
    (item,) = (await phones.timeline(ton.id)).items
    assert (item.text, item.edited_at is not None) == ("ดูแล้ว", True)


async def test_an_edit_without_change_is_refused(ton: Person, bot: telegram.Bot) -> None:
    message = await bot.send_message(ton.id, "เดิม", reply_markup=YES)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("เดิม", ton.id, message.message_id, reply_markup=YES)
    await bot.edit_message_reply_markup(ton.id, message.message_id, reply_markup=None)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(ton.id, message.message_id, reply_markup=None)


async def test_without_its_keys_a_message_does_not_count_as_edited_and_a_phone_that_is_behind_still_presses_them(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    message = await bot.send_message(ton.id, "ไหม", reply_markup=YES)
    await bot.edit_message_reply_markup(ton.id, message.message_id, reply_markup=None)
    (item,) = (await phones.timeline(ton.id)).items
    assert ("reply_markup" in item.message, item.edited_at) == (False, None)
    with pytest.raises(SimulatorError, match="No such button"):
        await phones.press(ton.id, item.id, data="yes")
    assert (await phones.press(ton.id, item.id, data="yes", stale=True)).event_ids


async def test_only_the_bots_own_messages_can_be_edited(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    done = await phones.say(ton.id, "ของฉัน")
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("ของบอต", ton.id, int(done.message_ids[0]))
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", ton.id, 999_999_999)


async def test_a_deleted_message_is_gone(phones: SimulatorClient, ton: Person, bot: telegram.Bot) -> None:
    one, two = [await bot.send_message(ton.id, text) for text in ("หนึ่ง", "สอง")]
    await bot.delete_message(ton.id, one.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ton.id, one.message_id)
    await bot.delete_messages(ton.id, [one.message_id, two.message_id])
    assert all(item.deleted_at is not None for item in (await phones.timeline(ton.id)).items)


async def test_people_lose_their_own_messages_too_and_the_keyboard_that_one_brought(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    said = await phones.say(ton.id, "ช่วยด้วย")
    place = telegram.ReplyKeyboardMarkup([[telegram.KeyboardButton("ที่อยู่", request_location=True)]])
    asked = await bot.send_message(ton.id, "อยู่ไหน", reply_markup=place)
    assert (await phones.timeline(ton.id)).reply_keyboard is not None
    await bot.delete_messages(ton.id, [int(said.message_ids[0]), asked.message_id])
    shown = await phones.timeline(ton.id)
    assert shown.reply_keyboard is None
    assert all(item.deleted_at is not None for item in shown.items)


async def test_old_messages_stay(phones: SimulatorClient, ton: Person, bot: telegram.Bot) -> None:
    message = await bot.send_message(ton.id, "เก่า")
    await phones.advance(49 * 3600)
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_message(ton.id, message.message_id)


async def test_a_press_is_answered_once_with_a_toast(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    message = await bot.send_message(ton.id, "ใช่ไหม", reply_markup=YES)
    await phones.press(ton.id, str(message.message_id), label="ใช่")
    query = receiver.update["callback_query"]["id"]
    await bot.answer_callback_query(query, text="รับแล้ว")
    assert (await phones.timeline(ton.id)).toast == "รับแล้ว"
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)


async def test_a_press_waits_a_quarter_of_an_hour_for_its_answer(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    message = await bot.send_message(ton.id, "ใช่ไหม", reply_markup=YES)
    await phones.press(ton.id, str(message.message_id), data="yes")
    await phones.advance(16 * 60)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(receiver.update["callback_query"]["id"])
