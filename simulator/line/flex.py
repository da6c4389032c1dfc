"""Flex containers and components. Source: LINE reference, "Flex Message"; sizes and keywords from there."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from simulator.line.actions import BubbleAction, UriAction
from simulator.line.counting import graphemes
from simulator.line.strict import AspectRatio, Colour, FieldError, Maybe, MediaUrl, Strict, check_size

_PIXELS = r"[0-9]+(\.[0-9]+)?px"
_PERCENT = r"[0-9]+(\.[0-9]+)?%"
Space = Annotated[str, Meta(pattern=rf"^(none|xs|sm|md|lg|xl|xxl|{_PIXELS})$")]
Padding = Annotated[str, Meta(pattern=rf"^(none|xs|sm|md|lg|xl|xxl|{_PIXELS}|{_PERCENT})$")]
Offset = Annotated[str, Meta(pattern=rf"^(none|xs|sm|md|lg|xl|xxl|-?{_PIXELS}|-?{_PERCENT})$")]
Border = Annotated[str, Meta(pattern=rf"^(none|light|normal|medium|semi-bold|bold|{_PIXELS})$")]
Length = Annotated[str, Meta(pattern=rf"^({_PIXELS}|{_PERCENT})$")]
TextSize = Annotated[str, Meta(pattern=rf"^(xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_PIXELS})$")]
ImageSize = Annotated[str, Meta(pattern=rf"^(xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|full|{_PIXELS}|{_PERCENT})$")]
Share = Annotated[int, Meta(ge=0)]
Align = Literal["start", "end", "center"]
Gravity = Literal["top", "bottom", "center"]
Weight = Literal["regular", "bold"]
Slant = Literal["normal", "italic"]
Decoration = Literal["none", "underline", "line-through"]


class _Component(Strict, tag_field="type", kw_only=True):
    pass


class _Placed(_Component, kw_only=True):
    """Components that can be moved by margin, position and offsets."""

    margin: Maybe[Space] = UNSET
    position: Maybe[Literal["relative", "absolute"]] = UNSET
    offset_top: Maybe[Offset] = UNSET
    offset_bottom: Maybe[Offset] = UNSET
    offset_start: Maybe[Offset] = UNSET
    offset_end: Maybe[Offset] = UNSET


class LinearGradient(Strict, tag_field="type", tag="linearGradient", kw_only=True):
    angle: Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?deg$")]
    start_color: Colour
    end_color: Colour
    center_color: Maybe[Colour] = UNSET
    center_position: Maybe[Annotated[str, Meta(pattern=rf"^{_PERCENT}$")]] = UNSET


class Filler(_Component, tag="filler", kw_only=True):
    flex: Maybe[Share] = UNSET


class Separator(_Component, tag="separator", kw_only=True):
    margin: Maybe[Space] = UNSET
    color: Maybe[Colour] = UNSET


class Span(_Component, tag="span", kw_only=True):
    text: Maybe[str] = UNSET
    size: Maybe[TextSize] = UNSET
    color: Maybe[Colour] = UNSET
    weight: Maybe[Weight] = UNSET
    style: Maybe[Slant] = UNSET
    decoration: Maybe[Decoration] = UNSET


class Text(_Placed, tag="text", kw_only=True):
    flex: Maybe[Share] = UNSET
    text: Maybe[str] = UNSET
    size: Maybe[TextSize] = UNSET
    align: Maybe[Align] = UNSET
    gravity: Maybe[Gravity] = UNSET
    color: Maybe[Colour] = UNSET
    weight: Maybe[Weight] = UNSET
    style: Maybe[Slant] = UNSET
    decoration: Maybe[Decoration] = UNSET
    wrap: Maybe[bool] = UNSET
    line_spacing: Maybe[Annotated[str, Meta(pattern=rf"^{_PIXELS}$")]] = UNSET
    action: Maybe[BubbleAction] = UNSET
    max_lines: Maybe[Share] = UNSET
    contents: Maybe[list[Span]] = UNSET
    adjust_mode: Maybe[Literal["shrink-to-fit"]] = UNSET
    scaling: Maybe[bool] = UNSET

    def __post_init__(self) -> None:
        if not self.text and not self.contents:
            raise FieldError("text", "must be specified")


class Icon(_Placed, tag="icon", kw_only=True):
    url: MediaUrl
    size: Maybe[TextSize] = UNSET
    aspect_ratio: Maybe[AspectRatio] = UNSET
    scaling: Maybe[bool] = UNSET


class Image(_Placed, tag="image", kw_only=True):
    url: MediaUrl
    flex: Maybe[Share] = UNSET
    align: Maybe[Align] = UNSET
    gravity: Maybe[Gravity] = UNSET
    size: Maybe[ImageSize] = UNSET
    aspect_ratio: Maybe[AspectRatio] = UNSET
    aspect_mode: Maybe[Literal["fit", "cover"]] = UNSET
    background_color: Maybe[Colour] = UNSET
    action: Maybe[BubbleAction] = UNSET
    animated: Maybe[bool] = UNSET


class Button(_Placed, tag="button", kw_only=True):
    action: BubbleAction
    flex: Maybe[Share] = UNSET
    color: Maybe[Colour] = UNSET
    style: Maybe[Literal["primary", "secondary", "link"]] = UNSET
    gravity: Maybe[Gravity] = UNSET
    height: Maybe[Literal["md", "sm"]] = UNSET
    adjust_mode: Maybe[Literal["shrink-to-fit"]] = UNSET
    scaling: Maybe[bool] = UNSET

    def __post_init__(self) -> None:
        if not self.action.label:
            raise FieldError("action.label", "May not be empty")
        if graphemes(self.action.label) > 40:
            raise FieldError("action.label", "Length must be between 1 and 40")


class Box(_Placed, tag="box", kw_only=True):
    layout: Literal["horizontal", "vertical", "baseline"]
    contents: list[Box | Button | Image | Video | Icon | Text | Separator | Filler]
    flex: Maybe[Share] = UNSET
    spacing: Maybe[Space] = UNSET
    background_color: Maybe[Colour] = UNSET
    border_color: Maybe[Colour] = UNSET
    border_width: Maybe[Border] = UNSET
    corner_radius: Maybe[Space] = UNSET
    width: Maybe[Length] = UNSET
    max_width: Maybe[Length] = UNSET
    height: Maybe[Length] = UNSET
    max_height: Maybe[Length] = UNSET
    padding_all: Maybe[Padding] = UNSET
    padding_top: Maybe[Padding] = UNSET
    padding_bottom: Maybe[Padding] = UNSET
    padding_start: Maybe[Padding] = UNSET
    padding_end: Maybe[Padding] = UNSET
    action: Maybe[BubbleAction] = UNSET
    justify_content: Maybe[
        Literal["center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"]
    ] = UNSET
    align_items: Maybe[Literal["center", "flex-start", "flex-end"]] = UNSET
    background: Maybe[LinearGradient] = UNSET

    def __post_init__(self) -> None:
        baseline = self.layout == "baseline"
        for index, child in enumerate(self.contents):
            if baseline and not isinstance(child, Icon | Text | Filler):
                raise FieldError(f"contents[{index}]", "is not allowed in a baseline box")
            if not baseline and isinstance(child, Icon):
                raise FieldError(f"contents[{index}]", "an icon is only allowed in a baseline box")


class Video(_Component, tag="video", kw_only=True):
    """Only as the hero of a bubble; `alt_content` is what old versions show."""

    url: MediaUrl
    preview_url: MediaUrl
    alt_content: Box | Image
    aspect_ratio: Maybe[AspectRatio] = UNSET
    action: Maybe[UriAction] = UNSET


class BlockStyle(Strict, kw_only=True):
    background_color: Maybe[Colour] = UNSET
    separator: Maybe[bool] = UNSET
    separator_color: Maybe[Colour] = UNSET


class BubbleStyles(Strict, kw_only=True):
    header: Maybe[BlockStyle] = UNSET
    hero: Maybe[BlockStyle] = UNSET
    body: Maybe[BlockStyle] = UNSET
    footer: Maybe[BlockStyle] = UNSET


class Bubble(Strict, tag_field="type", tag="bubble", kw_only=True):
    size: Maybe[Literal["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"]] = UNSET
    direction: Maybe[Literal["ltr", "rtl"]] = UNSET
    header: Maybe[Box] = UNSET
    hero: Maybe[Box | Image | Video] = UNSET
    body: Maybe[Box] = UNSET
    footer: Maybe[Box] = UNSET
    styles: Maybe[BubbleStyles] = UNSET
    action: Maybe[BubbleAction] = UNSET

    def __post_init__(self) -> None:
        if not any((self.header, self.hero, self.body, self.footer)):
            raise FieldError("body", "At least one block must be specified")


class Carousel(Strict, tag_field="type", tag="carousel", kw_only=True):
    contents: list[Bubble]

    def __post_init__(self) -> None:
        check_size("contents", self.contents, 1, 12)
        if len({bubble.size or "mega" for bubble in self.contents}) > 1:
            raise FieldError("contents", "All bubbles must have the same size")
        for index, bubble in enumerate(self.contents):
            if isinstance(bubble.hero, Video):
                raise FieldError(f"contents[{index}].hero", "a video is not allowed in a carousel")


FlexContainer = Bubble | Carousel
