"""Who the bot is, its webhook, commands, descriptions and menu button; files. Source: Bot API 10.1."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from simulator.asgi import Response
from simulator.telegram.bot import TelegramBot, person_user
from simulator.telegram.errors import bad, result
from simulator.telegram.methods import (
    CommandScope,
    DeleteWebhook,
    GetChat,
    GetChatAdministrators,
    GetChatMenuButton,
    GetFile,
    GetMyCommands,
    Language,
    Nothing,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
    SetWebhook,
)
from simulator.telegram.parameters import Sent

MOST_COMMANDS = 100
BIGGEST_DOWNLOAD = 20 * 1024 * 1024
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(bot: TelegramBot, call: Nothing, sent: Sent) -> Response:
    del call, sent
    privacy = bot.world.options.telegram_group_privacy
    flags = {
        "can_join_groups": True,
        "can_read_all_group_messages": not privacy,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return result({**bot.user(), **flags})


def get_chat(bot: TelegramBot, call: GetChat, sent: Sent) -> Response:
    del sent
    _, chat = bot.reach(call.chat_id)
    return result({**chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS})


def get_chat_administrators(bot: TelegramBot, call: GetChatAdministrators, sent: Sent) -> Response:
    """Of a group's members the first made it, and nobody else keeps it."""
    del sent
    key, _ = bot.reach(call.chat_id)
    group = bot.world.groups.get(key)
    if group is None:
        raise bad("there are no administrators in the private chat")
    owners = [bot.world.people[member] for member in group.members[:1]]
    return result(
        [{"status": "creator", "user": person_user(owner), "is_anonymous": False} for owner in owners]
    )


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def set_webhook(bot: TelegramBot, call: SetWebhook, sent: Sent) -> Response:
    """HTTPS, or loopback where everything runs on one machine. Unset `allowed_updates` keep what was set."""
    del sent
    parts = urlsplit(call.url)
    loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if call.url and not loopback and parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    bot.webhook.url = call.url
    bot.webhook.secret = call.secret_token or ""
    bot.webhook.max_connections = call.max_connections or 40
    if call.allowed_updates is not None:
        bot.webhook.allowed_updates = call.allowed_updates
    return result(value=True)


def delete_webhook(bot: TelegramBot, call: DeleteWebhook, sent: Sent) -> Response:
    del call, sent
    bot.webhook.url = ""
    return result(value=True)


def get_webhook_info(bot: TelegramBot, call: Nothing, sent: Sent, pending: int) -> Response:
    del call, sent
    webhook = bot.webhook
    shown: dict[str, Any] = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": pending,
        "max_connections": webhook.max_connections,
    }
    if webhook.last_error_at is not None:
        shown |= {"last_error_date": int(webhook.last_error_at), "last_error_message": webhook.last_error}
    if webhook.allowed_updates:
        shown["allowed_updates"] = webhook.allowed_updates
    return result(shown)


def set_my_commands(bot: TelegramBot, call: SetMyCommands, sent: Sent) -> Response:
    del sent
    if len(call.commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in call.commands:
        if _COMMAND.fullmatch(one.command) is None:
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one.description) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_scope(call.scope), call.language_code or ""] = [
        msgspec.to_builtins(one) for one in call.commands
    ]
    bot.world.changes.tell("people_changed", "telegram")
    return result(value=True)


def get_my_commands(bot: TelegramBot, call: GetMyCommands, sent: Sent) -> Response:
    del sent
    return result(bot.commands.get((_scope(call.scope), call.language_code or ""), []))


def delete_my_commands(bot: TelegramBot, call: GetMyCommands, sent: Sent) -> Response:
    del sent
    bot.commands.pop((_scope(call.scope), call.language_code or ""), None)
    return result(value=True)


def set_my_description(bot: TelegramBot, call: SetMyDescription, sent: Sent) -> Response:
    del sent
    bot.texts["description", call.language_code or ""] = call.description
    return result(value=True)


def get_my_description(bot: TelegramBot, call: Language, sent: Sent) -> Response:
    del sent
    return result({"description": bot.texts.get(("description", call.language_code or ""), "")})


def set_my_short_description(bot: TelegramBot, call: SetMyShortDescription, sent: Sent) -> Response:
    del sent
    bot.texts["short_description", call.language_code or ""] = call.short_description
    return result(value=True)


def get_my_short_description(bot: TelegramBot, call: Language, sent: Sent) -> Response:
    del sent
    return result({"short_description": bot.texts.get(("short_description", call.language_code or ""), "")})


def set_my_name(bot: TelegramBot, call: SetMyName, sent: Sent) -> Response:
    del sent
    bot.texts["name", call.language_code or ""] = call.name
    return result(value=True)


def get_my_name(bot: TelegramBot, call: Language, sent: Sent) -> Response:
    del sent
    return result({"name": bot.texts.get(("name", call.language_code or ""), bot.world.options.bot_name)})


def set_chat_menu_button(bot: TelegramBot, call: SetChatMenuButton, sent: Sent) -> Response:
    del sent
    button = call.menu_button
    if button is not None and button.type not in ("commands", "web_app", "default"):
        raise bad("unsupported menu button type")
    if button is not None and button.type == "web_app" and not (button.text and button.web_app):
        raise bad("a web_app menu button needs text and web_app")
    bot.menu_buttons[call.chat_id] = msgspec.to_builtins(button) if button else {"type": "default"}
    return result(value=True)


def get_chat_menu_button(bot: TelegramBot, call: GetChatMenuButton, sent: Sent) -> Response:
    del sent
    default = bot.menu_buttons.get(None, {"type": "default"})
    return result(bot.menu_buttons.get(call.chat_id, default))


def get_file(bot: TelegramBot, call: GetFile, sent: Sent) -> Response:
    del sent
    stored = bot.files.get(call.file_id)
    if stored is None:
        raise bad("invalid file_id")
    if len(stored.body) > BIGGEST_DOWNLOAD:
        raise bad("file is too big")
    return result(
        {
            "file_id": stored.file_id,
            "file_unique_id": stored.file_id[-16:],
            "file_size": len(stored.body),
            "file_path": stored.path,
        }
    )


def _scope(scope: CommandScope | None) -> str:
    if scope is None:
        return "default"
    return ":".join(str(part) for part in (scope.type, scope.chat_id, scope.user_id) if part is not None)
