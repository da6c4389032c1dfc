"""parse_mode HTML. Source: Bot API, "HTML style"; the errors are worded as the server words them."""

from __future__ import annotations

import re
from typing import Any

from simulator.telegram.entities import EntityError, Marked, Writer, bytes_before

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-zA-Z]+);")
_TAG = re.compile(r"<(/?)([^\s<>/]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\s*([a-zA-Z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
Open = tuple[str, int, dict[str, str]]


def parse_html(text: str) -> Marked:
    """Raises EntityError for unknown, crossed or unclosed tags."""
    writer = Writer()
    stack: list[Open] = []
    position = 0
    while position < len(text):
        next_tag = text.find("<", position)
        end = len(text) if next_tag < 0 else next_tag
        writer.write(_decode(text[position:end]))
        position = end
        if next_tag >= 0:
            position = _take_tag(text, next_tag, writer, stack)
    if stack:
        raise EntityError(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return writer.finish()


def _take_tag(text: str, at: int, writer: Writer, stack: list[Open]) -> int:
    """Handles the tag at `at`; returns the position after it."""
    offset = bytes_before(text, at)
    match = _TAG.match(text, at)
    if match is None:
        raise EntityError(f"Unclosed start tag at byte offset {offset}")
    closing, name, rest = match[1] == "/", match[2].lower(), match[3]
    if closing:
        _close(name, offset, writer, stack)
    else:
        _open(name, rest, offset, writer, stack)
    return match.end()


def _open(name: str, rest: str, offset: int, writer: Writer, stack: list[Open]) -> None:
    if name not in _KINDS:
        raise EntityError(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes = {
        key.lower(): _decode(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(rest.rstrip("/"))
    }
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise EntityError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    stack.append((name, writer.units, attributes))


def _close(name: str, offset: int, writer: Writer, stack: list[Open]) -> None:
    if not stack:
        raise EntityError(f"Unexpected end tag at byte offset {offset}")
    opened, start, attributes = stack.pop()
    if name not in (opened, ""):
        raise EntityError(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened}>", found "</{name}>"'
        )
    kind, more = _entity(opened, attributes, inside_pre=bool(stack) and stack[-1][0] == "pre")
    if kind:
        writer.mark(start, kind, **more)


def _entity(name: str, attributes: dict[str, str], *, inside_pre: bool) -> tuple[str, dict[str, Any]]:
    if name == "a":
        return ("text_link", {"url": attributes["href"]}) if attributes.get("href") else ("", {})
    if name == "code" and inside_pre:
        return "", {}
    if name == "blockquote" and "expandable" in attributes:
        return "expandable_blockquote", {}
    if name == "tg-emoji":
        return "custom_emoji", {"custom_emoji_id": attributes.get("emoji-id", "")}
    return _KINDS[name], {}


def _decode(text: str) -> str:
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    name = match[1]
    if not name.startswith("#"):
        return _NAMED.get(name, match[0])
    number = int("0" + name[1:], 0) if name[1] in "xX" else int(name[1:])
    return chr(number) if 0 < number <= 0x10FFFF else match[0]
