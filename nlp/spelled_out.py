"""Letters that somebody set apart with blanks, dots or pictures, joined again."""

import re

from nlp.known_words import LATIN_WORDS
from nlp.normal import Normal, replaced, without

_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_CLUSTER = f"(?:[เ-ไ]?[ก-ฮ][{_MARK}]{{0,4}}[ะาำๅ]?|[เ-ไ]|[ะาำๅๆ]|[{_MARK}]{{1,3}})"
_TWO = f"{_CLUSTER}{{1,2}}"
_NO_LETTER = r"[^ก-๎a-z0-9\n]"
_BETWEEN = rf"(?:{_NO_LETTER}{{1,3}}|[ ]?\n[ ]?)"
_SIGN = r"[ ]?[._*~|•·/\-+=^#]{1,2}[ ]?"
_THAI_BEFORE, _THAI_AFTER = "(?<![ก-๎])", "(?![ก-๎])"
# Looks for what a run needs, much cheaper than looking for runs: most texts hold none of it.
_TWO_APART = rf"{_CLUSTER}{_BETWEEN}{_CLUSTER}(?![ก-๎a-z0-9])"
_FIRST_APART = re.compile(_TWO_APART)
_MAYBE_THAI = (
    re.compile(r"[._*~|•·/\-+=^#](?:(?<=[ก-๎].)|(?<=[ก-๎][ ].))(?=[ ]?[ก-๎])"),
    re.compile(f"[^ก-๎a-z0-9]{_TWO_APART}"),
)
_BLANK_SHARE = 0.16  # blanks among a text's characters from which pairs of letters may stand apart
_MAYBE_LATIN = re.compile("[a-z](?<![a-z0-9].)[a-z]{0,2}[^a-z0-9ก-๎\n]{1,3}[a-z]")
_MAYBE_DIGITS = re.compile(r"\d[^\d]{1,2}\d[^\d]{1,2}\d")
_THAI_RUN = re.compile(
    rf"{_THAI_BEFORE}(?:(?:{_CLUSTER}{_BETWEEN}){{2,}}{_CLUSTER}"  # ป อ ย เ ป ต
    rf"|(?:{_TWO}{_SIGN}){{2,}}{_TWO}"  # ปอ/ยเ/ปต
    rf"|(?:{_TWO}[ ]){{4,}}{_TWO}){_THAI_AFTER}"  # รับ สม ัค รแ อด
)
# Each begins with its class and then looks back, so that the search skips to the letters of that class.
_SET_APART = r"(?:[ ]?(?![,.\n])[^a-z0-9ก-๎ \n][ ]?|[. ]{1,2})"
_LETTERS_APART = re.compile(
    r"[a-z](?:(?<![a-z0-9.@].)(?:[ ._\-*|][a-z0-9]){3,}(?![a-z0-9])"
    rf"|(?<![a-z0-9.].){_SET_APART}(?:[a-z]{_SET_APART})+[a-z]\d*(?![a-z0-9]))"
)
_PAIRS_APART = re.compile(
    r"[a-z](?<![a-z0-9].)[a-z]{0,2}(?:[ ]?[^a-z0-9ก-๎\n][ ]?[a-z]{1,3}){1,7}(?![a-z0-9])"
)
_DIGITS_APART = re.compile(
    r"\d(?<![\d.,].)(?:(?:[ ]{1,2}|[ ]?,[ ])(?:\d(?:[ ]{1,2}|[ ]?,[ ])){2,}\d(?![\d.,])"
    r"|[._*~|•·/\-](?:\d[._*~|•·/\-]){4,}\d(?![\d.,]))"
)
_NO_DIGIT = re.compile(r"\D")
_SHORTEST_WORD = 2


def joined(normal: Normal) -> Normal:
    """Letters set apart, as in "ป อ ย เ ป ต", "ปอ/ยเ/ปต", "l-i-n-e", "li ne" and "0 8 1 2", without what is between."""
    text = normal.text
    if text.count(" ") > _BLANK_SHARE * len(text) or _may_be_apart(text):
        normal = _without_gaps(normal)
    if _MAYBE_LATIN.search(text):
        normal = replaced(normal, _LETTERS_APART, _joined_letters)
        normal = replaced(normal, _PAIRS_APART, _joined_pairs)
    if _MAYBE_DIGITS.search(text):
        normal = replaced(normal, _DIGITS_APART, lambda match: _NO_DIGIT.sub("", match[0]))
    return normal


def _may_be_apart(text: str) -> bool:
    return _FIRST_APART.match(text) is not None or any(sign.search(text) for sign in _MAYBE_THAI)


def _without_gaps(normal: Normal) -> Normal:
    text = normal.text
    gaps = {
        at for match in _THAI_RUN.finditer(text) for at in range(*match.span()) if not "ก" <= text[at] <= "๎"
    }
    close = without(normal, gaps)
    return _without_gaps(close) if gaps else close


def _joined_letters(match: re.Match[str]) -> str:
    letters = "".join(filter(str.isalnum, match[0]))
    return " ".join(latin_words_in(letters)) or letters


def _joined_pairs(match: re.Match[str]) -> str:
    """Two or three letters at a time only where words of offers come out that did not stand there."""
    pieces = re.split("[^a-z]+", match[0])
    found = latin_words_in("".join(pieces))
    return " ".join(found) if found and not LATIN_WORDS.issuperset(pieces) else match[0]


def latin_words_in(letters: str) -> list[str]:
    """The fewest words of offers that letters consist of, with an id left over at the end; none when they do not."""
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(end):
            before = best[start]
            if before is not None and _may_be(letters, start, end):
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, letters[start:end]]
    return best[-1] or []


def _may_be(letters: str, start: int, end: int) -> bool:
    word = letters[start:end]
    return word in LATIN_WORDS or (word == "id" and len(letters) > _SHORTEST_WORD)
