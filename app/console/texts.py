"""The console's words, from `texts/th.toml`: sections of keys, read once and checked when first asked for."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_texts(language: str = "th") -> dict[str, str]:
    """Return every text of a language under its dotted key."""
    file = resources.files("app.console") / "texts" / f"{language}.toml"
    return dict(_flat(tomllib.loads(file.read_text("utf-8")), ""))


def _flat(tree: Mapping[str, Any], above: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in tree.items():
        found += _flat(value, f"{above}{name}.") if isinstance(value, dict) else [(above + name, value)]
    return found


def say(key: str, **values: object) -> str:
    """Return a text with its values put in; raises KeyError for a key that does not exist."""
    text = load_texts()[key]
    return text.format(**values) if values else text


def say_or(key: str, otherwise: str) -> str:
    """Return the text of a code, or another key's where a newer code has no words yet."""
    texts = load_texts()
    return texts.get(key) or texts[otherwise]
