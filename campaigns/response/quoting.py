"""A wave's own words for a warning: only those that show a sign of a lure, and only where no name can be among them.

Words are taken from copies that were redacted already, and looked at once more: a quote is whole words that dictionaries
know, without anything that leads to somebody. What is in doubt is left out; a warning can do without one quote.
Pure, and as heavy as judging: whoever has the lexicon at hand does it, a web process asks another.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import regex
from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names, thai_words

from campaigns.response.wording import warning_words
from core.messages.wording import count_graphemes, never_said
from nlp.judgement import Indicator, judge
from nlp.known_words import KEYWORDS, LATIN_WORDS
from nlp.places import foreign_places, provinces_by_name
from nlp.redaction import redact
from nlp.segment import words

MOST_QUOTES, LONGEST_QUOTE = 4, 60  # graphemes
# A sum alone says nothing.
_FEWEST_LETTERS = 8
# These speak of how to reach somebody, or were found by likeness alone: what stands in them may be anything.
_NOT_QUOTED = frozenset({"chat_only_contact", "wording"})
_PLACES_OF_REDACTION = regex.compile(r"[\[\]{}]")
_THAI = regex.compile(r"\p{Thai}+")
_LATIN = regex.compile(r"\p{Latin}+")
_LETTER = regex.compile(r"\p{L}")
# A sum or an hour may stand; what could be a number to call or to pay to may not.
_MOST_DIGITS = 8


def quotes_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Words of these redacted texts that show why they are lures, strongest first, each said once."""
    found: dict[str, str] = {}
    for text in texts:
        for sign in _signs(redact(text)):
            for quote in _quotable(" ".join(sign.evidence.split())):
                found.setdefault(sign.reason, quote)
    return tuple(_apart(found.values()))[:MOST_QUOTES]


def _signs(text: str) -> Sequence[Indicator]:
    signs = [sign for sign in judge(text).indicators if sign.weight > 0 and sign.code not in _NOT_QUOTED]
    return sorted(signs, key=lambda sign: -sign.weight)


def _quotable(quote: str) -> Iterator[str]:
    """The quote, where it says nothing but what everybody says."""
    if (
        len(_LETTER.findall(quote)) >= _FEWEST_LETTERS
        and count_graphemes(quote) <= LONGEST_QUOTE
        and not _PLACES_OF_REDACTION.search(quote)
        and len(regex.findall(r"\d", quote)) <= _MOST_DIGITS
        and not never_said(quote)
        and redact(quote) == quote
        and all(map(_is_common, _words(quote)))
    ):
        yield quote


def _words(quote: str) -> Iterator[str]:
    for run in _THAI.findall(quote):
        yield from words(run)
    yield from (word.lower() for word in _LATIN.findall(quote))


def _is_common(word: str) -> bool:
    return word in _dictionary() and word not in _names()


@cache
def _dictionary() -> frozenset[str]:
    """Words of the language, of offers, and names of places."""
    places = foreign_places().keys() | provinces_by_name()[0].keys()
    return frozenset(thai_words() | KEYWORDS | LATIN_WORDS | places | warning_words().ordinary)


@cache
def _names() -> frozenset[str]:
    """What people are called, and how they are spoken to, but for words that offers are made of."""
    called = thai_male_names() | thai_female_names() | thai_family_names()
    return frozenset(called - KEYWORDS - warning_words().ordinary) | warning_words().addressing


def _apart(quotes: Iterable[str]) -> Iterator[str]:
    """Leave out what stands within another quote."""
    together = list(dict.fromkeys(quotes))
    for quote in together:
        if not any(quote != other and quote in other for other in together):
            yield quote
