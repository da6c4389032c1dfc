"""Flex containers: a bubble or a carousel of bubbles."""

from __future__ import annotations

from typing import Literal

from bots.preview import measures
from bots.preview.actions import press_of
from bots.preview.components import view_box, view_component, view_video
from bots.preview.measures import css
from bots.preview.view import Block, Bubble, Carousel, Part, Unknown
from bots.preview.wire import Node, child, children, words

_BLOCKS: tuple[Literal["header", "hero", "body", "footer"], ...] = ("header", "hero", "body", "footer")
_SIZES: dict[str, Literal["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"]] = {
    "nano": "nano",
    "micro": "micro",
    "deca": "deca",
    "hecto": "hecto",
    "kilo": "kilo",
    "mega": "mega",
    "giga": "giga",
}


def view_container(node: Node) -> Bubble | Carousel | Unknown:
    """Draw the `contents` of a Flex message."""
    kind = words(node, "type")
    if kind == "carousel":
        return Carousel(tuple(_bubble_or_unknown(bubble) for bubble in children(node, "contents")))
    return _bubble_or_unknown(node)


def _bubble_or_unknown(node: Node) -> Bubble | Unknown:
    kind = words(node, "type")
    return view_bubble(node) if kind == "bubble" else Unknown(kind or "flex")


def view_bubble(node: Node) -> Bubble:
    styles = child(node, "styles") or {}
    blocks: list[Block] = []
    for name in _BLOCKS:
        part = child(node, name)
        if part is not None:
            blocks.append(_block(name, part, child(styles, name) or {}, bool(blocks)))
    return Bubble(
        blocks=tuple(blocks),
        size=_SIZES.get(words(node, "size"), "mega"),
        from_right=words(node, "direction") == "rtl",
        press=press_of(child(node, "action")),
    )


def _block(
    name: Literal["header", "hero", "body", "footer"],
    part: Node,
    style: Node,
    has_one_above: bool,  # noqa: FBT001 - reads well
) -> Block:
    return Block(
        name=name,
        part=_content(part),
        css=css(background_color=measures.colour(words(style, "backgroundColor"))),
        rule_above=has_one_above and style.get("separator") is True,
        rule_css=css(background_color=measures.colour(words(style, "separatorColor"))),
    )


def _content(part: Node) -> Part:
    match words(part, "type"):
        case "box":
            return view_box(part)
        case "video":
            return view_video(part)
        case _:
            return view_component(part)
