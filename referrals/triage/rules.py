"""The rules of triage, read from rules.toml, and their words for staff."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

Priority = Literal["P0", "P1", "P2", "P3"]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All conditions hold → at least this priority, for this reason."""

    priority: Priority
    reason: str
    when: tuple[str, ...]


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All conditions hold → it may come under this."""

    band: str
    when: tuple[str, ...]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`conditions` are named ones that rules and bands refer to."""

    version: str
    conditions: dict[str, tuple[str, ...]]
    rule: tuple[Rule, ...]
    band: tuple[Band, ...]


@cache
def rules() -> Rules:
    """Raises msgspec.ValidationError for a wrong file."""
    return msgspec.convert(_read("rules.toml"), Rules)


def say(
    kind: Literal["reason", "band", "element", "ilo"], code: str, language: Literal["th", "en"] = "th"
) -> str:
    """A code in words for staff; raises KeyError for an unknown one."""
    return words()[kind][code][language]


@cache
def words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return _read("words.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))
