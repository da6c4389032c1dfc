"""Lines that end in the midst of a word."""

import re
from collections.abc import Iterator

from nlp.known_words import word_costs
from nlp.normal import Normal, without
from nlp.respelling import reading_cost

_BREAK = re.compile(r"[ \-]?\n[ ]?")
_THAI_BREAK = re.compile(r"(?<=[ก-๎])[ \-]?\n[ ]?(?=[ก-๎])")
_CUT = re.compile(r"(?<=[เ-ไ])[ \-]?\n[ ]?(?=[ก-ฮ])|(?<=[ก-๎])[ \-]?\n[ ]?(?=[ะ-ฺๅ็-๎])")
_REACH = 9  # letters of a word on either side of a line end
_SHORTEST = 4  # letters of a word that may stand over a line end
_CONTEXT = 14  # letters read on either side to see which reading is likelier
_GAIN = 5.0  # nats by which the joined reading must be likelier
_WRAPPED = 3  # line ends within words after which every line end is taken for one
_WRAPPED_SHARE = 0.3
_WIDTHS = range(3, 31)  # characters; letters one to a line are read elsewhere
_SAME_LINES = 4  # lines of one length that nobody writes by chance


def unwrapped(normal: Normal) -> Normal:
    """The form of the text as given without the line ends that cut it after every so many characters."""
    text = normal.text
    if text.count("\n") < _SAME_LINES:
        return normal
    for width in _WIDTHS:
        ends = text[width :: width + 1]
        if len(ends) >= _SAME_LINES and not ends.strip("\n"):
            return without(normal, set(range(width, len(text), width + 1)))
    return normal


def mended(normal: Normal) -> Normal:
    """The form without line ends that cut a Thai word; without any when many do."""
    text = normal.text
    breaks = [match.span() for match in _THAI_BREAK.finditer(text)]
    if not breaks:
        return normal
    cuts = [span for span in breaks if _CUT.match(text, span[0]) or _cuts_word(text, *span)]
    if not cuts:
        return normal
    if len(cuts) >= _WRAPPED and len(cuts) >= _WRAPPED_SHARE * len(breaks):
        cuts = [match.span() for match in _BREAK.finditer(text)]
    return without(normal, {at for span in cuts for at in range(*span)})


def _cuts_word(text: str, first: int, last: int) -> bool:
    """Whether a known word stands over a line end and makes the likelier reading."""
    left = re.split("[^ก-๎]", text[max(0, first - _CONTEXT) : first])[-1]
    right = re.split("[^ก-๎]", text[last : last + _CONTEXT])[0]
    if not any(word in word_costs() for word in _words_across(left, right)):
        return False
    return reading_cost(left + right) + _GAIN < reading_cost(left) + reading_cost(right)


def _words_across(left: str, right: str) -> Iterator[str]:
    for before in range(1, min(_REACH, len(left)) + 1):
        for after in range(1, min(_REACH, len(right)) + 1):
            if before + after >= _SHORTEST:
                yield left[-before:] + right[:after]
