"""One text made ready for all questions asked about it: normal forms, words found, spans back to the text as given."""

from bisect import bisect_left
from functools import cached_property

from nlp.findings import Entity
from nlp.lexicon import Events, Span
from nlp.normalize import fold, squeeze
from nlp.segment import boundaries
from nlp.vocabulary import LEXICON


class Prepared:
    """A text with its folded and squeezed forms, and the concepts that occur in the squeezed one."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.folded = fold(given)
        self.squeezed = squeeze(self.folded)

    @cached_property
    def boundaries(self) -> frozenset[int]:
        return boundaries(self.squeezed.text)

    @cached_property
    def events(self) -> Events:
        return LEXICON.events(self.squeezed.text, lambda: self.boundaries)

    def has(self, concept: str) -> bool:
        return concept in self.events

    def count(self, concept: str) -> int:
        """How many words of a concept stand apart from each other."""
        total, end = 0, -1
        for start, stop in self.events.get(concept, ()):
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
