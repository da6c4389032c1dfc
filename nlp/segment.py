"""Thai words by nlpO3 with the word list that pythainlp brings, loaded once."""

from functools import cache
from importlib import resources

import nlpo3

_DICTIONARY = "rootan"
_WORDS = "words_th.txt"


@cache
def _load_dictionary() -> str:
    with resources.as_file(resources.files("pythainlp.corpus").joinpath(_WORDS)) as path:
        nlpo3.load_dict(str(path), _DICTIONARY)
    return _DICTIONARY


def words(text: str) -> list[str]:
    """The words of a text in order; joined they give the text back."""
    return nlpo3.segment(text, _load_dictionary(), safe=True)


def boundaries(text: str) -> frozenset[int]:
    """Offsets at which a word begins or ends."""
    offset = 0
    found = {0}
    for word in words(text):
        offset += len(word)
        found.add(offset)
    return frozenset(found)
