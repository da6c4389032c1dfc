"""What the trained models hear in the wording of a text, and which stretch of it moved them most."""

import math
from collections import deque
from collections.abc import Mapping
from functools import cache, cached_property
from itertools import accumulate, pairwise

import numpy as np

from nlp.lexicon import Span
from nlp.linear import LinearModel, Panel, load_model
from nlp.meaning import load_meanings
from nlp.pieces import Pieces
from nlp.prepared import Prepared

LONGEST = 60  # squeezed characters of a quoted stretch
_HELD_BACK = 0.12  # of the mean weight: how fast a stretch stops growing over words that say little


@cache
def every_text() -> Panel:
    """The models of offers and of pleas, which every text is asked."""
    return Panel([load_model("offers"), load_model("crisis")])


@cache
def kinds_model() -> LinearModel:
    return load_model("kinds")


class Wording:
    """Log-odds by the wording alone."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._pieces = Pieces(prepared)

    @property
    def offer(self) -> Mapping[str, float]:
        """`deceptive`: a deceptive or exploitative offer; `offer`: an offer of work at all."""
        return self._heard

    @property
    def crisis(self) -> Mapping[str, float]:
        """`plea`: somebody may need help; `urgent`: if so, now."""
        return self._heard

    @cached_property
    def kinds(self) -> Mapping[str, float]:
        """Kind of danger → log-odds, if it is a plea."""
        return kinds_model().weigh(self._pieces)

    @cached_property
    def _heard(self) -> Mapping[str, float]:
        return every_text().weigh(self._pieces)

    def stretch(self) -> Span | None:
        """The squeezed span, from word to word, that spoke most for a deceptive offer; None when nothing did."""
        words = self._prepared.words
        if not words:
            return None
        edges = list(accumulate(map(len, words), initial=0))
        blank = [word.isspace() for word in words]
        return heaviest_stretch(edges, self._by_word(edges), blank)

    def _by_word(self, edges: list[int]) -> list[float]:
        """What each word added by its letters and its meaning, less a share of what the average word added."""
        added = [by + about for by, about in zip(self._by_letters(edges), self._by_meaning(), strict=True)]
        mean = sum(map(abs, added)) / len(added)
        return [part - _HELD_BACK * mean for part in added]

    def _by_meaning(self) -> list[float]:
        """How far each word led the text towards what the model takes for deceptive."""
        towards = every_text().pull("deceptive", self._pieces.meaning)
        return load_meanings().along(self._prepared.words, towards)

    def _by_letters(self, edges: list[int]) -> list[float]:
        """What each word's letters added."""
        column = every_text().column("deceptive")
        letters = np.zeros(edges[-1] + 2)
        for length, rows in self._pieces.placed():
            shares = column[rows] / np.float64(length)
            for offset in range(length):
                letters[offset : offset + len(rows)] += shares
        sums = np.concatenate(([0.0], np.cumsum(letters[1:-1])))[edges].tolist()
        root = math.sqrt(max(len(self._pieces.characters), 1))
        return [(end - start) / root for start, end in pairwise(sums)]


def heaviest_stretch(edges: list[int], weights: list[float], blank: list[bool]) -> Span | None:
    """The stretch of at most `LONGEST` characters with the greatest weight above 0, blank words at neither end.

    Begins worth trying for the words to come are kept as a queue in which what stands before them weighs ever more
    (a sliding minimum), so that each word is looked at once: weighing every stretch took up to a millisecond.
    """
    totals = list(accumulate(weights, initial=0.0))
    begins: deque[int] = deque()
    best, span = 0.0, None
    for last, end in enumerate(edges[1:]):
        if blank[last]:
            continue
        while begins and totals[begins[-1]] > totals[last]:
            begins.pop()
        begins.append(last)
        while begins and end - edges[begins[0]] > LONGEST:
            begins.popleft()
        if begins and totals[last + 1] - totals[begins[0]] > best:
            best, span = totals[last + 1] - totals[begins[0]], (edges[begins[0]], end)
    return span
