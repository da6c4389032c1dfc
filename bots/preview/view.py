"""What a phone shows, as a small tree that any page can draw. Nothing in it is markup.

`css` fields hold declarations ("width:40px;color:#fff") made only of values that were checked here, so a
page may set them through the style object of an element. Classes are the page's own business.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Platform = Literal["line", "telegram"]
PressKind = Literal[
    "postback", "say", "open", "pick", "copy", "camera", "album", "place", "contact", "switch", "nothing"
]


class Press(msgspec.Struct, frozen=True, omit_defaults=True):
    """What pressing does. `value`: data that returns to us, words said, address opened or text copied.

    `says` is what the person's own bubble shows afterwards, empty where none appears.
    """

    kind: PressKind
    label: str = ""
    value: str = ""
    says: str = ""
    mode: str = ""


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    spoiler: bool = False
    mention: bool = False
    link: str = ""
    css: str = ""


class Words(msgspec.Struct, frozen=True, omit_defaults=True, tag="words"):
    """Text. `wrap` False ends in an ellipsis; `lines` 0 is as many as needed; `block` is Telegram's quote or code."""

    runs: tuple[Run, ...]
    wrap: bool = True
    lines: int = 0
    gravity: Literal["top", "center", "bottom"] = "top"
    block: Literal["", "quote", "pre"] = ""
    css: str = ""
    press: Press | None = None


class Picture(msgspec.Struct, frozen=True, omit_defaults=True, tag="picture"):
    """An image; `frame` styles its window, `css` the place of the window. `play`: it stands for a moving one."""

    url: str
    alt: str = ""
    fit: Literal["fit", "cover"] = "cover"
    play: bool = False
    css: str = ""
    frame: str = ""
    press: Press | None = None


class Icon(msgspec.Struct, frozen=True, omit_defaults=True, tag="icon"):
    url: str
    css: str = ""


class Key(msgspec.Struct, frozen=True, omit_defaults=True, tag="key"):
    """A button inside a card. `face` styles the button, `css` its place."""

    press: Press
    style: Literal["primary", "secondary", "link"] = "link"
    small: bool = False
    css: str = ""
    face: str = ""


class Rule(msgspec.Struct, frozen=True, omit_defaults=True, tag="rule"):
    upright: bool = False
    css: str = ""


class Gap(msgspec.Struct, frozen=True, omit_defaults=True, tag="gap"):
    css: str = ""


class Box(msgspec.Struct, frozen=True, omit_defaults=True, tag="box"):
    layout: Literal["horizontal", "vertical", "baseline"]
    parts: tuple[Part, ...]
    css: str = ""
    press: Press | None = None


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """Header, hero, body or footer of a bubble."""

    name: Literal["header", "hero", "body", "footer"]
    part: Part
    css: str = ""
    rule_above: bool = False
    rule_css: str = ""


class Bubble(msgspec.Struct, frozen=True, omit_defaults=True, tag="bubble"):
    """One Flex card."""

    blocks: tuple[Block, ...]
    size: Literal["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"] = "mega"
    from_right: bool = False
    press: Press | None = None


class Carousel(msgspec.Struct, frozen=True, omit_defaults=True, tag="carousel"):
    """Cards side by side."""

    bubbles: tuple[Bubble | Unknown, ...]


class Sticker(msgspec.Struct, frozen=True, omit_defaults=True, tag="sticker"):
    """`sign` is an emoji where the platform gives one; the drawing itself is the platform's and is not shown."""

    name: str
    sign: str = ""


class Spot(msgspec.Struct, frozen=True, omit_defaults=True, tag="spot"):
    """A place on the map."""

    title: str
    address: str
    latitude: float
    longitude: float


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True, tag="attachment"):
    """A file, a voice, a contact: an icon's `kind`, a name and a detail."""

    kind: Literal["file", "audio", "contact"]
    name: str
    detail: str = ""


class Unknown(msgspec.Struct, frozen=True, omit_defaults=True, tag="unknown"):
    """Something we cannot draw, by its name."""

    name: str


Part = (
    Words
    | Picture
    | Icon
    | Key
    | Rule
    | Gap
    | Box
    | Bubble
    | Carousel
    | Sticker
    | Spot
    | Attachment
    | Unknown
)


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message on a phone.

    `parts` stand one under the other in the bubble; `notice` is its line on a lock screen; `keys` are rows of
    buttons under it (Telegram); `chips` the quick replies (LINE) and `keyboard` the rows in place of the
    person's own keyboard (Telegram), both shown only under the newest message.
    """

    platform: Platform
    kind: str
    parts: tuple[Part, ...]
    notice: str
    sender: str = ""
    keys: tuple[tuple[Press, ...], ...] = ()
    chips: tuple[Press, ...] = ()
    keyboard: tuple[tuple[Press, ...], ...] = ()
    removes_keyboard: bool = False
