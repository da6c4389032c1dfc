"""Message objects. Source of limits: LINE reference, "Message objects"."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from simulator.line.actions import QuickAction, check_label
from simulator.line.counting import utf16_units
from simulator.line.flex import FlexContainer
from simulator.line.imagemap import BaseSize, ImagemapAction, ImagemapVideo
from simulator.line.strict import FieldError, Maybe, MediaUrl, Strict, check_size, check_units
from simulator.line.substitution import Substitution, check_placeholders
from simulator.line.templates import Template


class QuickReplyItem(Strict, kw_only=True):
    type: Literal["action"]
    action: QuickAction
    image_url: Maybe[MediaUrl] = UNSET

    def __post_init__(self) -> None:
        check_label("action", self.action, 20)


class QuickReply(Strict, kw_only=True):
    items: list[QuickReplyItem]

    def __post_init__(self) -> None:
        check_size("items", self.items, 1, 13)


class Sender(Strict, kw_only=True):
    name: Maybe[str] = UNSET
    icon_url: Maybe[MediaUrl] = UNSET

    def __post_init__(self) -> None:
        check_units("name", self.name, 20, 1)


class _Message(Strict, tag_field="type", kw_only=True):
    quick_reply: Maybe[QuickReply] = UNSET
    sender: Maybe[Sender] = UNSET


class Emoji(Strict, kw_only=True):
    index: int
    product_id: str
    emoji_id: str


class TextMessage(_Message, tag="text", kw_only=True):
    text: str
    emojis: Maybe[list[Emoji]] = UNSET
    quote_token: Maybe[str] = UNSET

    def __post_init__(self) -> None:
        check_units("text", self.text, 5000, 1)
        if self.emojis:
            self._check_emojis(self.emojis)

    def _check_emojis(self, emojis: list[Emoji]) -> None:
        check_size("emojis", emojis, 1, 20)
        placeholders = {utf16_units(self.text[:at]) for at, letter in enumerate(self.text) if letter == "$"}
        for number, emoji in enumerate(emojis):
            if emoji.index not in placeholders:
                raise FieldError(f"emojis[{number}].index", "must point at a $ in the text")


class TextV2Message(_Message, tag="textV2", kw_only=True):
    text: str
    substitution: Maybe[Annotated[dict[str, Substitution], Meta(max_length=100)]] = UNSET
    quote_token: Maybe[str] = UNSET

    def __post_init__(self) -> None:
        check_units("text", self.text, 5000, 1)
        check_placeholders(self.text, set() if self.substitution is UNSET else set(self.substitution))


class StickerMessage(_Message, tag="sticker", kw_only=True):
    package_id: str
    sticker_id: str
    quote_token: Maybe[str] = UNSET


class ImageMessage(_Message, tag="image", kw_only=True):
    original_content_url: MediaUrl
    preview_image_url: MediaUrl


class VideoMessage(_Message, tag="video", kw_only=True):
    original_content_url: MediaUrl
    preview_image_url: MediaUrl
    tracking_id: Maybe[Annotated[str, Meta(max_length=100)]] = UNSET


class AudioMessage(_Message, tag="audio", kw_only=True):
    original_content_url: MediaUrl
    duration: Annotated[int, Meta(gt=0)]


class LocationMessage(_Message, tag="location", kw_only=True):
    title: str
    address: str
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]

    def __post_init__(self) -> None:
        check_units("title", self.title, 100, 1)
        check_units("address", self.address, 100, 1)


class CouponMessage(_Message, tag="coupon", kw_only=True):
    coupon_id: str
    delivery_tag: Maybe[Annotated[str, Meta(max_length=30)]] = UNSET


class ImagemapMessage(_Message, tag="imagemap", kw_only=True):
    base_url: MediaUrl
    alt_text: str
    base_size: BaseSize
    actions: Annotated[list[ImagemapAction], Meta(min_length=1, max_length=50)]
    video: Maybe[ImagemapVideo] = UNSET

    def __post_init__(self) -> None:
        check_units("altText", self.alt_text, 1500, 1)


class TemplateMessage(_Message, tag="template", kw_only=True):
    alt_text: str
    template: Template

    def __post_init__(self) -> None:
        check_units("altText", self.alt_text, 1500, 1)


class FlexMessage(_Message, tag="flex", kw_only=True):
    alt_text: str
    contents: FlexContainer

    def __post_init__(self) -> None:
        check_units("altText", self.alt_text, 1500, 1)


Message = (
    TextMessage
    | TextV2Message
    | StickerMessage
    | ImageMessage
    | VideoMessage
    | AudioMessage
    | LocationMessage
    | CouponMessage
    | ImagemapMessage
    | TemplateMessage
    | FlexMessage
)
TYPES = "text, textV2, sticker, image, video, audio, location, coupon, imagemap, template, flex"


def text_of(message: Message) -> str:
    """What a notification would show: the text itself, the alternative text, or the kind."""
    if isinstance(message, TextMessage | TextV2Message):
        return message.text
    if isinstance(message, ImagemapMessage | TemplateMessage | FlexMessage):
        return message.alt_text
    return message.title if isinstance(message, LocationMessage) else ""
