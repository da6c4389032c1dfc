"""What every model of a LINE request body shares: nothing unknown, no null, exact types."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from simulator.line.counting import graphemes, utf16_units

T = TypeVar("T")
Maybe: TypeAlias = T | UnsetType

# Media must be HTTPS; loopback stands in for it where the service itself runs on one machine.
_HTTPS = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])\S+$"
MediaUrl = Annotated[str, Meta(pattern=_HTTPS, max_length=2000)]
Colour = Annotated[str, Meta(pattern=r"^#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$")]
AspectRatio = Annotated[str, Meta(pattern=r"^[0-9.]{1,9}:[0-9.]{1,9}$")]
UserId = Annotated[str, Meta(pattern=r"^U[0-9a-f]{32}$")]

SEPARATOR = "\x1f"
"""Stands between property and message in the text of a FieldError."""


class FieldError(ValueError):
    """A documented limit is broken; msgspec carries the text to where the path is known."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}{SEPARATOR}{message}")


class Strict(Struct, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Base of all request models."""


def check_units(field: str, text: str | UnsetType, most: int, least: int = 0) -> None:
    """Limit in UTF-16 units."""
    if text is not UNSET and not least <= utf16_units(text) <= most:
        raise FieldError(field, _empty(text) or f"Length must be between {least} and {most}")


def check_graphemes(field: str, text: str | UnsetType, most: int, least: int = 0) -> None:
    """Limit in grapheme clusters."""
    if text is not UNSET and not least <= graphemes(text) <= most:
        raise FieldError(field, _empty(text) or f"Length must be between {least} and {most}")


def check_size(field: str, items: list[T], least: int, most: int) -> None:
    if not least <= len(items) <= most:
        raise FieldError(field, f"Size must be between {least} and {most}")


def _empty(text: str | UnsetType) -> str:
    return "May not be empty" if text == "" else ""
