"""Latin words and numbers written with letters and digits that only look like theirs."""

import re

from nlp.known_words import LATIN_WORDS
from nlp.normal import Normal, replaced
from nlp.tables import read_pairs

_LOOKALIKES = read_pairs("lookalikes.tsv")
_FOREIGN = "".join(_LOOKALIKES)
_ANY_FOREIGN = re.compile(f"[{_FOREIGN}]")
_LETTER = "a-zA-Z0-9\u0370-\u03ff\u0400-\u04ff\u0500-\u058f"
_MIXED_WORD = re.compile(f"[{_LETTER}]*[{_FOREIGN}][{_LETTER}{_FOREIGN}]*")
_LEET_KEY = str.maketrans("aeilost@$!|", "43110574511")
_MAYBE_LEET = re.compile("[a-z][0-9@$!|]|[0-9@$!|][a-z]")
_LEET = re.compile(r"(?<![a-z0-9@$!|.])[a-z0-9@$!|]{2,20}(?![a-z0-9@$])")
_BY_LEET_KEY = {word.translate(_LEET_KEY): word for word in sorted(LATIN_WORDS | {"id"}) if len(word) != 1}
_NUMBER_WITH_LETTERS = re.compile(
    r"[\dol](?<![a-z0-9@._\-].)(?:(?<=[ol])|(?=[\dol.,\-]*[ol]))[\dol.,\-]*[\dol](?![a-z0-9@])"
)
_MAYBE_NUMBER = re.compile(r"\d[.,\-]?[ol]|[ol][.,\-]?\d")
_TO_DIGITS = str.maketrans("ol", "01")
_FEWEST_DIGITS = 3


def without_foreign_letters(normal: Normal) -> Normal:
    """The form with casino for "сasinо"."""
    return replaced(normal, _MIXED_WORD, _latin) if _ANY_FOREIGN.search(normal.text) else normal


def plain_latin(normal: Normal) -> Normal:
    """The form with casino for "c4s1n0" and 30,000 for "3O,OOO"."""
    if _MAYBE_LEET.search(normal.text):
        normal = replaced(normal, _LEET, _word_in_leet)
    return replaced(normal, _NUMBER_WITH_LETTERS, _number) if _MAYBE_NUMBER.search(normal.text) else normal


def _latin(match: re.Match[str]) -> str:
    """The word in Latin letters when it mixes scripts or could be Latin whole; else as it stands (real Greek, Russian)."""
    word = match[0]
    latin = "".join(_LOOKALIKES.get(letter, letter) for letter in word)
    return latin if latin.isascii() else word


def _word_in_leet(match: re.Match[str]) -> str:
    """The word of offers behind digits and signs; ids, which may be anything, stay."""
    written = match[0].rstrip("!|")
    word = _BY_LEET_KEY.get(written.translate(_LEET_KEY), written)
    return word + match[0][len(written) :]


def _number(match: re.Match[str]) -> str:
    """Digits for "O" and "l" in what is a number otherwise."""
    plain = match[0].translate(_TO_DIGITS)
    digits = sum(c.isdigit() for c in match[0])
    return plain if digits and sum(c.isdigit() for c in plain) >= _FEWEST_DIGITS else match[0]
