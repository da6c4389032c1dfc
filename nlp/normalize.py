"""The normal form of a message, with a map back to the text as given.

Two forms share one idea: `fold` makes every character plain (case, digits, look-alikes, Thai spelling),
`squeeze` also drops what people put between Thai letters to hide a word. Every character of a form knows
which code points it came from, so a span found there can be quoted from the text as given.
"""

import re
import unicodedata
from collections.abc import Callable
from importlib import resources

import msgspec

LIMIT = 4_000  # code points looked at closely: a LINE message holds 5,000, an offer about 300
_GONE = "\x00"
_SPACE = " "
_FIRST_THAI, _LAST_THAI = 0x0E00, 0x0E7F
_MARK_RANGES = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE2F))
_NEGATIVE_LETTERS = (0x1F150, 0x1F170)  # white-on-black circled and squared A, which NFKD leaves alone


class Normal(msgspec.Struct, frozen=True):
    """A normal form; character `i` came from the given code points `starts[i]` up to `ends[i]`."""

    text: str
    starts: list[int]
    ends: list[int]

    def given(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as given for a non-empty span of this form."""
        return self.starts[start], self.ends[end - 1]


class _CharacterTable(dict[int, str]):
    """Code point → its one plain character, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        plain = _plain(code)
        self[code] = plain
        return plain


def _plain(code: int) -> str:
    character = chr(code)
    if _FIRST_THAI <= code <= _LAST_THAI:
        return str(unicodedata.decimal(character, character))
    if character == "\n" or "!" <= character <= "~":
        return character.lower()
    if any(first <= code <= last for first, last in _MARK_RANGES):
        return _GONE
    for first in _NEGATIVE_LETTERS:
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    return _plain_by_category(character)


def _plain_by_category(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Cn", "Co"} or (category == "Cc" and not character.isspace()):
        return _GONE
    if category in {"Cs", "So", "Sk"} or character.isspace():
        return _decomposed(character, otherwise=_SPACE)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return _decomposed(character, otherwise=character)


def _decomposed(character: str, otherwise: str) -> str:
    letters = [c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)]
    if len(letters) == 1 and letters[0] != character and letters[0].isprintable():
        return letters[0].lower()
    return otherwise if otherwise == _SPACE else otherwise.lower()[:1]


def _read_pairs(name: str) -> dict[str, str]:
    table = resources.files("nlp").joinpath("lexicons", name).read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


_TABLE = _CharacterTable()
_LOOKALIKES = _read_pairs("lookalikes.tsv")
_SPELLINGS = _read_pairs("spellings.tsv")
_MISSPELT = re.compile("|".join(sorted(map(re.escape, _SPELLINGS), key=len, reverse=True)))
_FOREIGN = "".join(_LOOKALIKES)
_ANY_FOREIGN = re.compile(f"[{_FOREIGN}]")
_MIXED_WORD = re.compile(
    r"[a-z0-9\u0370-\u03ff\u0400-\u04ff]*[" + _FOREIGN + r"][a-z0-9\u0370-\u03ff\u0400-\u04ff]*"
)
_GONE_RUN = re.compile(_GONE + "+")
_TONE = "\u0e48-\u0e4b"
_THAI_SPELLING = re.compile(
    "เเ"  # two SARA E typed for SARA AE
    f"|\u0e4d([{_TONE}]?)า"  # NIKHAHIT and SARA AA for SARA AM
    "|([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\2+"  # a mark typed twice
    "|([ก-ฬฮะ-ๆ])\\3{2,}|(อ)\\4{3,}"  # มากกกก; three อ stand in เสนอออก
    "|([a-vx-z])\\5{3,}"  # helpppp, never www
    r"|[ ]*\n\s*|[ ]{2,}"
)
# Most texts hold nothing to respell: a look for what every change needs costs a third of looking for the changes.
_MAYBE_RESPELLED = re.compile(
    "([\u0e31\u0e34-\u0e3a\u0e47-\u0e4eเ ])\\1|([a-vx-zก-ๆ])\\2\\2|\u0e4d| \n|\n[ \n]"
)
_CLUSTER = "[ก-ฮ][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}|[เ-ไ]|[ะาำๅๆ]"
_SEPARATOR = r"[ .\-_*•·|/]"
_MAYBE_SPELLED_OUT = re.compile(rf"{_SEPARATOR}(?:{_CLUSTER}|[a-z]){_SEPARATOR}")
_SPELLED_OUT = re.compile(
    rf"(?<![ก-ฮเ-ไ\u0e31-\u0e4e])(?:(?:{_CLUSTER}){_SEPARATOR}{{1,2}}){{2,}}(?:{_CLUSTER})(?![ก-ฮะ-ๆ\u0e31-\u0e4e])"
    r"|(?<![a-z0-9.])(?:[a-z][ .\-_*•·|]){2,}[a-z](?![a-z0-9])"
)
_SEPARATORS = frozenset(" .-_*•·|/")
_THAI = "[\u0e01-\u0e4e]"
_PUT_BETWEEN = ".*_~|•·^`\"'“”‘’"
# ก.า.สิ*โน; blanks after a Thai letter; blanks before one. The first class lets the search skip from blank to blank.
_BETWEEN_THAI = re.compile(
    rf"[ {_PUT_BETWEEN}](?:(?<={_THAI}[ ])(?:[ ]*[{_PUT_BETWEEN}]+[ ]*(?={_THAI})|[ ]*)"
    rf"|(?<={_THAI}[{_PUT_BETWEEN}])[{_PUT_BETWEEN}]*[ ]*(?={_THAI})"
    rf"|(?<=[ ])[ ]*(?={_THAI}))"
)


def fold(text: str) -> Normal:
    """Plain characters: case, digits, look-alikes, Thai spelling and white space made one; first `LIMIT` only."""
    given = text[:LIMIT]
    plain = given.translate(_TABLE)
    normal = Normal(plain, list(range(len(plain))), list(range(1, len(plain) + 1)))
    if _GONE in plain:
        normal = _replaced(normal, _GONE_RUN, lambda _: "")
    if _ANY_FOREIGN.search(normal.text):
        normal = _replaced(normal, _MIXED_WORD, _latin, same_length=True)
    if _MAYBE_RESPELLED.search(normal.text):
        normal = _replaced(normal, _THAI_SPELLING, _respelled)
    return _without_spelling_out(normal)


def squeeze(folded: Normal) -> Normal:
    """The folded form without blanks beside Thai letters, without dots or stars between them, in one spelling."""
    joined = _replaced(folded, _BETWEEN_THAI, lambda _: "")
    return _replaced(joined, _MISSPELT, lambda match: _SPELLINGS[match[0]])


def normal_word(word: str) -> str:
    """The squeezed form of a lexicon word, so that lexicon and message meet in one spelling."""
    return squeeze(fold(word)).text


def _respelled(match: re.Match[str]) -> str:
    found = match[0]
    if found == "เเ":
        return "แ"
    if found[0] == "\u0e4d" and found[-1] == "า":
        return f"{match[1]}ำ"
    if "\n" in found:
        return "\n"
    return found[0]


def _latin(match: re.Match[str]) -> str:
    """The word in Latin letters when it mixes scripts or could be Latin whole; else as it stands (real Greek, Russian)."""
    word = match[0]
    latin = "".join(_LOOKALIKES.get(letter, letter) for letter in word)
    return latin if latin.isascii() else word


def _replaced(
    normal: Normal,
    pattern: re.Pattern[str],
    change: Callable[[re.Match[str]], str],
    *,
    same_length: bool = False,
) -> Normal:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(normal.text):
        first, last = match.span()
        new = change(match)
        pieces += (normal.text[done:first], new)
        starts += normal.starts[done:first]
        ends += normal.ends[done:first]
        if same_length:
            starts += normal.starts[first:last]
            ends += normal.ends[first:last]
        else:
            starts += [normal.starts[first]] * len(new)
            ends += [normal.ends[last - 1]] * len(new)
        done = last
    if not pieces:
        return normal
    pieces.append(normal.text[done:])
    return Normal("".join(pieces), starts + normal.starts[done:], ends + normal.ends[done:])


def _without_spelling_out(normal: Normal) -> Normal:
    """Joins letters spelled out one by one ("ป อ ย เ ป ต", "ป.อ.ย.เ.ป.ต", "l i n e")."""
    if not _MAYBE_SPELLED_OUT.search(normal.text):
        return normal
    runs = [match.span() for match in _SPELLED_OUT.finditer(normal.text)]
    if not runs:
        return normal
    inside = {i for first, last in runs for i in range(first, last) if normal.text[i] in _SEPARATORS}
    kept = [i for i in range(len(normal.text)) if i not in inside]
    return Normal(
        "".join(normal.text[i] for i in kept),
        [normal.starts[i] for i in kept],
        [normal.ends[i] for i in kept],
    )
