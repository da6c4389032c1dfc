"""The page's own words, from `words.toml`, beside those it shares with the chat (`bots/texts`)."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from referrals.directory.hotlines import Language


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("app.public") / "words.toml"
    read = tomllib.loads(file.read_text("utf-8"))
    return {language: dict(_flat(table, "")) for language, table in read.items()}


def _flat(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, str(value).strip()


def say(language: Language, key: str, **values: object) -> str:
    """Return a saying with its places filled; raises KeyError for one that does not exist."""
    saying = _words()[language][key]
    return saying.format(**values) if values else saying


def keys(language: str) -> frozenset[str]:
    return frozenset(_words()[language])
