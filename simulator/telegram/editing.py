"""Changing and deleting what was sent, and answering presses. Source: Bot API 10.1."""

from __future__ import annotations

from typing import Any

import msgspec

from simulator.asgi import Response
from simulator.phone import Item
from simulator.telegram.bot import TelegramBot
from simulator.telegram.errors import bad, result
from simulator.telegram.keyboards import read_markup
from simulator.telegram.methods import (
    AnswerCallbackQuery,
    ChatId,
    DeleteMessage,
    DeleteMessages,
    EditMessageReplyMarkup,
    EditMessageText,
)
from simulator.telegram.parameters import Sent
from simulator.telegram.sending import note, read_text, text_fields

QUERY_LIFE_S = 15 * 60.0
"""A pressed button can be answered for about this long."""
LONGEST_TOAST = 200
DELETABLE_S = 48 * 3600.0
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_message_text(bot: TelegramBot, call: EditMessageText, sent: Sent) -> Response:
    del sent
    marked = read_text(call.text, call.parse_mode, call.entities)
    item, message = _editable(bot, call.chat_id, call.message_id)
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    rest = {key: value for key, value in message.items() if key not in ("text", "entities", "reply_markup")}
    return _change(bot, item, message, {**rest, **text_fields(marked)}, call.reply_markup, "editMessageText")


def edit_message_reply_markup(bot: TelegramBot, call: EditMessageReplyMarkup, sent: Sent) -> Response:
    del sent
    item, message = _editable(bot, call.chat_id, call.message_id)
    rest = {key: value for key, value in message.items() if key != "reply_markup"}
    item.former_markup = message.get("reply_markup", item.former_markup)
    return _change(bot, item, message, rest, call.reply_markup, "editMessageReplyMarkup")


def delete_message(bot: TelegramBot, call: DeleteMessage, sent: Sent) -> Response:
    del sent
    chat_id, _ = bot.reach(call.chat_id)
    item = bot.world.chat(chat_id, "telegram").find(str(call.message_id))
    if item is None or item.deleted_at is not None:
        raise bad("message to delete not found")
    _delete(bot, chat_id, item)
    return result(value=True)


def delete_messages(bot: TelegramBot, call: DeleteMessages, sent: Sent) -> Response:
    """Messages that are not there are skipped, as the real method does."""
    del sent
    chat_id, _ = bot.reach(call.chat_id)
    for number in call.message_ids:
        item = bot.world.chat(chat_id, "telegram").find(str(number))
        if item is not None and item.deleted_at is None:
            _delete(bot, chat_id, item)
    return result(value=True)


def answer_callback_query(bot: TelegramBot, call: AnswerCallbackQuery, sent: Sent) -> Response:
    del sent
    query = bot.queries.get(call.callback_query_id)
    now = bot.world.clock.now()
    if query is None or query.answered or now - query.at > QUERY_LIFE_S:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if call.text is not None and len(call.text) > LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    query.answered = True
    bot.world.chat(query.chat, "telegram").toast = call.text or ""
    bot.world.changes.tell("chat_changed", "telegram", query.chat)
    return result(value=True)


def _editable(bot: TelegramBot, chat_id: ChatId | None, number: int | None) -> tuple[Item, dict[str, Any]]:
    if chat_id is None or number is None:
        raise bad("message identifier is not specified")
    key, _ = bot.reach(chat_id)
    item = bot.world.chat(key, "telegram").find(str(number))
    if item is None or item.deleted_at is not None:
        raise bad("message to edit not found")
    if item.author != "bot":
        raise bad("message can't be edited")
    return item, item.message


def _change(
    bot: TelegramBot, item: Item, before: dict[str, Any], after: dict[str, Any], markup: Any, method: str
) -> Response:
    keyboard = read_markup(markup, inline_only=True)
    if keyboard is not None:
        after["reply_markup"] = msgspec.to_builtins(keyboard)
    if {**after, "edit_date": 0} == {**before, "edit_date": 0}:
        raise bad(_SAME)
    now = bot.world.clock.now()
    item.message = after
    if method == "editMessageText":
        # Of other keys below a message no phone says that it was edited (TDLib, MessagesManager: hide_edit_date).
        item.message, item.edited_at = {**after, "edit_date": int(now)}, now
        item.text = after["text"]
    chat_id = str(after["chat"]["id"])
    note(bot, method, chat_id, item.text, effective=True, outcome="edited", message_ids=[item.id])
    bot.world.changes.tell("chat_changed", "telegram", chat_id)
    return result(item.message)


def _delete(bot: TelegramBot, chat_id: str, item: Item) -> None:
    now = bot.world.clock.now()
    if now - item.at > DELETABLE_S:
        raise bad("message can't be deleted for everyone")
    item.deleted_at = now
    chat = bot.world.chat(chat_id, "telegram")
    if chat.reply_keyboard_of == item.id:
        # The keyboard goes with the message that brought it (TDLib, MessagesManager: reply_markup_message_id).
        chat.reply_keyboard = None
    bot.world.changes.tell("chat_changed", "telegram", chat_id)
