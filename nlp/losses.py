"""Whether somebody tells that money, an account number or an ID has already gone to another."""

from typing import Literal

import msgspec
import regex

from nlp.normalize import LIMIT
from nlp.tables import read_table

Loss = Literal["money", "papers"]


class _Words(msgspec.Struct, frozen=True):
    """Patterns over a text without blanks, in small letters; a text that may hold one has one of each of `hints`."""

    hints: tuple[str, ...]
    money: tuple[str, ...]
    papers: tuple[str, ...]
    unless: tuple[str, ...]
    parts: dict[str, str]


_WORDS = msgspec.convert(read_table("losses.toml"), _Words)


def _compiled(patterns: tuple[str, ...]) -> regex.Pattern[str]:
    joined = "|".join(patterns)
    for name, part in _WORDS.parts.items():
        joined = joined.replace(f"<{name}>", part)
    return regex.compile(joined)


_BLANK = regex.compile(r"[\s\u200b-\u200d\ufeff]+")
_HINTS = tuple(regex.compile(hint, regex.IGNORECASE) for hint in _WORDS.hints)
_UNLESS = _compiled(_WORDS.unless)
_LOSSES: tuple[tuple[Loss, regex.Pattern[str]], ...] = (
    ("money", _compiled(_WORDS.money)),
    ("papers", _compiled(_WORDS.papers)),
)
# A pattern on hostile text is given up rather than holding up its worker.
_SECONDS = 0.02


def loss_in(text: str) -> Loss | None:
    """What is gone, money before papers; None where nothing is told to be gone, or only warned of."""
    if not all(hint.search(text, endpos=LIMIT) for hint in _HINTS):
        return None
    told = _BLANK.sub("", text[:LIMIT].casefold())
    try:
        if _UNLESS.search(told, timeout=_SECONDS):
            return None
        return next((loss for loss, words in _LOSSES if words.search(told, timeout=_SECONDS)), None)
    except TimeoutError:
        return None
