"""Choosing between readings of a line, and putting Tesseract's typical slips in Thai right."""

import regex

from nlp.reading_tesseract import Word, confidence

_LATIN = regex.compile(r"[A-Za-z]")
_THAI = regex.compile(r"[\u0e01-\u0e4e]")
# Digits or signs between Thai letters: Latin letters that a reader of Thai alone mistook.
_MUDDLED = regex.compile(
    r"[\u0e01-\u0e4e][0-9!$|\\]+[\u0e01-\u0e4e]|[0-9!|\\][\u0e01-\u0e4e]+[.!|\\]|[A-Za-z]"
)
_SPEAKING = regex.compile(r"[\p{L}\p{N}]")
_ADVANTAGE = 6.0  # of 100, for Thai where a Latin word is short, against it where it is long
_LONG = 5  # letters
_LEAST_CONFIDENCE = 40.0
_LEAST_OF_FEW = 75.0  # for one or two letters alone, which any spot may look like
_FEW = 2

_SLIPS: tuple[tuple[regex.Pattern[str], str], ...] = (
    # Sara am in two parts, the tone mark before, between or behind.
    (regex.compile("([\u0e48-\u0e4b]?)\u0e4d([\u0e48-\u0e4b]?)\u0e32"), "\\1\\2\u0e33"),
    (regex.compile("\u0e33([\u0e48-\u0e4b])"), "\\1\u0e33"),
    (regex.compile("\u0e40\u0e40"), "\u0e41"),
    # The same mark above twice, and a tone mark before its vowel.
    (regex.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+"), "\\1"),
    (regex.compile("([\u0e48-\u0e4b])([\u0e31\u0e34-\u0e39])"), "\\2\\1"),
)
# A letter O among figures.
_ROUND = regex.compile(r"(?<![A-Za-z\d])(\d[\d,]*)([Oo][OoD\d,]*)(?![A-Za-z])")


def is_doubtful(words: list[Word], least: float) -> bool:
    """Tell whether a second reading, of Thai alone, may do better: letters without loops pass for Latin ones."""
    return confidence(words) < least or any(_LATIN.search(word.text) for word in words)


def choose(mixed: list[Word], thai: list[Word]) -> list[Word]:
    """The better of a reading in Thai and English and one in Thai alone, word by word where the first saw Latin letters."""
    chosen: list[Word] = []
    used: set[int] = set()
    for word in mixed:
        places = (
            [n for n, other in enumerate(thai) if _mostly_inside(other, word)]
            if _LATIN.search(word.text)
            else []
        )
        if _is_better([thai[n] for n in places], word):
            chosen += [thai[n] for n in places if n not in used]
            used |= set(places)
        else:
            chosen.append(word)
    return chosen


def _mostly_inside(word: Word, other: Word) -> bool:
    return min(word.right, other.right) - max(word.left, other.left) > 0.5 * (word.right - word.left)


def _is_better(thai: list[Word], word: Word) -> bool:
    said = " ".join(other.text for other in thai)
    if not _THAI.search(said) or _MUDDLED.search(said):
        return False
    latin = len(_LATIN.findall(word.text))
    return confidence(thai) + (_ADVANTAGE if latin < _LONG else -_ADVANTAGE) >= word.confidence


def is_speech(words: list[Word]) -> bool:
    """Tell whether this is text, not a spot, a rim or a pattern read as letters."""
    said = "".join(word.text for word in words)
    sure = confidence(words)
    few = len(_SPEAKING.findall(said)) <= _FEW
    return bool(_SPEAKING.search(said)) and sure >= (_LEAST_OF_FEW if few else _LEAST_CONFIDENCE)


def put_right(text: str) -> str:
    """Undo slips that no Thai text has on purpose."""
    text = _ROUND.sub(lambda found: found[1] + regex.sub("[OoD]", "0", found[2]), text)
    for slip, right in _SLIPS:
        text = slip.sub(right, text)
    return text
