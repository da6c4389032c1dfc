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
# nlpO3's safe mode returns wrong words for more than about 140 characters.
_WINDOW = 120
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

    def belongs_with(self, other: "_Passage") -> bool:
        """They share words, and both together can still be read as one quote."""
        together = max(self.end, other.end) - min(self.start, other.start)
        return self.start < other.end and other.start < self.end and together <= LONGEST

    def joined(self, other: "_Passage") -> "_Passage":
        """Both as one, the reasons of this one first."""
        reasons = dict.fromkeys((*self.reasons, *other.reasons))
        return _Passage(min(self.start, other.start), max(self.end, other.end), tuple(reasons))


def quote_signs(text: str, indicators: Iterable[Indicator]) -> tuple[Quote, ...]:
    """The strongest signs with the words they were found in, strongest first; overlapping spans are one
    quote, unless its middle would have to be left out.

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
    """The passages with a weaker one added: it joins all that it belongs with, at the place of the strongest."""
    apart: list[_Passage] = []
    joined: int | None = None
    for passage in passages:
        if joined is not None and apart[joined].belongs_with(passage):
            apart[joined] = apart[joined].joined(passage)
        elif joined is None and passage.belongs_with(new):
            joined = len(apart)
            apart.append(passage.joined(new))
        else:
            apart.append(passage)
    return apart if joined is not None else [*apart, new]


def shorten(given: str, longest: int = LONGEST) -> str:
    """One clean line of at most `longest` graphemes; the middle is left out, between words, where it is longer."""
    line = clean(given)
    if len(line) <= longest or len(_GRAPHEME.findall(line[: 40 * longest])) <= longest:
        return line[: 40 * longest]
    room = (longest - len(_ELLIPSIS)) // 2
    head, tail = line[: _WINDOW // 2], line[-_WINDOW // 2 :]
    beginning = _as_many(words(head), room) or "".join(_GRAPHEME.findall(head)[:room])
    end = "".join(reversed(_as_many_parts(words(tail)[::-1], room)))
    return f"{beginning.rstrip()}{_ELLIPSIS}{end.lstrip()}".strip()


def clean(given: str) -> str:
    """One line without characters that hide, turn or break text."""
    return _SPACE.sub(" ", _UNFIT.sub(" ", given)).strip()


def _whole_words(text: str, passage: _Passage) -> str:
    """The passage, grown to the borders of the words it cuts."""
    before = max(0, passage.start - _BESIDE)
    borders = [before + b for b in _borders(text[before : passage.start + _BESIDE])]
    start = max(
        (b for b in borders if passage.start - _FARTHEST <= b <= passage.start), default=passage.start
    )
    around = max(0, passage.end - _BESIDE)
    borders = [around + b for b in _borders(text[around : passage.end + _BESIDE])]
    end = min((b for b in borders if passage.end <= b <= passage.end + _FARTHEST), default=passage.end)
    return text[start:end]


def _borders(window: str) -> frozenset[int]:
    return boundaries(_UNFIT.sub(" ", window))


def _as_many(parts: list[str], room: int) -> str:
    return "".join(_as_many_parts(parts, room))


def _as_many_parts(parts: list[str], room: int) -> list[str]:
    """The first words that fit into `room` graphemes."""
    lengths = accumulate(len(_GRAPHEME.findall(part)) for part in parts)
    return [part for part, length in zip(parts, lengths, strict=True) if length <= room]
