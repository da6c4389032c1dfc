"""Fitting text to a platform's limits without breaking Thai: cuts fall between grapheme clusters."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import regex

from core.languages import Language, in_language
from core.messages.content import Button

TEXTS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))

# The menu and the way out, as `bots.dialogues.speech` names them.
TELL_NOTHING = frozenset({"m1:menu", "x1:leave"})

_GRAPHEME = regex.compile(r"\X")
# Where a cut reads best, best first: after a blank line, a line, a space.
_BREAKS = ("\n\n", "\n", " ")
# What a cut may swallow: blanks, not the control characters that Python also calls space.
_BLANK = " \n\r\t"


def words_in(language: Language) -> dict[str, str]:
    """A channel's own words."""
    return in_language(TEXTS, language)


def ways_on(choices: Iterable[Button]) -> tuple[Button, ...]:
    """Of an answer's choices those that may stand below a neutral line: they tell nothing of what waits behind it."""
    return tuple(choice for choice in choices if choice.data in TELL_NOTHING)


def utf16_units(text: str) -> int:
    """Length as LINE and Telegram count most texts: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> list[str]:
    return _GRAPHEME.findall(text)


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


def split_text(text: str, limit: int) -> list[str]:
    """Split into pieces of at most `limit` UTF-16 units, at a paragraph, line or word where one is near."""
    pieces: list[str] = []
    while utf16_units(text) > limit:
        head = _fitting_head(text, limit)
        cut = _nice_cut(head)
        pieces.append(text[:cut].rstrip(_BLANK))
        text = text[cut:].lstrip(_BLANK)
    return [p for p in [*pieces, text] if p] or [text]


def _fitting_head(text: str, limit: int) -> str:
    used, end = 0, 0
    for match in _GRAPHEME.finditer(text):
        used += utf16_units(match.group())
        if used > limit:
            break
        end = match.end()
    # One cluster longer than the limit (a pile of marks) has to be broken after all.
    return text[: end or limit // 2]


def _nice_cut(head: str) -> int:
    for mark in _BREAKS:
        found = head.rfind(mark, len(head) // 2)
        if found > 0:
            return found + len(mark)
    return len(head)
