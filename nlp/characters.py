"""Every character made plain by itself: digits, styled letters, letters that pass for others; Latin keeps its case."""

import re
import unicodedata

from nlp.normal import Edit, Normal, edited
from nlp.tables import read_pairs

GONE = "\x00"
_SPACE = " "
_FIRST_THAI, _LAST_THAI = 0x0E00, 0x0E7F
_MARK_RANGES = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE2F),
    (0xE0100, 0xE01EF),
)  # fmt: skip
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")  # shown as nothing
_NEGATIVE_LETTERS = (0x1F150, 0x1F170)  # white-on-black circled and squared A, which NFKD leaves alone
_FIRST_FLAG_LETTER = 0x1F1E6
_ALWAYS = {ord(given): meant for given, meant in read_pairs("letters.tsv").items()}
_SEVERAL = read_pairs("several_letters.tsv")
_WIDE = re.compile(
    "[" + "".join(_SEVERAL) + "\u2469-\u249b\u249c-\u24b5\ufb00-\ufb06\u2116\u2120-\u2122\u3251-\u32bf"
    "\U0001f110-\U0001f129\U0001f1e6-\U0001f1ff]"
)
_FLAG = "[\U0001f1e6-\U0001f1ff]"
_LETTER_BY_FLAG = re.compile(f"(?<!{_FLAG}){_FLAG}(?!{_FLAG})")
_LAO = re.compile("[\u0e80-\u0eff]")
_BESIDE_LAO = re.compile("[ก-๎][^ก-๎\u0e80-\u0eff\n]{0,3}[\u0e80-\u0eff]")
_LAO_TO_THAI = {code: chr(code - 0x80) for code in range(0x0E81, 0x0EDA)} | {
    ord(lao): thai for lao, thai in zip("ຊຍຢຮຽຼົ", "ซยยรยลั", strict=True)
}
_LOWER = {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
_MIXED_ENOUGH = 2  # places where Lao follows Thai at once: people who write both languages keep them apart


class _CharacterTable(dict[int, str]):
    """Code point → its one plain character, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        plain = _plain(code)
        self[code] = plain
        return plain


def _plain(code: int) -> str:
    character = chr(code)
    if code in _ALWAYS:
        return _ALWAYS[code]
    if _FIRST_THAI <= code <= _LAST_THAI:
        return str(unicodedata.decimal(character, character))
    if character == "\n" or "!" <= character <= "~":
        return character
    if any(first <= code <= last for first, last in _MARK_RANGES) or character in _BLANK_LETTERS:
        return GONE
    for first in _NEGATIVE_LETTERS:
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    return _plain_by_category(character)


def _plain_by_category(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Cn", "Co"} or (category == "Cc" and not character.isspace()):
        return GONE
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if category in {"Cs", "So", "Sk"} or character.isspace():
        return _decomposed(character, otherwise=_SPACE)
    return _decomposed(character, otherwise=character)


def _decomposed(character: str, otherwise: str) -> str:
    letters = [c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)]
    if len(letters) == 1 and letters[0] != character and letters[0].isprintable():
        return letters[0] if letters[0].isascii() else letters[0].lower()[:1]
    return otherwise if otherwise == _SPACE else otherwise.lower()[:1]


_TABLE = _CharacterTable()
# Most characters are plain already: looking each one up took ten times as long as finding the others.
_PLAIN_ALREADY = "".join(
    chr(code) for code in (*range(0x80), *range(_FIRST_THAI, _LAST_THAI + 1)) if _TABLE[code] == chr(code)
)
_NOT_PLAIN = re.compile(f"[^{re.escape(_PLAIN_ALREADY)}]+")


def plain_characters(normal: Normal) -> Normal:
    """One plain character for each code point; NUL where nothing shows."""
    if _WIDE.search(normal.text):
        normal = edited(normal, _spread_out(normal.text))
    plain = _NOT_PLAIN.sub(_made_plain, normal.text)
    mixed = _LAO.search(plain) is not None and len(_BESIDE_LAO.findall(plain)) >= _MIXED_ENOUGH
    if mixed:
        plain = plain.translate(_LAO_TO_THAI)
    return Normal(plain, normal.starts, normal.ends, odd=mixed)


def _made_plain(match: re.Match[str]) -> str:
    return match[0].translate(_TABLE)


def in_lower_case(normal: Normal) -> Normal:
    """Latin letters without their case; all others lost it before."""
    lower = normal.text.lower()
    if len(lower) != len(normal.text):
        lower = normal.text.translate(_LOWER)
    return Normal(lower, normal.starts, normal.ends)


def _spread_out(text: str) -> list[Edit]:
    """Signs that stand for several letters ("🆔", "⑩"), and flag letters that make no flag."""
    flags = {match.start() for match in _LETTER_BY_FLAG.finditer(text)}
    return [
        (match.start(), match.end(), letters)
        for match in _WIDE.finditer(text)
        if (letters := _letters_of(match[0], alone=match.start() in flags))
    ]


def _letters_of(sign: str, *, alone: bool) -> str:
    if alone:
        return chr(ord("a") + ord(sign) - _FIRST_FLAG_LETTER)
    if sign in _SEVERAL:
        return _SEVERAL[sign]
    return "".join(c for c in unicodedata.normalize("NFKD", sign) if c.isalnum()).lower()
