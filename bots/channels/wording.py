"""Fitting text to a platform's limits without breaking Thai: cuts fall between grapheme clusters."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from core.languages import Language, in_language
from core.messages.content import Button
from core.messages.fitting import graphemes as graphemes
from core.messages.fitting import split_text as split_text
from core.messages.fitting import utf16_units as utf16_units

TEXTS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))

# The menu and the way out, as `bots.dialogues.speech` names them.
TELL_NOTHING = frozenset({"m1:menu", "x1:leave"})


def words_in(language: Language) -> dict[str, str]:
    """A channel's own words."""
    return in_language(TEXTS, language)


def ways_on(choices: Iterable[Button]) -> tuple[Button, ...]:
    """Of an answer's choices those that may stand below a neutral line: they tell nothing of what waits behind it."""
    return tuple(choice for choice in choices if choice.data in TELL_NOTHING)


def is_call(line: str) -> bool:
    """Whether a line of a card says whom to call."""
    return line.startswith("📞")


def as_item(line: str) -> str:
    """A line of a list, behind a point, unless it begins with a sign of its own."""
    return line if is_call(line) else f"• {line}"


def cut_label(label: str, limit: int = 20) -> str:
    """Keep a label within `limit` grapheme clusters, as LINE counts them."""
    if len(label) <= limit:
        return label
    clusters = graphemes(label)
    return label if len(clusters) <= limit else "".join(clusters[: limit - 1]) + "…"
