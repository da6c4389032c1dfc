"""Messages that say nothing in Thai or Latin letters: signs and emoji, other scripts, fingers walked over the keys."""

import re
from itertools import pairwise

from nlp.known_words import are_thai_words
from nlp.prepared import Prepared

_LETTER_OR_DIGIT = re.compile(r"[^\W_ๆฯ]")
_OURS = re.compile(r"[a-z0-9ก-ฮะ-ฺเ-ๅ็-๎]", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_MASHED = 4, 30  # letters: shorter ones may be short forms, nobody walks longer
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ")
_PLACES = {key: (row, column) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
_NEAR = 2  # keys
_WALKED = 0.8  # of the steps between keys
_REPEATED = 3  # letters at most that a long message of one sign is made of
_LAUGHTER = frozenset("5ฮ่าอิคห้ahielo")


def is_unreadable(prepared: Prepared) -> bool:
    given = prepared.given.strip()
    letters = _LETTER_OR_DIGIT.findall(given)
    if not letters:
        return True
    if 2 * len(_OURS.findall(prepared.folded.text)) < len(_LETTER_OR_DIGIT.findall(prepared.folded.text)):
        return True
    typed = _SPACE.sub("", given).lower()
    if not _MASHED[0] <= len(typed) <= _MASHED[1]:
        return False
    return _is_one_sign(typed) or _walks(typed)


def _is_one_sign(typed: str) -> bool:
    """Whether one letter was held down, or two in turn."""
    return len(set(typed)) <= 2 and len(typed) >= 2 * _REPEATED - 1 and not set(typed) <= _LAUGHTER


def _walks(typed: str) -> bool:
    """Whether keys follow each other along a row as no word does."""
    places = [_PLACES[key] for key in typed if key in _PLACES]
    if len(places) < 0.75 * len(typed) or are_thai_words(typed):
        return False
    steps = list(pairwise(places))
    near = sum(one[0] == other[0] and abs(one[1] - other[1]) <= _NEAR for one, other in steps)
    return near >= _WALKED * len(steps)
