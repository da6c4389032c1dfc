"""Words typed without switching between the Thai and the Latin keyboard layout."""

import re

from nlp.known_words import LATIN_WORDS, are_thai_words
from nlp.normal import Normal, edited
from nlp.respelling import reading_cost

_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,./1234567890-=QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?!@#$%^&*()_+\\|"
_KEDMANEE = 'ๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝๅ/-ภถุึคตจขช๐"ฎฑธํ๊ณฯญฐ,ฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ+๑๒๓๔ู฿๕๖๗๘๙ฃฅ'
_TO_THAI = str.maketrans(_KEYS, _KEDMANEE)
_COMMON = str.maketrans("ฃฅๅ", "ขคา")  # letters that nobody means
_SHORTEST = 4  # keys: shorter words come out right by chance
# Keys with a letter of their own on the other layout: what holds another is no Thai, and most ids and numbers do.
_LETTER_KEYS = "".join(
    key for key in map(chr, range(0x21, 0x7F)) if key.isalpha() or "ก" <= key.translate(_TO_THAI) <= "๎"
)
_KEY = f"[{re.escape(_LETTER_KEYS)}]"
# The class comes first, so that the search skips to it.
_TYPED_IN_LATIN = re.compile(rf"{_KEY}(?<!\S.){_KEY}{{3,199}}(?!\S)")
_ILL_FORMED = re.compile("^[ะัาำิ-ฺๅ็-๎]|[ัิ-ฺ][ัาิ-ฺ]|[เ-ไ](?![ก-ฮ])|[ะาำ][ัิ-ฺ็-๋]|[^ก-๎ๆฯ]")
_NO_THAI = re.compile("[^ก-๎]")
_SHORTEST_DISGUISED = 8  # keys
_SIGN_INSIDE = re.compile(r"(?<=[a-zA-Z;'\[])[;'\[\],./0-9=\-](?=[a-zA-Z;'\[])")
_SIGNS = 2
_ADDRESS = re.compile(r"[@:]|//|www|\.(?:com|net|org|co|me|ly|th)\b|^#")
_COST_OF_A_LETTER = 3.6  # nats
_TYPED_IN_THAI = {
    word.translate(_TO_THAI): word for word in LATIN_WORDS if len(word) >= _SHORTEST and word.isalpha()
}
_LATIN_IN_THAI = re.compile("[ก-๛]{4,}")


def typed_in_latin(normal: Normal) -> Normal:
    """Whole words of Latin keys that are Thai words on the other layout, as in "lo.0" for สนใจ; case still counts.

    Short runs of letters alone ("merit") are taken for Thai only beside a word that can't be Latin.
    """
    edits = []
    sure = False
    for match in _TYPED_IN_LATIN.finditer(normal.text):
        typed = match[0]
        if typed.isalpha() and typed.lower() in LATIN_WORDS:
            continue
        keys = (
            typed.lower() if typed.isupper() else typed
        )  # capitals all along: somebody restyled the letters
        thai = keys.translate(_TO_THAI).translate(_COMMON)
        if _is_thai(thai.replace("ๆ", ""), typed):
            edits.append((*match.span(), thai))
            sure = sure or len(typed) >= _SHORTEST_DISGUISED or not typed.isalpha()
    return edited(normal, edits) if sure else normal


def _is_thai(thai: str, typed: str) -> bool:
    """Whether keys make Thai words, or disguised ones where signs stand as they do in no Latin word."""
    if _ILL_FORMED.search(thai) is None:
        if are_thai_words(thai):
            return True
    elif _NO_THAI.search(thai):
        return False
    if (
        len(typed) < _SHORTEST_DISGUISED
        or len(_SIGN_INSIDE.findall(typed)) < _SIGNS
        or _ADDRESS.search(typed)
    ):
        return False
    return reading_cost(thai) <= _COST_OF_A_LETTER * len(thai)


def typed_in_thai(normal: Normal) -> Normal:
    """Whole runs of Thai keys that are one of the Latin words of offers on the other layout, as in "สรืำ" for line."""
    edits = []
    for match in _LATIN_IN_THAI.finditer(normal.text):
        word = _TYPED_IN_THAI.get(match[0])
        if word is not None:
            edits.append((*match.span(), word))
    return edited(normal, edits)
