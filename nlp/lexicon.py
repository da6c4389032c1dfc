"""Concepts (named lists of words) and where they stand in a text.

A word file is a TOML table: `concept = ["word", …]`. A word may hold choices, "(แอด|ทัก)(ไลน์|ไอดี)"; "-word" stands
for a longer word in which the concept is not meant (`ขัง` but not `น้ำขัง`); "=word" must be a word of its own by
segmentation. Latin words always stand alone.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import resources

from nlp.normalize import normal_word

Span = tuple[int, int]
Events = dict[str, list[Span]]
_SHORTEST = 2
_CHOICE = re.compile(r"\(([^()]*)\)")


def read_table(path: str) -> dict[str, object]:
    """A TOML file of `nlp/lexicons`."""
    return tomllib.loads(resources.files("nlp").joinpath("lexicons", path).read_text("utf-8"))


def read_rows(path: str) -> list[list[str]]:
    """The rows of a TSV file of `nlp/lexicons`, without comments."""
    lines = resources.files("nlp").joinpath("lexicons", path).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


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


class _Node:
    """One letter of the tree of words: what may follow, and the concepts of the word that ends here."""

    __slots__ = ("entries", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.entries: _Entries = ()


class Lexicon:
    """Finds all words of all concepts in one walk over a squeezed text."""

    def __init__(self, concepts: Mapping[str, Iterable[str]]) -> None:
        self.concepts = frozenset(concepts)
        self._root = _Node()
        for concept, patterns in concepts.items():
            for pattern in patterns:
                self._take(concept, pattern)

    def _take(self, concept: str, pattern: str) -> None:
        entry = (concept, pattern.startswith("-"), pattern.startswith("="))
        for choice in spelled(pattern.lstrip("-=")):
            word = normal_word(choice)
            if len(word) < _SHORTEST:
                raise ValueError(
                    f"lexicon word {pattern!r} of {concept} is shorter than {_SHORTEST} characters"
                )
            node = self._root
            for letter in word:
                node = node.following.setdefault(letter, _Node())
            if entry not in node.entries:
                node.entries = (*node.entries, entry)

    def events(self, text: str, boundaries: Callable[[], frozenset[int]]) -> Events:
        """Concept → spans in the squeezed text, in order; `boundaries` is asked only when a short word needs it."""
        found: Events = {}
        blocked: Events = {}
        for span, entries in self._words(text):
            for concept, blocks, whole in entries:
                if not whole or boundaries().issuperset(span):
                    (blocked if blocks else found).setdefault(concept, []).append(span)
        for concept, blockers in blocked.items():
            found[concept] = [span for span in found.get(concept, ()) if not _covered(span, blockers)]
        return {concept: spans for concept, spans in found.items() if spans}

    def _words(self, text: str) -> list[tuple[Span, _Entries]]:
        """Every word of the tree wherever it begins; one plain loop, since it is the warmest place of all."""
        found: list[tuple[Span, _Entries]] = []
        first_letters = self._root.following
        length = len(text)
        for start, letter in enumerate(text):
            node = first_letters.get(letter)
            end = start + 1
            while node is not None:
                if node.entries and _stands_alone(text, start, end):
                    found.append(((start, end), node.entries))
                if end == length:
                    break
                node = node.following.get(text[end])
                end += 1
        return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin words and numbers need an end on both sides; a Thai word must not be cut before a mark of its last letter."""
    if start and _runs_on(text[start - 1], text[start]):
        return False
    if end == len(text):
        return True
    after = text[end]
    return not (
        _runs_on(text[end - 1], after)
        or "\u0e30" <= after <= "\u0e3a"
        or "\u0e47" <= after <= "\u0e4e"
        or after == "ๅ"
    )


def _runs_on(left: str, right: str) -> bool:
    """Whether two neighbours are of one Latin word, number or id ("job8899")."""
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _covered(span: Span, blockers: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in blockers)
