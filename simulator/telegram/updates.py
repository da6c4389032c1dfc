"""Updates as Telegram really sends them. Source: Bot API 10.1, type Update."""

from __future__ import annotations

import re
from typing import Any

from simulator.phone import Group, Person
from simulator.telegram.bot import TelegramBot, group_chat, person_user, private_chat
from simulator.telegram.entities import utf16_units

Update = dict[str, Any]
_COMMAND = re.compile(r"(?<!\S)/[a-zA-Z0-9_]{1,32}(@[a-zA-Z0-9_]{3,32})?(?![a-zA-Z0-9_/])")
_MENTION = re.compile(r"(?<!\w)@[a-zA-Z0-9_]{4,32}\b")
_URL = re.compile(r"https?://[^\s<>]+")


def make_update(bot: TelegramBot, kind: str, content: dict[str, Any]) -> Update:
    return {"update_id": bot.world.ids.telegram_update(), kind: content}


def make_message(bot: TelegramBot, person: Person, group: Group | None, **fields: Any) -> dict[str, Any]:
    chat = group_chat(group) if group else private_chat(person)
    number = bot.next_message_id(group.id if group else person.id)
    return {
        "message_id": number,
        "from": person_user(person),
        "chat": chat,
        "date": int(bot.world.clock.now()),
        **fields,
    }


def text_fields(text: str) -> dict[str, Any]:
    """The text and the entities Telegram finds in it by itself."""
    entities: list[dict[str, Any]] = [
        {"type": kind, "offset": utf16_units(text[: match.start()]), "length": utf16_units(match[0])}
        for kind, pattern in (("bot_command", _COMMAND), ("mention", _MENTION), ("url", _URL))
        for match in pattern.finditer(text)
    ]
    entities.sort(key=lambda entity: entity["offset"])
    return {"text": text, **({"entities": entities} if entities else {})}


def membership(
    bot: TelegramBot, person: Person, group: Group | None, old: dict[str, Any], new: dict[str, Any]
) -> dict[str, Any]:
    """Content of `my_chat_member`: `person` changed what the bot is in a chat."""
    return {
        "chat": group_chat(group) if group else private_chat(person),
        "from": person_user(person),
        "date": int(bot.world.clock.now()),
        "old_chat_member": {"user": bot.user(), **old},
        "new_chat_member": {"user": bot.user(), **new},
    }


MEMBER = {"status": "member"}
LEFT = {"status": "left"}
KICKED = {"status": "kicked", "until_date": 0}
