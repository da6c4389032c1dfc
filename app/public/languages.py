"""Which script a text is written in: we read Thai and English, and say so in the reader's own where it is another."""

from typing import Literal

import regex

Script = Literal["my", "km", "lo", "zh"]

_LETTERS: dict[Script, regex.Pattern[str]] = {
    "my": regex.compile(r"\p{Myanmar}"),
    "km": regex.compile(r"\p{Khmer}"),
    "lo": regex.compile(r"\p{Lao}"),
    "zh": regex.compile(r"\p{Han}"),
}
# A Chinese sign says about as much as three letters.
_WEIGHT = {"zh": 3}
_READ = regex.compile(r"[\p{Thai}\p{Latin}]")
_LETTER = regex.compile(r"\p{L}")


def other_script(text: str) -> Script | Literal["", "other"]:
    """Name the script of a text of which most letters are none that we read; "" where we read it."""
    counts = {name: len(letters.findall(text)) * _WEIGHT.get(name, 1) for name, letters in _LETTERS.items()}
    name = max(counts, key=lambda script: counts[script])
    read = len(_READ.findall(text))
    if counts[name] > read:
        return name
    return "other" if len(_LETTER.findall(text)) > 3 * read + 8 else ""
