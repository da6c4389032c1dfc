"""Concepts (named lists of words) and where they stand in a text.

A word file is a TOML table: `concept = ["word", …]`. A word may hold choices, "(แอด|ทัก)(ไลน์|ไอดี)"; "-word" stands
for a longer word in which the concept is not meant (`ขัง` but not `น้ำขัง`); "=word" must be a word of its own by
segmentation. Latin words always stand alone.
"""

import re
from collections.abc import Iterable, Mapping
from operator import itemgetter
from string import ascii_letters, digits
from typing import NamedTuple

import ahocorasick

from nlp.normalize import normal_word

Span = tuple[int, int]
Events = dict[str, list[Span]]
_SHORTEST = 2
_CHOICE = re.compile(r"\(([^()]*)\)")


def spelled(word: str) -> list[str]:
    """Every word that a pattern with choices, also nested ones, stands for."""
    inner = _CHOICE.search(word)
    if inner is None:
        return [word]
    before, after = word[: inner.start()], word[inner.end() :]
    return list(
        dict.fromkeys(full for choice in inner[1].split("|") for full in spelled(before + choice + after))
    )


_Entries = tuple[tuple[str, bool, bool], ...]  # concept, whether it blocks, whether it must be whole
_LATIN = frozenset(ascii_letters + digits)
_MARKS = frozenset(map(chr, [*range(0x0E30, 0x0E3B), 0x0E45, *range(0x0E47, 0x0E4F)]))


class _Word:
    """A word of the lexicon: what it stands for, and the letters that may not touch it.

    A Latin word, number or id needs an end on both sides; a Thai word must not be cut before a mark of its last letter.
    """

    __slots__ = ("entries", "length", "not_after", "not_before")

    def __init__(self, word: str) -> None:
        self.entries: _Entries = ()
        self.length = len(word)
        self.not_after = _LATIN if word[0] in _LATIN else frozenset()
        self.not_before = _LATIN | _MARKS if word[-1] in _LATIN else _MARKS


class Sightings(NamedTuple):
    """Concept → spans: of words that stand in a text, and of words that do only if segmentation finds them whole."""

    sure: Events
    doubtful: Events


class Lexicon:
    """Finds all words of all concepts in one walk over a squeezed text."""

    def __init__(self, concepts: Mapping[str, Iterable[str]]) -> None:
        self.concepts = frozenset(concepts)
        self._automaton = ahocorasick.Automaton()
        for concept, patterns in concepts.items():
            for pattern in patterns:
                self._take(concept, pattern)
        self._automaton.make_automaton()

    def _take(self, concept: str, pattern: str) -> None:
        entry = (concept, pattern.startswith("-"), pattern.startswith("="))
        for choice in spelled(pattern.lstrip("-=")):
            text = normal_word(choice)
            if len(text) < _SHORTEST:
                raise ValueError(
                    f"lexicon word {pattern!r} of {concept} is shorter than {_SHORTEST} characters"
                )
            word = self._automaton.get(text, None) or _Word(text)
            if entry not in word.entries:
                word.entries = (*word.entries, entry)
            self._automaton.add_word(text, word)

    def look(self, text: str) -> Sightings:
        """Every concept in a squeezed text, with spans in order."""
        sure: Events = {}
        doubtful: Events = {}
        blocked: Events = {}
        for span, entries in self._words(text):
            for concept, blocks, whole in entries:
                kind = blocked if blocks else doubtful if whole else sure
                kind.setdefault(concept, []).append(span)
        return Sightings(_unblocked(sure, blocked), _unblocked(doubtful, blocked))

    def _words(self, text: str) -> list[tuple[Span, _Entries]]:
        """Every word of the lexicon, by where it begins and then by length.

        The warmest place of all: a walk in Python from letter to letter took four times as long as this automaton.
        """
        found: list[tuple[Span, _Entries]] = []
        length = len(text)
        for last, word in self._automaton.iter(text):
            start, end = last + 1 - word.length, last + 1
            if (end == length or text[end] not in word.not_before) and (
                not start or text[start - 1] not in word.not_after
            ):
                found.append(((start, end), word.entries))
        found.sort(key=itemgetter(0))
        return found


def settle(seen: Sightings, boundaries: frozenset[int]) -> Events:
    """What stands in the text for sure, given where its words begin and end."""
    events = dict(seen.sure)
    for concept, spans in seen.doubtful.items():
        whole = [span for span in spans if boundaries.issuperset(span)]
        if whole:
            events[concept] = sorted([*events.get(concept, ()), *whole])
    return events


def _unblocked(events: Events, blocked: Events) -> Events:
    for concept in events.keys() & blocked.keys():
        events[concept] = [span for span in events[concept] if not _covered(span, blocked[concept])]
        if not events[concept]:
            del events[concept]
    return events


def _covered(span: Span, blockers: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in blockers)
