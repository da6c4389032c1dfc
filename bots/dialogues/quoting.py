"""Quoting a person's own words: signs on the same words once, whole words, nothing that could break a screen."""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

import regex

from core.messages.content import Quote
from nlp.judgement import Indicator
from nlp.segment import boundaries, words

LONGEST = 60  # graphemes
MOST = 4
_ELLIPSIS = " … "
_REASONS = 3  # a quote
_BESIDE = 24  # characters beside a span that tell where its words begin and end
_FARTHEST = 12  # characters by which a span grows at most
# Control and direction characters, lone surrogates, private and unassigned ones.
_UNFIT = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = regex.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")


class _Passage(NamedTuple):
    start: int
    end: int
    reasons: tuple[str, ...]

    def meets(self, other: "_Passage") -> bool:
        return self.start < other.end and other.start < self.end

    def joined(self, other: "_Passage") -> "_Passage":
        """Both as one, the reasons of this one first."""
        reasons = dict.fromkeys((*self.reasons, *other.reasons))
        return _Passage(min(self.start, other.start), max(self.end, other.end), tuple(reasons))


def quote_signs(text: str, indicators: Iterable[Indicator]) -> tuple[Quote, ...]:
    """The strongest signs with the words they were found in, strongest first; overlapping spans are one quote.

    Only signs that count against the offer are quoted, and no reason is told twice.
    """
    passages: list[_Passage] = []
    told: set[str] = set()
    for sign in sorted((i for i in indicators if i.weight > 0), key=lambda i: (-i.weight, i.start, i.end)):
        if 0 <= sign.start < sign.end <= len(text) and sign.reason not in told:
            told.add(sign.reason)
            passages = _with(passages, _Passage(sign.start, sign.end, (sign.reason,)))
    quotes: dict[str, str] = {}
    for passage in passages:
        quotes.setdefault(shorten(_whole_words(text, passage)), "\n".join(passage.reasons[:_REASONS]))
    return tuple(Quote(said, why) for said, why in quotes.items() if said)[:MOST]


def _with(passages: list[_Passage], new: _Passage) -> list[_Passage]:
    """The passages with a weaker one added: it joins all that it meets, at the place of the strongest."""
    apart: list[_Passage] = []
    joined: int | None = None
    for passage in passages:
        if joined is not None and apart[joined].meets(passage):
            apart[joined] = apart[joined].joined(passage)
        elif joined is None and passage.meets(new):
            joined = len(apart)
            apart.append(passage.joined(new))
        else:
            apart.append(passage)
    return apart if joined is not None else [*apart, new]


def shorten(given: str, longest: int = LONGEST) -> str:
    """One clean line of at most `longest` graphemes; the middle is left out, between words, where it is longer."""
    line = clean(given[: 40 * longest])
    if len(_GRAPHEME.findall(line)) <= longest:
        return line
    room = longest - len(_ELLIPSIS)
    parts = words(line)
    head = _as_many(parts, room // 2) or "".join(_GRAPHEME.findall(line)[: room // 2])
    tail = "".join(reversed(_backwards(parts, room - room // 2)))
    return f"{head.rstrip()}{_ELLIPSIS}{tail.lstrip()}".strip()


def clean(given: str) -> str:
    """One line without characters that hide, turn or break text."""
    return _SPACE.sub(" ", _UNFIT.sub(" ", given)).strip()


def _whole_words(text: str, span: _Passage) -> str:
    """The span, grown to the borders of the words it cuts."""
    first = max(0, span.start - _BESIDE)
    window = _UNFIT.sub(" ", text[first : span.end + _BESIDE])
    borders = boundaries(window)
    start = max((b for b in borders if b <= span.start - first), default=0)
    end = min((b for b in borders if b >= span.end - first), default=len(window))
    if span.start - first - start > _FARTHEST:
        start = span.start - first
    if end - (span.end - first) > _FARTHEST:
        end = span.end - first
    return window[start:end]


def _as_many(parts: list[str], room: int) -> str:
    lengths = accumulate(len(_GRAPHEME.findall(part)) for part in parts)
    return "".join(part for part, length in zip(parts, lengths, strict=True) if length <= room)


def _backwards(parts: list[str], room: int) -> list[str]:
    """The last words that fit, last first."""
    backwards = parts[::-1]
    lengths = accumulate(len(_GRAPHEME.findall(part)) for part in backwards)
    return [part for part, length in zip(backwards, lengths, strict=True) if length <= room]
