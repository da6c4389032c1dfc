"""One text made ready for all questions asked about it: normal forms, words found, spans back to the text as given."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from nlp.findings import Entity
from nlp.hashes import Hashes, each_once, pairs_of, run_values, table_rows, word_values
from nlp.lexicon import Events, Span, settle
from nlp.meaning import Floats, load_meanings
from nlp.normalize import fold, squeeze
from nlp.segment import borders, words
from nlp.vocabulary import lexicon


class Prepared:
    """A text with its folded and squeezed forms, and the concepts that occur in the squeezed one."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.folded = fold(given)
        self.squeezed = squeeze(self.folded)
        self._seen = lexicon().look(self.squeezed.text)
        self.names = self._seen.sure.keys() | self._seen.doubtful.keys()  # concepts that may stand here

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the squeezed form in order; joined they give it back."""
        return tuple(words(self.squeezed.text))

    @cached_property
    def runs(self) -> Hashes:
        """Table rows of all runs of characters of the squeezed form, by length and place."""
        return table_rows(run_values(self.squeezed.text))

    @cached_property
    def run_rows(self) -> Hashes:
        """Table rows of the runs of characters, each once."""
        return each_once(self.runs)

    @cached_property
    def word_rows(self) -> Hashes:
        """Table rows of words and pairs of words, each once."""
        single = word_values(self.words)
        return each_once(table_rows(np.concatenate((single, pairs_of(single)))))

    @cached_property
    def meaning(self) -> Floats:
        """A vector of what the words are about."""
        return load_meanings().of(self.words)

    @cached_property
    def events(self) -> Events:
        """Concept → spans, after segmentation."""
        return settle(self._seen, borders(self.words))

    def events_of(self, concepts: Iterable[str]) -> Events:
        """Events that are right at least for these concepts; segments the text only when one of them needs it."""
        return self._seen.sure if self._seen.doubtful.keys().isdisjoint(concepts) else self.events

    def spans(self, concept: str) -> list[Span]:
        seen = self._seen
        return (self.events if concept in seen.doubtful else seen.sure).get(concept, [])

    def has(self, concept: str) -> bool:
        return bool(self.spans(concept))

    def count(self, concept: str) -> int:
        """How many words of a concept stand apart from each other."""
        total, end = 0, -1
        for start, stop in self.spans(concept):
            if start >= end:
                total += 1
                end = stop
        return total

    def entity(self, value: str, start: int, end: int, **detail: str | float) -> Entity:
        """An entity from a span of the folded form."""
        first, last = self.folded.given(start, end)
        return Entity(value, first, last, {name: part for name, part in detail.items() if part != ""})

    def squeezed_span(self, first: int, last: int) -> Span:
        """The squeezed span that covers a span of the text as given."""
        return bisect_left(self.squeezed.starts, first), bisect_left(self.squeezed.starts, last)

    def folded_span(self, span: Span) -> Span:
        """The folded span that covers a squeezed one."""
        first, last = self.squeezed.given(*span)
        return bisect_left(self.folded.starts, first), bisect_left(self.folded.starts, last)


def prepare(text: str) -> Prepared:
    return Prepared(text)
