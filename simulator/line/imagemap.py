"""Imagemap messages: parts. Source of limits: LINE reference, "Imagemap message"."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta

from simulator.line.strict import Maybe, MediaUrl, Strict, check_units

Label = Annotated[str, Meta(max_length=100)]


class Area(Strict, kw_only=True):
    x: int
    y: int
    width: int
    height: int


class BaseSize(Strict, kw_only=True):
    width: int
    height: int


class _ImagemapAction(Strict, tag_field="type", kw_only=True):
    area: Area
    label: Maybe[Label] = UNSET


class ImagemapUri(_ImagemapAction, tag="uri", kw_only=True):
    link_uri: Annotated[str, Meta(min_length=1, max_length=1000)]


class ImagemapMessageAction(_ImagemapAction, tag="message", kw_only=True):
    text: str

    def __post_init__(self) -> None:
        check_units("text", self.text, 400, 1)


class ImagemapClipboard(_ImagemapAction, tag="clipboard", kw_only=True):
    clipboard_text: Annotated[str, Meta(min_length=1, max_length=1000)]


ImagemapAction = ImagemapUri | ImagemapMessageAction | ImagemapClipboard


class ExternalLink(Strict, kw_only=True):
    link_uri: Maybe[Annotated[str, Meta(max_length=1000)]] = UNSET
    label: Maybe[Annotated[str, Meta(max_length=30)]] = UNSET


class ImagemapVideo(Strict, kw_only=True):
    original_content_url: Maybe[MediaUrl] = UNSET
    preview_image_url: Maybe[MediaUrl] = UNSET
    area: Maybe[Area] = UNSET
    external_link: Maybe[ExternalLink] = UNSET
