"""The console's words, from `texts/<language>/*.toml`: sections of keys, read once and checked when first asked for.

A request is answered in one language; `speaking.py` says which for as long as the request lasts.
"""

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any

from core.languages import WHOLE, Language

# Whose first language is another still reads this one best.
FIRST: Language = WHOLE[0]
spoken: ContextVar[Language] = ContextVar("spoken", default=FIRST)


@cache
def load_texts(language: Language = FIRST) -> dict[str, str]:
    """Return every text of a language under its dotted key; raises ValueError where two files share a key."""
    found: dict[str, str] = {}
    folder = resources.files("app.console") / "texts" / language
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        texts = dict(_flat(tomllib.loads(file.read_text("utf-8")), ""))
        if twice := found.keys() & texts.keys():
            raise ValueError(f"{file.name} says again: {', '.join(sorted(twice))}")
        found |= texts
    return found


def _flat(tree: Mapping[str, Any], above: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in tree.items():
        found += _flat(value, f"{above}{name}.") if isinstance(value, dict) else [(above + name, value)]
    return found


def say(key: str, **values: object) -> str:
    """Return a text with its values put in; raises KeyError for a key that does not exist."""
    return say_in(spoken.get(), key, **values)


def say_in(language: Language, key: str, **values: object) -> str:
    """Return a text in a given language: what citizens see does not follow the language of staff."""
    text = load_texts(language)[key]
    return text.format(**values) if values else text


def say_or(key: str, otherwise: str) -> str:
    """Return the text of a code, or another key's where a newer code has no words yet."""
    texts = load_texts(spoken.get())
    return texts.get(key) or texts[otherwise]


def help_of(route: str) -> list[str]:
    """Return what can be done on a page, a line each; empty for what is no page of its own."""
    return load_texts(spoken.get()).get(f"help.{route}", "").splitlines()
