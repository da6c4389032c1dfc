"""Whether words seem to tell who somebody is: numbers, addresses, names behind a title. Patterns: naming.toml."""

import tomllib
from functools import cache
from importlib import resources

import regex


def names_somebody(text: str) -> bool:
    """Tell whether these words seem to name a person, or how to reach one."""
    return any(sign.search(text) for sign in _signs())


@cache
def _signs() -> tuple[regex.Pattern[str], ...]:
    table = tomllib.loads(resources.files(__package__).joinpath("naming.toml").read_text("utf-8"))
    return tuple(regex.compile(sign["pattern"]) for sign in table["sign"])
