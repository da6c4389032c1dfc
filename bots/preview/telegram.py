"""Our Telegram calls, and the messages they become, as a phone shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.preview import phrases
from bots.preview.telegram_keys import inline_rows, keyboard_rows
from bots.preview.telegram_text import plain_text, words_of_entities, words_of_html
from bots.preview.view import Attachment, Part, Picture, Spot, Sticker, Unknown, View, Words
from bots.preview.wire import Node, child, children, loosely, number, words

_KINDS = {
    "sendMessage": "text",
    "editMessageText": "text",
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendDocument": "document",
    "sendSticker": "sticker",
    "sendLocation": "location",
    "sendVenue": "venue",
    "sendContact": "contact",
}
_NESTED = (
    "photo",
    "video",
    "animation",
    "voice",
    "audio",
    "document",
    "sticker",
    "venue",
    "location",
    "contact",
)
_NOTICES = {
    "photo": "picture",
    "video": "video",
    "animation": "video",
    "voice": "audio",
    "audio": "audio",
    "document": "file",
    "venue": "location",
}


def view_telegram(method: str, params: Mapping[str, Any]) -> View:
    """Draw a call of the Bot API; nested values may still be the JSON text they travel as."""
    call = {key: loosely(value) for key, value in params.items() if key not in {"text", "caption"}}
    call |= {key: params[key] for key in ("text", "caption") if key in params}
    kind = _KINDS.get(method, method)
    return _view(call, kind, _part(call, kind))


def view_telegram_message(message: Mapping[str, Any]) -> View:
    """Draw a `Message` object, sent by either side."""
    kind = "text" if "text" in message else next((name for name in _NESTED if name in message), "message")
    inner = message.get(kind)
    part = _part(inner if isinstance(inner, Mapping) else message, kind)
    return _view(message, kind, part)


def _view(message: Node, kind: str, part: Part | None) -> View:
    text = _text(message, "text", "entities") or _text(message, "caption", "caption_entities")
    markup = child(message, "reply_markup") or {}
    parts = (*((part,) if part else ()), *text)
    return View(
        platform="telegram",
        kind=kind,
        parts=parts or (Unknown(kind),),
        notice=_notice(text, part, kind),
        keys=inline_rows(markup),
        keyboard=keyboard_rows(markup),
        removes_keyboard=markup.get("remove_keyboard") is True,
    )


def _text(message: Node, key: str, entities_key: str) -> tuple[Words, ...]:
    text = words(message, key)
    if not text:
        return ()
    if words(message, "parse_mode").lower() == "html":
        return words_of_html(text)
    return words_of_entities(text, children(message, entities_key))


def _notice(text: tuple[Words, ...], part: Part | None, kind: str) -> str:
    said = plain_text(text)
    if said or part is None:
        return said or phrases.notice("message")
    if isinstance(part, Sticker) and part.sign:
        return f"{part.sign} {phrases.label('sticker')}"
    return phrases.notice(_NOTICES.get(kind, kind))


def _part(node: Node, kind: str) -> Part | None:
    """What stands above the words; None for a message of words alone."""
    match kind:
        case "text":
            return None
        case "photo" | "video" | "animation":
            preview = words(node, "photo") if kind == "photo" else words(node, "thumbnail")
            notice = phrases.notice(_NOTICES[kind])
            return Picture(preview if _is_address(preview) else "", notice, play=kind != "photo")
        case "location" | "venue":
            return _spot(node)
        case "sticker":
            return Sticker(phrases.label("sticker"), words(node, "emoji"))
        case _:
            return _attachment(node, kind)


def _spot(node: Node) -> Spot:
    """A venue holds its location inside, except where it is a call."""
    at = child(node, "location") or node
    return Spot(
        words(node, "title"),
        words(node, "address"),
        number(at, "latitude") or 0.0,
        number(at, "longitude") or 0.0,
    )


def _attachment(node: Node, kind: str) -> Part:
    if kind in {"voice", "audio"}:
        minutes, seconds = divmod(int(number(node, "duration") or 0), 60)
        name = words(node, "title") or phrases.label("audio")
        return Attachment("audio", name, f"{minutes}:{seconds:02d}")
    if kind == "document":
        return Attachment("file", words(node, "file_name") or phrases.label("file"))
    if kind == "contact":
        name = " ".join(part for part in (words(node, "first_name"), words(node, "last_name")) if part)
        return Attachment("contact", name or phrases.label("contact"), words(node, "phone_number"))
    return Unknown(kind)


def _is_address(value: str) -> bool:
    """A photo may also be a file id or bytes, which no page can show by itself."""
    return value.startswith(("http://", "https://", "/"))
