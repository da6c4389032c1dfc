"""Finds the buttons a person can press, in the order they are seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.control.shapes import ControlError, Press


def line_actions(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Every action inside a LINE message, quick replies left out."""
    body = {key: value for key, value in message.items() if key != "quickReply"}
    return list(_walk(body))


def quick_reply_actions(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [item["action"] for item in message.get("quickReply", {}).get("items", [])]


def menu_actions(menu: dict[str, Any]) -> list[dict[str, Any]]:
    return [area["action"] for area in menu.get("areas", [])]


def inline_buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def keyboard_buttons(keyboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for row in keyboard.get("keyboard", []) for button in row]


def choose(buttons: list[dict[str, Any]], press: Press) -> dict[str, Any]:
    """Raises ControlError when no button fits."""
    if press.index is not None:
        fitting = buttons[press.index : press.index + 1] if press.index >= 0 else []
    elif press.label is not None:
        fitting = [one for one in buttons if press.label in (one.get("label"), one.get("text"))]
    else:
        fitting = [one for one in buttons if press.data is not None and press.data in _data_of(one)]
    if fitting:
        return fitting[0]
    seen = [button.get("label") or button.get("text") for button in buttons]
    raise ControlError(f"No such button; these are shown: {seen}")


def _data_of(button: dict[str, Any]) -> list[Any]:
    return [button[key] for key in ("data", "callback_data", "uri", "url") if key in button]


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _walk(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in ("action", "defaultAction") and isinstance(one, dict):
                yield one
            elif key == "actions" and isinstance(one, list):
                yield from one
            else:
                yield from _walk(one)
