"""One stored Telegram update, read into our own words."""

from typing import Any, Literal

import regex

from bots.channels.reading import at, int_of, number_of, text_of
from bots.channels.telegram.arrivals import subject
from bots.engine.events import Event, EventKind

# How long a press waits to be acknowledged before the client gives up showing it.
PRESS_SECONDS = 15
# Only keepers may write in the group's own name (Bot API, "sender_chat": anonymous group administrators).
KEEPER = "keeper"
# What may carry words: its own, or those beside a picture or file.
_WORDED = ("text", "edit", "picture", "audio", "file")
# Where a message holds what can be fetched.
_FILES = ("document", "voice", "audio", "video", "video_note")
_GONE = ("kicked", "left")


def parse_update(update: dict[str, Any], received: float, bot_name: str = "") -> Event:
    """Read an update. Of a group only what is meant for us is stored, so whatever is read here is.

    `bot_name` is ours: it is not part of what was said in a group.
    """
    holder = subject(update)
    place: Literal["direct", "group"] = (
        "direct" if text_of(holder, "chat", "type") in ("private", "") else "group"
    )
    kind = _kind(update, holder)
    chat, message = int_of(holder, "chat", "id"), int_of(holder, "message_id")
    press = text_of(update, "callback_query", "id")
    return Event(
        kind=kind,
        place=place,
        text=_said(holder, place, bot_name) if kind in _WORDED else "",
        quoted=_quoted(holder, bot_name) if place == "group" else "",
        author=_author(holder) if place == "group" else "",
        data=text_of(update, "callback_query", "data"),
        media=_media(holder),
        size=_size(holder),
        latitude=number_of(holder, "location", "latitude"),
        longitude=number_of(holder, "location", "longitude"),
        message="" if message is None else f"{chat}:{message}",
        handle=press,
        handle_until=received + PRESS_SECONDS if press else 0.0,
        said_at=_said_at(holder, kind),
        beside=_beside(holder) if kind == "press" else None,
    )


def _beside(message: Any) -> tuple[dict[str, Any], ...] | None:
    """What hangs below a message beside its keys to press; None where it has none of those any more."""
    rows = at(message, "reply_markup", "inline_keyboard")
    found = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    buttons = [button for row in found for button in row if isinstance(button, dict)]
    beside = tuple(button for button in buttons if "callback_data" not in button)
    return beside if len(beside) < len(buttons) else None


def _said_at(holder: Any, kind: EventKind) -> float:
    """A press comes without its time; the message it hangs on has only its own."""
    if kind == "press":
        return 0.0
    return float(int_of(holder, "edit_date") or int_of(holder, "date") or 0)


def _said(message: Any, place: str, bot_name: str) -> str:
    text = _text(message)
    if place == "direct" or not bot_name:
        return text
    return regex.sub(rf"@{regex.escape(bot_name)}(?!\w)", "", text, flags=regex.IGNORECASE).strip()


def _quoted(message: Any, bot_name: str) -> str:
    """The words of somebody else's message that this one answers."""
    quoted = at(message, "reply_to_message")
    ours = text_of(quoted, "from", "username").lower() == bot_name.lower() != ""
    return "" if ours else _text(quoted)


def _author(message: Any) -> str:
    """Who said it; a keeper of the group who hides behind its name is known as `KEEPER`."""
    if int_of(message, "sender_chat", "id") is not None:
        same = int_of(message, "sender_chat", "id") == int_of(message, "chat", "id")
        return KEEPER if same else ""
    author = int_of(message, "from", "id")
    return "" if author is None else str(author)


def _text(message: Any) -> str:
    return text_of(message, "text") or text_of(message, "caption")


def _kind(update: dict[str, Any], holder: Any) -> EventKind:
    if "callback_query" in update:
        return "press"
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    if "edited_message" in update:
        return "edit"
    return _message_kind(holder) if "message" in update else "other"


def _membership(change: Any) -> EventKind:
    gone = text_of(change, "new_chat_member", "status") in _GONE
    if text_of(change, "chat", "type") == "private":
        return "unfollow" if gone else "follow"
    return "leave" if gone else "join"


_MESSAGES: tuple[tuple[str, EventKind], ...] = (
    ("photo", "picture"), ("text", "text"), ("sticker", "sticker"), ("location", "location"), ("venue", "location"),
    ("voice", "audio"), ("audio", "audio"), ("contact", "contact_card"), ("video", "file"), ("video_note", "file"),
    ("document", "file"),
)  # fmt: skip


def _message_kind(message: Any) -> EventKind:
    if not isinstance(message, dict):
        return "other"
    if text_of(message, "document", "mime_type").startswith("image/"):
        return "picture"
    return next((kind for name, kind in _MESSAGES if name in message), "other")


def _media(message: Any) -> str:
    sizes = at(message, "photo")
    if isinstance(sizes, list) and sizes:
        # Telegram lists the sizes from small to large; the largest reads best.
        return text_of(sizes[-1], "file_id")
    return next(filter(None, (text_of(message, name, "file_id") for name in _FILES)), "")


def _size(message: Any) -> int:
    return next(filter(None, (int_of(message, name, "file_size") for name in _FILES)), 0)
