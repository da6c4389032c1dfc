"""LINE's action objects as presses."""

from __future__ import annotations

from urllib.parse import urlsplit

from bots.preview.view import Press
from bots.preview.wire import Node, words

_SCHEMES = {"http", "https", "tel", "mailto", "line", "tg"}


def press_to_open(label: str, address: str) -> Press:
    """An address a phone opens; any other scheme presses to nothing, so that a page may link it."""
    try:
        known = urlsplit(address).scheme in _SCHEMES
    except ValueError:
        known = False
    return Press("open", label, address) if known else Press("nothing", label)


def press_of(action: Node | None) -> Press | None:
    """None where there is no action at all; an unknown kind of action presses to nothing."""
    if action is None:
        return None
    label = words(action, "label")
    data = words(action, "data")
    match words(action, "type"):
        case "postback":
            says = words(action, "displayText") or words(action, "text")
            return Press("postback", label, data, says)
        case "message":
            text = words(action, "text")
            return Press("say", label, text, text)
        case "uri":
            return press_to_open(label, words(action, "uri") or words(action, "linkUri"))
        case "datetimepicker":
            return Press("pick", label, data, mode=words(action, "mode"))
        case _:
            return _press_of_phone(action, label)


def _press_of_phone(action: Node, label: str) -> Press:
    """Actions that use a part of the phone itself."""
    match words(action, "type"):
        case "clipboard":
            return Press("copy", label, words(action, "clipboardText"))
        case "camera":
            return Press("camera", label)
        case "cameraRoll":
            return Press("album", label)
        case "location":
            return Press("place", label)
        case "richmenuswitch":
            return Press("switch", label, words(action, "data"))
        case kind:
            return Press("nothing", label or kind)
