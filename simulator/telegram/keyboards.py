"""Keyboards under messages. Source: Bot API 10.1, types InlineKeyboardMarkup and ReplyKeyboardMarkup."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec

from simulator.telegram.errors import bad

MOST_BUTTONS = 100
_SCHEMES = ("http", "https", "tg", "tel", "mailto")


class Exact(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything a bot may send: nothing unknown."""


class WebApp(Exact, kw_only=True):
    url: str


class LoginUrl(Exact, kw_only=True):
    url: str
    forward_text: str | None = None
    bot_username: str | None = None
    request_write_access: bool | None = None


class ChosenChat(Exact, kw_only=True):
    query: str | None = None
    allow_user_chats: bool | None = None
    allow_bot_chats: bool | None = None
    allow_group_chats: bool | None = None
    allow_channel_chats: bool | None = None


class CopyText(Exact, kw_only=True):
    text: str


class InlineButton(Exact, kw_only=True):
    text: str
    icon_custom_emoji_id: str | None = None
    style: str | None = None
    url: str | None = None
    callback_data: str | None = None
    web_app: WebApp | None = None
    login_url: LoginUrl | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    switch_inline_query_chosen_chat: ChosenChat | None = None
    copy_text: CopyText | None = None
    callback_game: dict[str, Any] | None = None
    pay: bool | None = None


class InlineKeyboard(Exact, kw_only=True):
    inline_keyboard: list[list[InlineButton]]


class PollType(Exact, kw_only=True):
    type: str | None = None


class KeyboardButton(Exact, kw_only=True):
    text: str
    icon_custom_emoji_id: str | None = None
    style: str | None = None
    request_users: dict[str, Any] | None = None
    request_chat: dict[str, Any] | None = None
    request_managed_bot: dict[str, Any] | None = None
    request_contact: bool | None = None
    request_location: bool | None = None
    request_poll: PollType | None = None
    web_app: WebApp | None = None


class ReplyKeyboard(Exact, kw_only=True):
    keyboard: list[list[KeyboardButton]]
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: str | None = None
    selective: bool | None = None


class RemoveKeyboard(Exact, kw_only=True):
    remove_keyboard: bool
    selective: bool | None = None


class ForceReply(Exact, kw_only=True):
    force_reply: bool
    input_field_placeholder: str | None = None
    selective: bool | None = None


Markup = InlineKeyboard | ReplyKeyboard | RemoveKeyboard | ForceReply
_BY_KEY: dict[str, type[Markup]] = {
    "inline_keyboard": InlineKeyboard,
    "keyboard": ReplyKeyboard,
    "remove_keyboard": RemoveKeyboard,
    "force_reply": ForceReply,
}


def read_markup(raw: Any, *, inline_only: bool = False) -> Markup | None:
    """Raises RefusalError when the markup breaks the contract."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    kind = next((kind for key, kind in _BY_KEY.items() if key in raw), None)
    if kind is None or (inline_only and kind is not InlineKeyboard):
        raise bad(
            "inline keyboard expected" if inline_only else "can't parse reply keyboard markup JSON object"
        )
    try:
        markup = msgspec.convert(raw, kind)
    except msgspec.ValidationError as problem:
        raise bad(f"can't parse reply keyboard markup JSON object: {problem}") from None
    if isinstance(markup, InlineKeyboard):
        _check_inline(markup)
    elif isinstance(markup, ReplyKeyboard) and any(
        not button.text for row in markup.keyboard for button in row
    ):
        raise bad("keyboard button text must be non-empty")
    return markup


def _check_inline(markup: InlineKeyboard) -> None:
    buttons = [button for row in markup.inline_keyboard for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check_button(button)


def _check_button(button: InlineButton) -> None:
    """Exactly one thing to do; `callback_data` 1 to 64 bytes."""
    if not button.text:
        raise bad("inline keyboard button text must be non-empty")
    deeds = [
        value
        for name, value in msgspec.structs.asdict(button).items()
        if name not in _LOOKS and value is not None
    ]
    if not deeds:
        raise bad("text buttons are unallowed in the inline keyboard")
    if len(deeds) > 1:
        raise bad("inline keyboard button must have exactly one action")
    if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if button.url is not None and urlsplit(button.url).scheme not in _SCHEMES:
        raise bad(f"inline keyboard button URL '{button.url}' is invalid: unsupported URL protocol")


_LOOKS = {"text", "icon_custom_emoji_id", "style"}
