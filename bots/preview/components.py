"""Flex components. Defaults and rules: LINE reference "Flex Message" and its page on layout."""

from __future__ import annotations

from typing import Literal

import msgspec

from bots.preview import measures
from bots.preview.actions import press_of
from bots.preview.measures import css, join
from bots.preview.view import Box, Gap, Icon, Key, Part, Picture, Press, Rule, Run, Unknown, Words
from bots.preview.wire import Node, child, children, number, words

_DEEPEST = 20
Layout = Literal["horizontal", "vertical", "baseline"]


class Place(msgspec.Struct, frozen=True):
    """Where a component stands: in a box of this layout and spacing, after another one or first."""

    layout: Layout = "vertical"
    spacing: str = ""
    first: bool = True
    depth: int = 0


def view_component(node: Node, place: Place = Place()) -> Part:  # noqa: B008 - a frozen value
    """Draw one component of a box; what is unknown or too deep becomes a named grey box."""
    kind = words(node, "type")
    if place.depth > _DEEPEST:
        return Unknown(kind or "component")
    match kind:
        case "box":
            return view_box(node, place)
        case "text":
            return _text(node, place)
        case "button":
            return _button(node, place)
        case "image":
            return _image(node, place)
        case "video":
            return view_video(node)
        case _:
            return _small(node, place, kind)


def _small(node: Node, place: Place, kind: str) -> Part:
    match kind:
        case "icon":
            return _icon(node, place)
        case "separator":
            line = measures.colour(words(node, "color"))
            return Rule(place.layout != "vertical", join(_margin(node, place), css(background_color=line)))
        case "filler":
            share = number(node, "flex")
            return Gap(css(flex="0 0 auto" if share == 0 else f"{_whole(share, 1)} 1 0"))
        case "spacer":
            return Gap(css(flex="none", height=measures.length(words(node, "size") or "md", measures.SPACES)))
        case _:
            return Unknown(kind or "component")


def view_box(node: Node, place: Place = Place()) -> Box:  # noqa: B008 - a frozen value
    layout = _layout(words(node, "layout"))
    spacing = measures.length(words(node, "spacing"), measures.SPACES)
    parts = tuple(
        view_component(part, Place(layout, spacing, index == 0, place.depth + 1))
        for index, part in enumerate(children(node, "contents"))
    )
    look = join(
        _share(node, place, "1"), _where(node, place), _padding(node), _surface(node), _extent(node, place)
    )
    lines = css(justify_content=_arrange(node, "justifyContent"), align_items=_arrange(node, "alignItems"))
    return Box(layout, parts, join(look, lines), press_of(child(node, "action")))


def _text(node: Node, place: Place) -> Words:
    spans = tuple(_span(span) for span in children(node, "contents") if words(span, "type") == "span")
    look = join(
        _share(node, place, "1"),
        _where(node, place),
        css(text_align=_align(node)),
        _letters(node, "md"),
        css(line_height=_line_height(node)),
    )
    return Words(
        runs=spans or (Run(words(node, "text")),),
        wrap=node.get("wrap") is True,
        lines=_whole(number(node, "maxLines"), 0),
        gravity=_gravity(node),
        css=look,
        press=press_of(child(node, "action")),
    )


def _span(node: Node) -> Run:
    return Run(words(node, "text"), css=_letters(node, ""))


def _letters(node: Node, default_size: str) -> str:
    decoration = words(node, "decoration")
    return css(
        font_size=measures.length(words(node, "size") or default_size, measures.TEXT_SIZES),
        color=measures.colour(words(node, "color")),
        font_weight={"bold": "700", "regular": "400"}.get(words(node, "weight"), ""),
        font_style={"italic": "italic", "normal": "normal"}.get(words(node, "style"), ""),
        text_decoration=decoration if decoration in {"none", "underline", "line-through"} else "",
    )


def _button(node: Node, place: Place) -> Part:
    press = press_of(child(node, "action")) or Press("nothing")
    style = words(node, "style")
    shade = measures.colour(words(node, "color"))
    known: Literal["primary", "secondary", "link"] = (
        "primary" if style == "primary" else "secondary" if style == "secondary" else "link"
    )
    return Key(
        press=press,
        style=known,
        small=words(node, "height") == "sm",
        css=join(_share(node, place, "1"), _where(node, place), _across(node, place)),
        face=css(color=shade) if known == "link" else css(background_color=shade),
    )


def _image(node: Node, place: Place) -> Picture:
    size = words(node, "size") or "md"
    width = "100%" if size == "full" else measures.length(size, measures.IMAGE_SIZES)
    frame = css(
        width=width,
        aspect_ratio=measures.ratio(words(node, "aspectRatio")),
        background_color=measures.colour(words(node, "backgroundColor")),
    )
    return Picture(
        url=words(node, "url"),
        alt=words(child(node, "action") or {}, "label"),
        fit="cover" if words(node, "aspectMode") == "cover" else "fit",
        css=join(
            _share(node, place, "1"),
            _where(node, place),
            css(align_items=_edge(_align(node) or "center"), justify_content=_edge(_gravity(node))),
        ),
        frame=frame,
        press=press_of(child(node, "action")),
    )


def view_video(node: Node) -> Picture:
    """A video shows its preview picture and a sign to play it."""
    return Picture(
        url=words(node, "previewUrl"),
        fit="cover",
        play=True,
        frame=css(width="100%", aspect_ratio=measures.ratio(words(node, "aspectRatio"))),
        press=press_of({"type": "uri", "uri": words(node, "url")}),
    )


def _icon(node: Node, place: Place) -> Icon:
    size = measures.length(words(node, "size") or "md", measures.TEXT_SIZES)
    look = css(height=size, aspect_ratio=measures.ratio(words(node, "aspectRatio")))
    return Icon(words(node, "url"), join(_where(node, place), look))


def _layout(value: str) -> Layout:
    return "horizontal" if value == "horizontal" else "baseline" if value == "baseline" else "vertical"


def _whole(value: float | None, default: int) -> int:
    return default if value is None or not 0 <= value <= 1000 else int(value)


def _share(node: Node, place: Place, default: str) -> str:
    """How a component takes part in the free space: by default equally in a row, not at all in a column."""
    sized = words(node, "width") if place.layout == "horizontal" else words(node, "height")
    share = number(node, "flex")
    if words(node, "type") == "box" and sized and share is None:
        return "flex:none"
    if place.layout == "vertical":
        return f"flex:{_whole(share, 0)} 0 auto" if share else "flex:none"
    if share == 0:
        return "flex:0 1 auto"
    return f"flex:{default if share is None else _whole(share, 1)} 1 0"


def _margin(node: Node, place: Place) -> str:
    """A component's own margin takes the place of the box's spacing."""
    own = measures.length(words(node, "margin"), measures.SPACES)
    space = own or ("" if place.first else place.spacing)
    return css(margin_top=space) if place.layout == "vertical" else css(margin_inline_start=space)


def _where(node: Node, place: Place) -> str:
    absolute = words(node, "position") == "absolute"
    offsets = {
        side: measures.length(words(node, f"offset{name}"), measures.SPACES)
        for side, name in (
            ("top", "Top"),
            ("bottom", "Bottom"),
            ("inset_inline_start", "Start"),
            ("inset_inline_end", "End"),
        )
    }
    if absolute:
        return css(position="absolute", **offsets)
    moved = css(position="relative", **offsets) if any(offsets.values()) else ""
    return join(_margin(node, place), moved)


def _padding(node: Node) -> str:
    sides = (
        ("All", ""),
        ("Top", "-top"),
        ("Bottom", "-bottom"),
        ("Start", "-inline-start"),
        ("End", "-inline-end"),
    )
    found = ((side, measures.length(words(node, f"padding{name}"), measures.SPACES)) for name, side in sides)
    return join(*(f"padding{side}:{size}" for side, size in found if size))


def _surface(node: Node) -> str:
    background = child(node, "background")
    border = measures.length(words(node, "borderWidth"), measures.BORDERS)
    edge = measures.colour(words(node, "borderColor"))
    radius = measures.length(words(node, "cornerRadius"), measures.SPACES)
    return css(
        background_color=measures.colour(words(node, "backgroundColor")),
        background_image=measures.gradient(background) if background else "",
        border=f"{border} solid {edge or 'currentColor'}" if border and border != "0px" else "",
        border_radius=radius,
        overflow="hidden" if radius else "",
    )


def _extent(node: Node, place: Place) -> str:
    def size(key: str) -> str:
        return measures.length(words(node, key), {})

    return css(
        width=size("width"),
        max_width=size("maxWidth"),
        height=size("height"),
        max_height=size("maxHeight"),
        align_self="flex-start" if size("width") and place.layout == "vertical" else "",
    )


def _arrange(node: Node, key: str) -> str:
    value = words(node, key)
    spread = {"space-between", "space-around", "space-evenly"}
    return value if value in {"center", "flex-start", "flex-end"} or value in spread else ""


def _align(node: Node) -> str:
    value = words(node, "align")
    return value if value in {"start", "end", "center"} else ""


def _gravity(node: Node) -> Literal["top", "center", "bottom"]:
    value = words(node, "gravity")
    return "center" if value == "center" else "bottom" if value == "bottom" else "top"


def _across(node: Node, place: Place) -> str:
    """Gravity of a component that is not stretched over a row."""
    return (
        css(align_self=_edge(_gravity(node)))
        if place.layout == "horizontal" and words(node, "gravity")
        else ""
    )


def _edge(value: str) -> str:
    return {"start": "flex-start", "end": "flex-end", "top": "flex-start", "bottom": "flex-end"}.get(
        value, "center"
    )


def _line_height(node: Node) -> str:
    spacing = measures.length(words(node, "lineSpacing"), {})
    return f"calc(1.4em + {spacing})" if spacing else ""
