"""Telegram's keyboards: buttons under a message, and the ones in place of the person's own keyboard."""

from __future__ import annotations

from typing import Any

from bots.preview.actions import press_to_open
from bots.preview.view import Press
from bots.preview.wire import Node, child, words

Rows = tuple[tuple[Press, ...], ...]


def inline_rows(markup: Node) -> Rows:
    return _rows(markup.get("inline_keyboard"), _inline_press)


def keyboard_rows(markup: Node) -> Rows:
    """Draw a ReplyKeyboardMarkup."""
    return _rows(markup.get("keyboard"), _keyboard_press)


def _rows(rows: Any, press: Any) -> Rows:
    if not isinstance(rows, list | tuple):
        return ()
    drawn = (tuple(press(button) for button in row) for row in rows if isinstance(row, list | tuple))
    return tuple(row for row in drawn if row)


def _inline_press(button: Any) -> Press:
    node: Node = button if isinstance(button, dict) else {}
    label = words(node, "text")
    if words(node, "callback_data"):
        return Press("postback", label, words(node, "callback_data"))
    address = words(node, "url") or words(child(node, "web_app") or child(node, "login_url") or {}, "url")
    if address:
        return press_to_open(label, address)
    copied = words(child(node, "copy_text") or {}, "text")
    return Press("copy", label, copied) if copied else Press("nothing", label)


def _keyboard_press(button: Any) -> Press:
    if isinstance(button, str):
        return Press("say", button, button, button)
    node: Node = button if isinstance(button, dict) else {}
    label = words(node, "text")
    if node.get("request_contact") is True:
        return Press("contact", label)
    if node.get("request_location") is True:
        return Press("place", label)
    if child(node, "web_app"):
        return press_to_open(label, words(child(node, "web_app") or {}, "url"))
    return Press("say", label, label, label)
