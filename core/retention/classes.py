"""The classes of what is kept about people, as data: see classes.toml."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

Group = Literal["chats", "reports", "offers", "rights", "staff", "machinery"]
GROUPS: tuple[Group, ...] = ("reports", "chats", "offers", "rights", "staff", "machinery")


class KeptClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One class; `length`, `least` and `most` are in `unit`, 0 where time does not end it."""

    group: Group
    tables: tuple[str, ...]
    ends: Literal["words", "rows", "key", "never"]
    source: str
    decides: Literal["staff", "code", "ministry"]
    unit: Literal["hours", "days"] = "days"
    length: int = 0
    least: int = 0
    most: int = 0
    told: bool = False
    until: str = ""

    @property
    def changeable(self) -> bool:
        return self.decides == "staff" and self.length > 0

    def span(self, number: int) -> timedelta:
        """Return so many of this class's units."""
        return timedelta(hours=number) if self.unit == "hours" else timedelta(days=number)


@cache
def kept_classes() -> Mapping[str, KeptClass]:
    """Return every class by its code; raises msgspec.ValidationError for a wrong file."""
    text = resources.files("core.retention").joinpath("classes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, KeptClass])


def shipped(code: str) -> timedelta:
    """Return the length that a class comes with; the one in force may be another: see lengths.py."""
    kept = kept_classes()[code]
    return kept.span(kept.length)
