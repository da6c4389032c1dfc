"""Quoting a person's own words: spans merged, cut between words, and nothing that could break a screen."""

from collections.abc import Iterable

import regex

from core.messages.content import Quote
from nlp.judgement import Indicator
from nlp.segment import words

LONGEST = 60  # graphemes
MOST = 4
# Control and direction characters, lone surrogates, private and unassigned ones.
_UNFIT = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SPACE = regex.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")


def quote_signs(text: str, indicators: Iterable[Indicator], most: int = MOST) -> tuple[Quote, ...]:
    """The strongest signs, each with the words it was found in; overlapping ones are told once, strongest reason.

    Only signs that count against the offer are quoted.
    """
    kept: list[tuple[int, int, str]] = []
    strongest_first = sorted((i for i in indicators if i.weight > 0), key=lambda i: (-i.weight, i.start))
    for sign in strongest_first:
        if not 0 <= sign.start < sign.end <= len(text):
            continue
        twin = next((n for n, k in enumerate(kept) if sign.start < k[1] and k[0] < sign.end), None)
        if twin is not None:
            start, end, why = kept[twin]
            kept[twin] = (min(start, sign.start), max(end, sign.end), why)
        elif all(why != sign.reason for _, _, why in kept):
            kept.append((sign.start, sign.end, sign.reason))
    quotes = (Quote(shorten(text[start:end]), why) for start, end, why in _apart(kept)[:most])
    return tuple(quote for quote in quotes if quote.words)


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Widened spans may have grown into each other; the weaker of two is dropped."""
    apart: list[tuple[int, int, str]] = []
    for span in spans:
        if not any(span[0] < other[1] and other[0] < span[1] for other in apart):
            apart.append(span)
    return apart


def shorten(words_given: str, longest: int = LONGEST) -> str:
    """One clean line of at most `longest` graphemes, cut at a word's end where it is too long."""
    line = clean(words_given[: 40 * longest])
    if len(_GRAPHEME.findall(line)) <= longest:
        return line
    kept, room = "", longest - 1
    for word in words(line[: 10 * longest]):
        length = len(_GRAPHEME.findall(word))
        if length > room:
            break
        kept, room = kept + word, room - length
    if not kept:
        kept = "".join(_GRAPHEME.findall(line)[: longest - 1])
    return kept.rstrip() + "…"


def clean(words_given: str) -> str:
    """One line without characters that hide, turn or break text."""
    return _SPACE.sub(" ", _UNFIT.sub(" ", words_given)).strip()
