"""Making parts of a text unreadable, by whole letters: a Thai vowel or tone mark never stays behind its consonant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import regex

from core.errors import InvalidInputError

# Of a whole packet.
MOST_RANGES = 2_000
_FIELDS = 3
_LONGEST_NUMBER = 7
_GRAPHEME = regex.compile(r"\X")
# "๐" and its like are decimal digits, too; only plain ones are what our pages send.
_NUMBER = regex.compile(rf"[0-9]{{1,{_LONGEST_NUMBER}}}")


class RangeError(InvalidInputError):
    """A range to be hidden that is none of the text: nothing is hidden by guessing."""

    code = "range"


class Span(NamedTuple):
    """Code points of a text from `start` to before `end`."""

    start: int
    end: int


class Suggestion(NamedTuple):
    """A place in a text, and what it seems to be."""

    span: Span
    kind: str


def read_ranges(typed: Iterable[str], texts: Mapping[str, str]) -> dict[str, list[Span]]:
    """Read ranges as "piece:start:end" in code points of the piece's text, and widen each to whole letters.

    Raises RangeError for what is no range of these texts: not of figures, negative, empty, backwards, beyond the end,
    of an unknown piece, or too many.
    """
    found: dict[str, list[Span]] = {}
    for number, one in enumerate(typed):
        if number >= MOST_RANGES:
            raise RangeError(f"hide at most {MOST_RANGES} places")
        parts = one.rsplit(":", _FIELDS - 1)
        if len(parts) != _FIELDS or parts[0] not in texts:
            raise RangeError("a range names its piece")
        piece, *ends = parts
        if not all(_NUMBER.fullmatch(end) for end in ends):
            raise RangeError("a range has two whole numbers")
        span = Span(int(ends[0]), int(ends[1]))
        if not 0 <= span.start < span.end <= len(texts[piece]):
            raise RangeError("a range lies within its text")
        found.setdefault(piece, []).append(widen(texts[piece], span))
    return found


def widen(text: str, span: Span) -> Span:
    """Return the smallest span of whole letters around a span."""
    start = end = 0
    for cluster in _GRAPHEME.finditer(text):
        if cluster.end() <= span.start:
            start = cluster.end()
        if cluster.start() < span.end:
            end = cluster.end()
    return Span(start, end)


def merge(spans: Sequence[Span]) -> list[Span]:
    """Join spans that touch, so that their number tells nothing of what stood there."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def hide(text: str, spans: Sequence[Span], mark: str) -> str:
    """Put the same `mark` in place of each span, whatever its length."""
    shown, at = [], 0
    for span in merge(spans):
        shown += [text[at : span.start], mark]
        at = span.end
    return "".join([*shown, text[at:]])


def find_words(text: str, words: Iterable[str]) -> Iterator[Span]:
    """Yield where words stand, in whole letters, whether small or capital."""
    for word in words:
        if word:
            for match in regex.finditer(regex.escape(word), text, regex.IGNORECASE):
                yield widen(text, Span(*match.span()))
