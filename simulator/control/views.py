"""What the control API shows."""

from __future__ import annotations

from typing import Any

import msgspec

from simulator.line.platform import LinePlatform
from simulator.line.richmenus import menu_shown_to
from simulator.phone import Chat, Item, Timeline
from simulator.telegram.platform import TelegramPlatform
from simulator.world import UnknownError, World


def timeline(world: World, line: LinePlatform, telegram: TelegramPlatform, chat_id: str) -> Timeline:
    """The screen of a person or a group; an empty one for somebody who never wrote."""
    known = world.people.get(chat_id) or world.groups.get(chat_id)
    if known is None:
        raise UnknownError(f"Neither a person nor a group has the id {chat_id}.")
    chat = world.chat(chat_id, known.platform)
    shown = Timeline(
        chat=chat_id,
        platform=known.platform,
        items=[_plain(item) for item in chat.items],
        activity=chat.shown_activity(world.clock.now()),
        toast=chat.toast,
        read_up_to=chat.read_up_to,
    )
    if known.platform == "line":
        shown.quick_reply, shown.quick_reply_of = _quick_reply(chat)
        shown.rich_menu = menu_shown_to(line.line, chat_id)
    else:
        shown.reply_keyboard = chat.reply_keyboard
        shown.commands = telegram.bot.commands.get(("default", ""), [])
    return shown


def _quick_reply(chat: Chat) -> tuple[Any, str]:
    if chat.quick_reply is None:
        return None, ""
    return msgspec.json.decode(chat.quick_reply)["quickReply"], chat.quick_reply_of


def _plain(item: Item) -> Item:
    """Raw JSON becomes objects; a copy, so that what is kept stays small."""
    if isinstance(item.message, msgspec.Raw):
        return msgspec.structs.replace(item, message=msgspec.json.decode(item.message))
    return item
