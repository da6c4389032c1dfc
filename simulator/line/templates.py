"""Template messages. Source of limits: LINE reference, "Template messages"."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from simulator.line.actions import BubbleAction, check_label
from simulator.line.strict import Colour, FieldError, Maybe, MediaUrl, Strict, check_graphemes, check_size

Ratio = Literal["rectangle", "square"]
Fit = Literal["cover", "contain"]


def _check_actions(actions: list[BubbleAction], least: int, most: int) -> None:
    check_size("actions", actions, least, most)
    for index, action in enumerate(actions):
        check_label(f"actions[{index}]", action, 20)


class ButtonsTemplate(Strict, tag_field="type", tag="buttons", kw_only=True):
    text: str
    actions: list[BubbleAction]
    thumbnail_image_url: Maybe[MediaUrl] = UNSET
    image_aspect_ratio: Maybe[Ratio] = UNSET
    image_size: Maybe[Fit] = UNSET
    image_background_color: Maybe[Colour] = UNSET
    title: Maybe[str] = UNSET
    default_action: Maybe[BubbleAction] = UNSET

    def __post_init__(self) -> None:
        crowded = self.title is not UNSET or self.thumbnail_image_url is not UNSET
        check_graphemes("text", self.text, 60 if crowded else 160, 1)
        check_graphemes("title", self.title, 40, 1)
        _check_actions(self.actions, 1, 4)


class ConfirmTemplate(Strict, tag_field="type", tag="confirm", kw_only=True):
    text: str
    actions: list[BubbleAction]

    def __post_init__(self) -> None:
        check_graphemes("text", self.text, 240, 1)
        _check_actions(self.actions, 2, 2)


class CarouselColumn(Strict, kw_only=True):
    text: str
    actions: list[BubbleAction]
    thumbnail_image_url: Maybe[MediaUrl] = UNSET
    image_background_color: Maybe[Colour] = UNSET
    title: Maybe[str] = UNSET
    default_action: Maybe[BubbleAction] = UNSET

    def __post_init__(self) -> None:
        crowded = self.title is not UNSET or self.thumbnail_image_url is not UNSET
        check_graphemes("text", self.text, 60 if crowded else 120, 1)
        check_graphemes("title", self.title, 40, 1)
        _check_actions(self.actions, 1, 3)


class CarouselTemplate(Strict, tag_field="type", tag="carousel", kw_only=True):
    columns: list[CarouselColumn]
    image_aspect_ratio: Maybe[Ratio] = UNSET
    image_size: Maybe[Fit] = UNSET

    def __post_init__(self) -> None:
        check_size("columns", self.columns, 1, 10)
        if len({len(column.actions) for column in self.columns}) > 1:
            raise FieldError("columns", "All columns must have the same number of actions")


class ImageCarouselColumn(Strict, kw_only=True):
    image_url: MediaUrl
    action: BubbleAction

    def __post_init__(self) -> None:
        check_label("action", self.action, 12)


class ImageCarouselTemplate(Strict, tag_field="type", tag="image_carousel", kw_only=True):
    columns: Annotated[list[ImageCarouselColumn], Meta(min_length=1, max_length=10)]


Template = ButtonsTemplate | ConfirmTemplate | CarouselTemplate | ImageCarouselTemplate
