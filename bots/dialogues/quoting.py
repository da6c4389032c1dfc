"""Quoting a person's own words: at most three signs, whole words, nothing that could break a screen."""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

import regex

from core.messages.content import Quote
from nlp.findings import Indicator
from nlp.segment import boundaries, words

LONGEST = 60  # graphemes
MOST = 3  # reasons, and so quotes
# The sign that a trained model raises: words that a rule names explain more than a stretch that only looked familiar.
LEARNED = "wording"
# What a sign is worth that stands on words already quoted: three different places say more than one place thrice.
_SHARED = 0.6
_ELLIPSIS = " … "
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
    weight: float

    def overlaps(self, other: "_Passage") -> bool:
        return self.start < other.end and other.start < self.end

    def belongs_with(self, other: "_Passage") -> bool:
        """They share words, and both together can still be read as one quote."""
        together = max(self.end, other.end) - min(self.start, other.start)
        return self.overlaps(other) and together <= LONGEST

    def joined(self, other: "_Passage") -> "_Passage":
        """Both as one, the reasons of this one first."""
        start, end = min(self.start, other.start), max(self.end, other.end)
        return _Passage(start, end, (*self.reasons, *other.reasons), self.weight)


def quote_signs(text: str, indicators: Iterable[Indicator], unnamed: str = "") -> tuple[Quote, ...]:
    """The strongest signs with the words they were found in: at most three reasons, on words of their own rather
    than several on the same ones. `unnamed` is said of a sign that has no reason.

    Only signs that count against the offer are quoted, and no reason is told twice.
    """
    quotes: dict[str, list[str]] = {}
    for passage in _passages(_telling(text, indicators, unnamed)):
        said = shorten(_whole_words(text, passage))
        if said:
            quotes.setdefault(said, []).extend(passage.reasons)
    return tuple(Quote(said, "\n".join(why)) for said, why in quotes.items())


def _telling(text: str, indicators: Iterable[Indicator], unnamed: str) -> list[_Passage]:
    """Signs that may be quoted, strongest first, one a reason."""
    told: dict[str, _Passage] = {}
    for sign in sorted(indicators, key=lambda i: (i.code == LEARNED, -i.weight, i.start, i.end)):
        reason = sign.reason or unnamed
        if sign.weight > 0 and 0 <= sign.start < sign.end <= len(text):
            weight = 0.0 if sign.code == LEARNED else sign.weight
            told.setdefault(reason, _Passage(sign.start, sign.end, (reason,) if reason else (), weight))
    return list(told.values())


def _passages(left: list[_Passage]) -> list[_Passage]:
    """What holds the three signs that tell most together."""
    chosen: list[_Passage] = []
    for _ in range(min(MOST, len(left))):
        best = max(left, key=lambda sign: _worth(sign, chosen))
        left.remove(best)
        chosen = _with(chosen, best)
    return chosen


def _worth(sign: _Passage, chosen: list[_Passage]) -> float:
    return sign.weight * (_SHARED if any(sign.overlaps(one) for one in chosen) else 1)


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
    """The passage, grown to the borders of the words it cuts; blanks are borders that need no dictionary."""
    start, end = passage.start, passage.end
    cuts_first = start > 0 and not (text[start - 1].isspace() or text[start].isspace())
    cuts_last = end < len(text) and not (text[end - 1].isspace() or text[end].isspace())
    if not cuts_first and not cuts_last:
        return text[start:end]
    if end - start + 2 * _BESIDE <= _WINDOW:
        first = last = _borders(text, start - _BESIDE, end + _BESIDE)
    else:
        first = _borders(text, start - _BESIDE, start + _BESIDE) if cuts_first else ()
        last = _borders(text, end - _BESIDE, end + _BESIDE) if cuts_last else ()
    if cuts_first:
        start = max((b for b in first if start - _FARTHEST <= b <= start), default=start)
    if cuts_last:
        end = min((b for b in last if end <= b <= end + _FARTHEST), default=end)
    return text[start:end]


def _borders(text: str, start: int, end: int) -> tuple[int, ...]:
    """Where words begin and end between two offsets."""
    start = max(0, start)
    return tuple(start + border for border in boundaries(_UNFIT.sub(" ", text[start:end])))


def _as_many(parts: list[str], room: int) -> str:
    return "".join(_as_many_parts(parts, room))


def _as_many_parts(parts: list[str], room: int) -> list[str]:
    """The first words that fit into `room` graphemes."""
    lengths = accumulate(len(_GRAPHEME.findall(part)) for part in parts)
    return [part for part, length in zip(parts, lengths, strict=True) if length <= room]
