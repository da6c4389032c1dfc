"""Our LINE messages as a phone shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bots.preview import phrases
from bots.preview.actions import press_of
from bots.preview.flex import view_container
from bots.preview.templates import flex_of_imagemap, flex_of_template
from bots.preview.view import Attachment, Part, Picture, Press, Run, Spot, Sticker, Unknown, View, Words
from bots.preview.wire import Node, child, children, number, words

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_]+)\}")
_EMOJI = "🙂"


def view_line(messages: Iterable[dict[str, Any]]) -> tuple[View, ...]:
    """Draw message objects of a reply or push; chips stay only on the last, as in LINE."""
    views = [_view(message) for message in messages]
    return tuple(_without_chips(view) for view in views[:-1]) + tuple(views[-1:])


def _without_chips(view: View) -> View:
    return View(view.platform, view.kind, view.parts, view.notice, view.sender)


def _view(message: Node) -> View:
    kind = words(message, "type") or "message"
    return View(
        platform="line",
        kind=kind,
        parts=(_part(message, kind),),
        notice=_notice(message, kind),
        sender=words(child(message, "sender") or {}, "name"),
        chips=view_chips(child(message, "quickReply")),
    )


def view_chips(quick_reply: Node | None) -> tuple[Press, ...]:
    """Draw a `quickReply` object."""
    items = children(quick_reply or {}, "items")
    presses = (press_of(child(item, "action")) for item in items)
    return tuple(press for press in presses if press is not None)


def _part(message: Node, kind: str) -> Part:
    match kind:
        case "text":
            return Words(tuple(_text_runs(message)))
        case "textV2":
            return Words(tuple(_text_v2_runs(message)))
        case "flex":
            return view_container(child(message, "contents") or {})
        case "template":
            return view_container(flex_of_template(child(message, "template") or {}))
        case "imagemap":
            return view_container(flex_of_imagemap(message))
        case _:
            return _media(message, kind)


def _media(message: Node, kind: str) -> Part:
    match kind:
        case "image" | "video":
            preview = words(message, "previewImageUrl") or words(message, "originalContentUrl")
            return Picture(
                preview, phrases.notice("picture" if kind == "image" else kind), play=kind == "video"
            )
        case "sticker":
            return Sticker(f"{phrases.label('sticker')} {words(message, 'stickerId')}".strip())
        case "location":
            return Spot(
                words(message, "title"),
                words(message, "address"),
                number(message, "latitude") or 0.0,
                number(message, "longitude") or 0.0,
            )
        case "audio":
            return Attachment("audio", phrases.label("audio"), _seconds(number(message, "duration")))
        case "file":
            return Attachment("file", words(message, "fileName") or phrases.label("file"))
        case _:
            return Unknown(kind)


def _seconds(milliseconds: float | None) -> str:
    minutes, seconds = divmod(int((milliseconds or 0) / 1000), 60)
    return f"{minutes}:{seconds:02d}"


def _notice(message: Node, kind: str) -> str:
    """LINE shows the text itself, else `altText`, else the kind of thing that came."""
    if kind in {"text", "textV2"}:
        return " ".join("".join(run.text for run in _runs_of(message, kind)).split())
    return words(message, "altText") or phrases.notice("picture" if kind == "image" else kind)


def _runs_of(message: Node, kind: str) -> Iterator[Run]:
    return _text_runs(message) if kind == "text" else _text_v2_runs(message)


def _text_runs(message: Node) -> Iterator[Run]:
    """LINE emoji stand at `$`; their index counts UTF-16 units. Their drawings are LINE's, a smile stands in."""
    text = words(message, "text")
    at = {int(number(emoji, "index") or 0) for emoji in children(message, "emojis")}
    if not at:
        yield Run(text)
        return
    units = 0
    shown: list[str] = []
    for letter in text:
        shown.append(_EMOJI if letter == "$" and units in at else letter)
        units += 2 if ord(letter) > 0xFFFF else 1
    yield Run("".join(shown))


def _text_v2_runs(message: Node) -> Iterator[Run]:
    text = words(message, "text")
    substitution = child(message, "substitution") or {}
    done = 0
    for found in _PLACEHOLDER.finditer(text):
        with_ = child(substitution, found[1])
        if with_ is None:
            continue
        yield Run(text[done : found.start()])
        yield _substitute(with_)
        done = found.end()
    yield Run(text[done:])


def _substitute(node: Node) -> Run:
    if words(node, "type") != "mention":
        return Run(_EMOJI)
    everyone = words(child(node, "mentionee") or {}, "type") == "all"
    return Run("@" + phrases.label("everyone" if everyone else "person"), mention=True)
