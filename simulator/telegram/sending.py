"""sendMessage and its sisters. Source: Bot API 10.1."""

from __future__ import annotations

import io
from typing import Any

import msgspec
from PIL import Image, UnidentifiedImageError

from simulator.asgi import Response
from simulator.phone import Activity, Item
from simulator.telegram.bot import TelegramBot
from simulator.telegram.entities import EntityError, Marked, utf16_units
from simulator.telegram.errors import bad, result
from simulator.telegram.html_text import parse_html
from simulator.telegram.keyboards import InlineKeyboard, Markup, RemoveKeyboard, ReplyKeyboard, read_markup
from simulator.telegram.markdown_text import parse_markdown
from simulator.telegram.methods import (
    MessageEntity,
    ReplyParameters,
    SendChatAction,
    SendDocument,
    SendLocation,
    SendMessage,
    SendPhoto,
)
from simulator.telegram.parameters import Sent

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
BIGGEST_PHOTO = 10 * 1024 * 1024
BIGGEST_UPLOAD = 50 * 1024 * 1024
TYPING_S = 5.0
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(bot: TelegramBot, call: SendMessage, sent: Sent) -> Response:
    del sent
    marked = read_text(call.text, call.parse_mode, call.entities)
    return _send(bot, call, {**text_fields(marked)}, kind="text", via="sendMessage", text=marked.text)


def send_photo(bot: TelegramBot, call: SendPhoto, sent: Sent) -> Response:
    body = _file_body(bot, call.photo, sent, "photo", BIGGEST_PHOTO)
    fields: dict[str, Any] = {}
    if body is not None:
        fields["photo"] = photo_sizes(bot, body)
    fields.update(_caption(call))
    return _send(bot, call, fields, kind="photo", via="sendPhoto", text=fields.get("caption", ""))


def send_document(bot: TelegramBot, call: SendDocument, sent: Sent) -> Response:
    body = _file_body(bot, call.document, sent, "document", BIGGEST_UPLOAD)
    upload = sent.files.get("document")
    name = upload.name if upload else "document"
    stored = bot.store_file(body or b"", "application/octet-stream", "documents", name)
    document = {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-16:],
        "file_name": name,
        "file_size": len(stored.body),
    }
    fields = {"document": document, **_caption(call)}
    return _send(bot, call, fields, kind="document", via="sendDocument", text=fields.get("caption", ""))


def send_location(bot: TelegramBot, call: SendLocation, sent: Sent) -> Response:
    del sent
    location = {"latitude": call.latitude, "longitude": call.longitude}
    return _send(bot, call, {"location": location}, kind="location", via="sendLocation", text="")


def send_chat_action(bot: TelegramBot, call: SendChatAction, sent: Sent) -> Response:
    del sent
    if call.action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    chat_id, _ = bot.reach(call.chat_id)
    until = bot.world.clock.now() + TYPING_S
    bot.world.chat(chat_id, "telegram").activity = Activity(action=call.action, until=until)
    bot.world.changes.tell("chat_changed", "telegram", chat_id)
    return result(value=True)


def read_text(
    text: str, parse_mode: str | None, entities: list[MessageEntity] | None, most: int = LONGEST_TEXT
) -> Marked:
    """Plain text and entities; raises RefusalError for broken marks, empty or too long texts."""
    marked = _parse(text, parse_mode)
    if parse_mode is None and entities:
        marked.entities = [msgspec.to_builtins(entity) for entity in entities]
        units = utf16_units(text)
        if any(one.offset < 0 or one.length < 1 or one.offset + one.length > units for one in entities):
            raise bad("entity can't lie outside of the text")
    if utf16_units(marked.text) > most:
        raise bad("message is too long" if most == LONGEST_TEXT else "message caption is too long")
    if not marked.text and most == LONGEST_TEXT:
        raise bad("message text is empty")
    return marked


def text_fields(marked: Marked) -> dict[str, Any]:
    return {"text": marked.text, **({"entities": marked.entities} if marked.entities else {})}


def photo_sizes(bot: TelegramBot, body: bytes) -> list[dict[str, Any]]:
    """One stored size; raises RefusalError when the bytes are no picture."""
    try:
        width, height = Image.open(io.BytesIO(body)).size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    stored = bot.store_file(body, "image/jpeg", "photos", f"file_{len(bot.files)}.jpg")
    return [
        {
            "file_id": stored.file_id,
            "file_unique_id": stored.file_id[-16:],
            "width": width,
            "height": height,
            "file_size": len(body),
        }
    ]


def apply_markup(bot: TelegramBot, chat_id: str, markup: Markup | None, message: dict[str, Any]) -> None:
    """Inline keyboards stay with their message, reply keyboards replace the phone's own."""
    chat = bot.world.chat(chat_id, "telegram")
    if isinstance(markup, InlineKeyboard):
        message["reply_markup"] = msgspec.to_builtins(markup)
    elif isinstance(markup, ReplyKeyboard):
        chat.reply_keyboard = msgspec.to_builtins(markup)
        chat.reply_keyboard_of = str(message["message_id"])
    elif isinstance(markup, RemoveKeyboard):
        chat.reply_keyboard = None


def _parse(text: str, parse_mode: str | None) -> Marked:
    mode = (parse_mode or "").lower()
    try:
        if mode == "html":
            return parse_html(text)
        if mode == "markdownv2":
            return parse_markdown(text)
    except EntityError as problem:
        raise bad(f"can't parse entities: {problem}") from None
    if mode:
        raise bad("unsupported parse_mode")
    return Marked(text=text.strip(), entities=[])


def _caption(call: SendPhoto | SendDocument) -> dict[str, Any]:
    if call.caption is None:
        return {}
    marked = read_text(call.caption, call.parse_mode, call.caption_entities, LONGEST_CAPTION)
    return {"caption": marked.text, **({"caption_entities": marked.entities} if marked.entities else {})}


def _file_body(bot: TelegramBot, named: str, sent: Sent, field: str, most: int) -> bytes | None:
    """An upload, a file sent before, or an address (fetched by nobody here: an empty file)."""
    upload = sent.files.get(field) or sent.files.get(named.removeprefix("attach://"))
    if upload is not None:
        if len(upload.body) > most:
            raise bad("file is too big")
        return upload.body
    if named in bot.files:
        return bot.files[named].body
    if named.startswith(("https://", "http://")):
        return None
    raise bad("wrong remote file identifier specified: can't unserialize it")


def _send(
    bot: TelegramBot,
    call: SendMessage | SendPhoto | SendDocument | SendLocation,
    fields: dict[str, Any],
    *,
    kind: str,
    via: str,
    text: str,
) -> Response:
    markup = read_markup(call.reply_markup)
    chat_id, chat = bot.reach(call.chat_id)
    replied = _replied(bot, chat_id, call.reply_parameters)
    number = bot.next_message_id(chat_id)
    now = bot.world.clock.now()
    message: dict[str, Any] = {
        "message_id": number,
        "from": bot.user(),
        "chat": chat,
        "date": int(now),
        **fields,
    }
    if replied is not None:
        message["reply_to_message"] = {key: replied[key] for key in replied if key != "reply_to_message"}
    item = Item(
        id=str(number),
        at=now,
        author="bot",
        author_id=str(bot.id),
        kind=kind,
        message=message,
        text=text,
        via=via,
        reply_to=str(call.reply_parameters.message_id) if replied and call.reply_parameters else "",
    )
    bot.world.show(chat_id, "telegram", item)
    apply_markup(bot, chat_id, markup, message)
    note(bot, via, chat_id, text, effective=True, outcome="sent", message_ids=[str(number)])
    return result(message)


def _replied(bot: TelegramBot, chat_id: str, wanted: ReplyParameters | None) -> dict[str, Any] | None:
    if wanted is None:
        return None
    item = bot.world.chat(chat_id, "telegram").find(str(wanted.message_id))
    if item is None or item.deleted_at is not None:
        if wanted.allow_sending_without_reply:
            return None
        raise bad("message to be replied not found")
    return dict(item.message)


def note(
    bot: TelegramBot,
    method: str,
    chat_id: str,
    text: str,
    *,
    effective: bool,
    outcome: str,
    message_ids: list[str] | None = None,
) -> None:
    bot.world.record.delivery(
        platform="telegram",
        method=method,
        person=chat_id,
        text=text,
        message_ids=message_ids or [],
        reply_token=None,
        retry_key=None,
        request_id="",
        effective=effective,
        outcome=outcome,
        at=bot.world.clock.now(),
    )
