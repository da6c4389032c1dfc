"""Thai letters and marks in the one order and number that spelling has."""

import re
from itertools import islice

from nlp.normal import Normal, replaced, without

_TONE = "\u0e48-\u0e4b"
_ABOVE = "\u0e31\u0e34-\u0e3a\u0e47"
_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_MISSPELT = re.compile(
    "เ{3,}|เเ"  # two SARA E typed for SARA AE, more of them for one
    f"|\u0e4d([{_TONE}]?)า"  # NIKHAHIT and SARA AA for SARA AM
    f"|([{_TONE}])\u0e4dา"
    f"|([{_ABOVE}\u0e4c-\u0e4e])\\3+"  # a mark typed twice
    f"|([{_TONE}]+)([{_ABOVE}])[{_TONE}]*"  # the tone before its vowel
    f"|([าำะ])([{_TONE}])(?![ัิ-ฺ็])"  # the tone after its vowel
    f"|([เ-ไ])([{_TONE}])([ก-ฮ])"  # the tone before its consonant
    f"|(?<![ก-๎a-z0-9])([{_MARK}])([ก-ฮ][{_ABOVE}]?)(?![{_MARK}])"
    f"|([{_TONE}])[{_TONE}]+"
    "|([ก-ฬฮะ-ๆ])\\14{2,}|(อ)\\15{3,}"  # มากกกก; three อ stand in เสนอออก
    "|([a-vx-z])\\16{3,}"  # helpppp, never www
    r"|[ ]*\n\s*|[ ]{2,}"
)
_MAYBE_DOUBLED = re.compile(r"(.)\1(?<![\s\d].)([^\s\d])\2")
# What every change needs one of. Most texts hold none: looking for these costs a fifth of looking for the changes, and
# a pattern by itself, which begins with a class that the search skips to, half of all as the choices of one pattern.
_PLACES = ("\u0e4d", "เเ", "  ", " \n", "\n\n", "\n ")
_SIGNS = (
    re.compile(f"[{_MARK}](?:[{_ABOVE}]|(?<=[{_TONE}])[{_TONE}]|(?<=[\u0e4c-\u0e4e])[\u0e4c-\u0e4e])"),
    re.compile(f"[{_MARK}](?<![ก-๎].)"),
    re.compile(f"[าำะเ-ไ][{_TONE}]"),
    re.compile("([a-vx-zก-ๆ])\\1\\1"),
)
_DOUBLED = re.compile(r"([^\s\d])\1([^\s\d])\2")
# Most texts hold nothing to respell: a look for what every change needs costs a third of looking for the changes.
_MAYBE = re.compile(
    f"([{_MARK}เ ])\\1|([a-vx-zก-ๆ])\\2\\2|\u0e4d|[{_TONE}][{_ABOVE}{_TONE}]|[าำะเ-ไ][{_TONE}]|(?<![ก-๎])[{_MARK}]| \n|\n[ \n]"
)


_DOUBLED = re.compile(r"([a-zก-๎])\1")
_LETTER = re.compile("[a-zก-๎]")
_MOSTLY = 0.7  # of a text's letters in pairs
_FEWEST_PAIRS = 4
_LONG_RUN = re.compile(r"([ก-ๆ])\1\1")
_MANY_RUNS = 3
_NEVER_TWICE = frozenset("ะาำๆ")


def undoubled(normal: Normal) -> Normal:
    """The form with every pair of letters as one when the text has each letter twice ("สสมมััคครร")."""
    if not _MAYBE_DOUBLED.search(normal.text):
        return normal
    pairs = [match.span() for match in _DOUBLED.finditer(normal.text)]
    letters = len(_LETTER.findall(normal.text))
    if len(pairs) < _FEWEST_PAIRS or 2 * len(pairs) < _MOSTLY * letters:
        return normal
    return without(normal, {last - 1 for _, last in pairs})


def spelled_in_order(normal: Normal) -> Normal:
    """One spelling of what looks the same, marks once and in order, runs of a letter and of blanks as one."""
    text = normal.text
    if not (any(place in text for place in _PLACES) or any(sign.search(text) for sign in _SIGNS)):
        return normal
    runs = len(list(islice(_LONG_RUN.finditer(normal.text), _MANY_RUNS)))
    return replaced(normal, _MISSPELT, _respelled if runs < _MANY_RUNS else _respelled_but_runs)


def _respelled_but_runs(match: re.Match[str]) -> str:
    """In a text full of runs two letters are left of each, for a word may end and the next begin with them."""
    new = _respelled(match)
    return new * 2 if len(new) == 1 and (match[14] or match[15]) and new not in _NEVER_TWICE else new


def _respelled(match: re.Match[str]) -> str:
    found = match[0]
    if found == "เเ":
        return "แ"
    if "\u0e4d" in found and found[-1] == "า":
        return f"{match[1] or match[2] or ''}ำ"
    if "\n" in found:
        return "\n"
    return _reordered(match) or found[0]


def _reordered(match: re.Match[str]) -> str:
    tones, above = match[4], match[5]
    if tones:
        return str(above + tones[0])
    if match[6]:
        return str(match[7] + match[6])
    if match[8]:
        return str(match[8] + match[10] + match[9])
    return f"{match[12]}{match[11]}" if match[11] else ""
