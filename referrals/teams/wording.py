"""The words of alerts outside the console, from words.toml."""

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

# Kinds of alerts that don't say that something waits.
PROVEN = "address_proven"


class Words(NamedTuple):
    """A subject, for mail alone, and the text."""

    subject: str
    text: str


def say_alert(kind: str, console: str) -> Words:
    """Return what an alert of this kind says; all that wait say the same."""
    words = _words()["proven" if kind == PROVEN else "alert"]
    return Words(words["subject"], words["text"].format(console=console))


def say_code(code: str, minutes: int) -> Words:
    """Return the mail that proves an address."""
    words = _words()["code"]
    return Words(words["subject"], words["text"].format(code=code, minutes=minutes))


def as_mail(words: Words) -> Words:
    """Add what stands below every mail."""
    return Words(words.subject, f"{words.text}\n\n{_words()['mail']['foot']}\n")


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
