"""One Telegram update, its envelope only."""

import hmac
from typing import Any

import regex

from bots.channels.base import Arrival, Overheard
from bots.channels.reading import at, int_of, parse_json, text_of, write_json
from core.errors import InvalidInputError

_WITH_CHAT = ("message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member", "chat_member",
              "chat_join_request", "business_message")  # fmt: skip


# Words that were said to others: in channels, to a business, to a group's keepers.
_FOR_OTHERS = ("channel_post", "edited_channel_post", "business_message", "edited_business_message",
               "chat_join_request")  # fmt: skip

# Telegram passes a command on to every bot that may be meant; with another's name behind it, it is that one's.
_CHECK = regex.compile(r"/check(?![\w@])")


def is_genuine(secret: bytes, header: str) -> bool:
    """Check X-Telegram-Bot-Api-Secret-Token (Telegram, setWebhook)."""
    return hmac.compare_digest(secret, header.encode("utf-8", "replace"))


def read_arrivals(raw: bytes, bot_name: str = "") -> list[Arrival]:
    """Read the one update of a body; raises InvalidInputError when it is not an update at all."""
    update = parse_json(raw)
    update_id = int_of(update, "update_id")
    if not isinstance(update, dict) or update_id is None:
        raise InvalidInputError("a Telegram update has an update_id")
    holder = subject(update)
    address, message = address_of(update), int_of(holder, "message_id")
    kept = b"" if is_unaddressed(update, bot_name) else write_json(update)
    return [
        Arrival(
            channel="telegram",
            event_id=str(update_id),
            address=address,
            position=update_id,
            message="" if message is None else f"{address}:{message}",
            body=kept,
        )
    ]


def overheard(raw: bytes, bot_name: str = "") -> list[Overheard]:
    """The text of an update that `read_arrivals` leaves out."""
    message = subject(parse_json(raw))
    text = text_of(message, "text") or text_of(message, "caption")
    return [Overheard(arrival, text) for arrival in read_arrivals(raw, bot_name) if not arrival.body]


def address_of(update: dict[str, Any]) -> str | None:
    """Return the chat, or who pressed where the message is too old to be told."""
    chat = int_of(subject(update), "chat", "id")
    address = chat if chat is not None else int_of(update, "callback_query", "from", "id")
    return None if address is None else str(address)


def subject(update: dict[str, Any]) -> Any:
    """Return the part of the update that has the chat: the message, the pressed message, the membership change."""
    for name in _WITH_CHAT:
        if isinstance(update.get(name), dict):
            return update[name]
    return at(update, "callback_query", "message")


def is_unaddressed(update: dict[str, Any], bot_name: str) -> bool:
    """Tell talk in a group that is not meant for the bot; its words may not be kept (invariant 6)."""
    if any(name in update for name in _FOR_OTHERS):
        return True
    message = update.get("message") or update.get("edited_message")
    if text_of(message, "chat", "type") not in ("group", "supergroup", "channel"):
        return False
    is_service = isinstance(message, dict) and (
        "migrate_to_chat_id" in message or "new_chat_members" in message
    )
    return not is_service and not mentions_bot(message, bot_name)


def mentions_bot(message: Any, bot_name: str) -> bool:
    """A mention by name, the command to check, or an answer to one of its messages."""
    if not bot_name:
        return False
    text = text_of(message, "text") or text_of(message, "caption")
    if _CHECK.match(text):
        return True
    if regex.search(rf"@{regex.escape(bot_name)}(?!\w)", text, regex.IGNORECASE):
        return True
    return text_of(message, "reply_to_message", "from", "username").lower() == bot_name.lower()
