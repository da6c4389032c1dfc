"""Flex sizes and colours as CSS. Source: LINE reference and "Flex Message elements"; pixels as its simulator draws."""

from __future__ import annotations

import re

from bots.preview.wire import Node, words

TEXT_SIZES = {
    "xxs": 11,
    "xs": 13,
    "sm": 14,
    "md": 16,
    "lg": 19,
    "xl": 22,
    "xxl": 29,
    "3xl": 35,
    "4xl": 48,
    "5xl": 74,
}
IMAGE_SIZES = {
    "xxs": 40,
    "xs": 60,
    "sm": 80,
    "md": 100,
    "lg": 120,
    "xl": 140,
    "xxl": 160,
    "3xl": 180,
    "4xl": 200,
    "5xl": 220,
}
SPACES = {"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20}
BORDERS = {"none": 0, "light": 0.5, "normal": 1, "medium": 2, "semi-bold": 3, "bold": 4}

_PIXELS = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,3})?px")
_PERCENT = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,3})?%")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_ANGLE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?deg")
_RATIO = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?):([0-9]{1,6}(?:\.[0-9]{1,3})?)")


def length(value: str, table: dict[str, float] | dict[str, int]) -> str:
    """A keyword of the table, pixels or per cent, as CSS; empty when it is none of them."""
    if value in table:
        return f"{table[value]:g}px"
    return value if _PIXELS.fullmatch(value) or _PERCENT.fullmatch(value) else ""


def colour(value: str) -> str:
    return value if _COLOUR.fullmatch(value) else ""


def ratio(value: str, default: str = "1:1") -> str:
    found = _RATIO.fullmatch(value) or _RATIO.fullmatch(default)
    return f"{found[1]}/{found[2]}" if found else "1/1"


def gradient(node: Node) -> str:
    """A linearGradient background; empty when it is incomplete."""
    start, end = colour(words(node, "startColor")), colour(words(node, "endColor"))
    angle = words(node, "angle")
    if words(node, "type") != "linearGradient" or not (start and end and _ANGLE.fullmatch(angle)):
        return ""
    middle = colour(words(node, "centerColor"))
    at = words(node, "centerPosition")
    stop = f",{middle} {at if _PERCENT.fullmatch(at) else '50%'}" if middle else ""
    return f"linear-gradient({angle},{start}{stop},{end})"


def css(**properties: str) -> str:
    """Declarations from the properties that have a value; `_` in a name stands for `-`."""
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in properties.items() if value)


def join(*declarations: str) -> str:
    return ";".join(part for part in declarations if part)
