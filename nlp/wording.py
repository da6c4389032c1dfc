"""What the trained models hear in the wording of a text, and which stretch of it moved them most."""

from collections.abc import Mapping
from functools import cache, cached_property
from itertools import accumulate, pairwise

import numpy as np

from nlp.lexicon import Span
from nlp.linear import LinearModel, load_model
from nlp.pieces import Pieces
from nlp.prepared import Prepared

LONGEST = 60  # squeezed characters of a quoted stretch
_HELD_BACK = 0.12  # of the mean weight: how fast a stretch stops growing over words that say little


@cache
def offers_model() -> LinearModel:
    return load_model("offers")


@cache
def crisis_model() -> LinearModel:
    return load_model("crisis")


@cache
def kinds_model() -> LinearModel:
    return load_model("kinds")


class Wording:
    """Log-odds by the wording alone, each model asked at first need."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._pieces = Pieces(prepared)

    @cached_property
    def offer(self) -> Mapping[str, float]:
        """`deceptive`: a deceptive or exploitative offer; `offer`: an offer of work at all."""
        return offers_model().weigh(self._pieces)

    @cached_property
    def crisis(self) -> Mapping[str, float]:
        """`plea`: somebody may need help; `urgent`: if so, now."""
        return crisis_model().weigh(self._pieces)

    @cached_property
    def kinds(self) -> Mapping[str, float]:
        """Kind of danger → log-odds, if it is a plea."""
        return kinds_model().weigh(self._pieces)

    def stretch(self) -> Span | None:
        """The squeezed span, from word to word, that spoke most for a deceptive offer; None when nothing did."""
        words = self._prepared.words
        if not words:
            return None
        weights = self._by_word(words)
        edges = list(accumulate(map(len, words), initial=0))
        best, span = 0.0, None
        for first in range(len(words)):
            total = 0.0
            for last in range(first, len(words)):
                if edges[last + 1] - edges[first] > LONGEST:
                    break
                total += weights[last]
                if total > best and words[first].strip() and words[last].strip():
                    best, span = total, (edges[first], edges[last + 1])
        return span

    def _by_word(self, words: tuple[str, ...]) -> list[float]:
        """What each word's letters and the word itself added, less what the average word added."""
        model = offers_model()
        column = model.names.index("deceptive")
        letters = np.zeros(sum(map(len, words)) + 2)
        for length, rows in self._pieces.placed():
            shares = model.characters.weights[rows, column].astype(np.float64) / length
            for offset in range(length):
                letters[offset : offset + len(rows)] += shares
        sums = np.concatenate(([0.0], np.cumsum(letters[1:-1])))
        edges = list(accumulate(map(len, words), initial=0))
        added = [float(sums[end] - sums[start]) for start, end in pairwise(edges)]
        mean = sum(map(abs, added)) / len(added)
        return [part - _HELD_BACK * mean for part in added]
