"""Thai words by nlpO3 with the word list that pythainlp brings, loaded once."""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import accumulate

import nlpo3

_DICTIONARY = "rootan"
_WORDS = "words_th.txt"
_WINDOW = 128  # characters
_AGAIN = 2  # words


@cache
def _load_dictionary() -> str:
    with resources.as_file(resources.files("pythainlp.corpus").joinpath(_WORDS)) as path:
        nlpo3.load_dict(str(path), _DICTIONARY)
    return _DICTIONARY


def words(text: str) -> list[str]:
    """The words of a text in order; joined they give the text back.

    nlpO3's bounded mode returns wrong words for texts above about 140 characters (1.4.0: in 19 of 20 samples), so it
    is given windows; the last words of a window, which the cut may have broken, are found again by the next.
    """
    found: list[str] = []
    start, dictionary = 0, _load_dictionary()
    while start < len(text):
        window = nlpo3.segment(text[start : start + _WINDOW], dictionary, safe=True)
        if start + _WINDOW < len(text) and len(window) > _AGAIN:
            window = window[:-_AGAIN]
        found += window
        start += sum(map(len, window))
    return found


def boundaries(text: str) -> frozenset[int]:
    """Offsets at which a word begins or ends."""
    return borders(words(text))


def borders(parts: Iterable[str]) -> frozenset[int]:
    """Offsets at which one of these parts, joined, begins or ends."""
    return frozenset(accumulate(map(len, parts), initial=0))
