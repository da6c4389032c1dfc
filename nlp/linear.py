"""Models of wording: weights of the pieces of a text in tables by hash, and how alike its meaning is to texts taught.

The log-odds of an output are its bias plus, for character runs and for words apart, the sum of the weights of the
pieces present divided by the square root of how many of them the model knows (so that length alone moves nothing), plus
the weighed likenesses of its meaning to the model's landmarks: texts that it was taught, chosen by lot, as vectors.
Everything is loaded from plain arrays, never from pickles.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.meaning import Floats, likeness, pull
from nlp.pieces import Hashes, Pieces

Weights = npt.NDArray[np.float32]
Table = npt.NDArray[np.float16]


class Block(NamedTuple):
    """Weights of one sort of piece: rows by hash, a column an output; a piece the model does not know weighs 0."""

    weights: npt.NDArray[np.float16]
    known: npt.NDArray[np.bool_]

    def weigh(self, rows: Hashes) -> Weights:
        # As `sum(axis=0)` adds, one row after the other, at a third of its time; what is not known adds 0.
        total: Weights = np.einsum("ij->j", self.weights.take(rows, axis=0).astype(np.float32))
        known = int(self.known.take(rows).sum())
        return total / math.sqrt(max(known, 1))


class LinearModel:
    """Outputs by name; `weigh` gives their log-odds."""

    def __init__(
        self,
        names: tuple[str, ...],
        bias: Weights,
        characters: npt.NDArray[np.float16],
        words: npt.NDArray[np.float16],
        landmarks: npt.NDArray[np.float16],
        alike: Weights,
    ) -> None:
        self.names = names
        self.bias = bias
        self._tables = (characters, words)
        self.landmarks: Floats = landmarks.astype(np.float32)
        self.alike = alike

    @cached_property
    def characters(self) -> Block:
        return _block(self._tables[0])

    @cached_property
    def words(self) -> Block:
        return _block(self._tables[1])

    def weigh(self, pieces: Pieces) -> Mapping[str, float]:
        """Output → log-odds."""
        odds = self.bias + self.characters.weigh(pieces.characters) + self.words.weigh(pieces.words)
        odds += self.by_meaning(pieces.meaning)
        return dict(zip(self.names, odds.tolist(), strict=True))

    def by_meaning(self, meaning: Floats) -> Weights:
        """What likeness to the landmarks adds to each output."""
        added: Weights = np.einsum("i,ij->j", likeness(self.landmarks, meaning), self.alike)
        return added


class Panel:
    """Several models that hear every text, asked at once; gives what each would give by itself.

    Their weights lie side by side, so that a piece is looked up once, as wide as the processor adds; a column a model
    that says whether it knows the piece makes the counts part of the sums. Asked apart, two models took three times as
    long. Weights stay in two bytes, for wider ones fill the processor's cache with tables.
    """

    def __init__(self, models: Sequence[LinearModel]) -> None:
        self._names = [name for model in models for name in model.names]
        self._bias = np.concatenate([model.bias for model in models])
        self._models = tuple(models)
        self._owner = np.repeat(np.arange(len(models)), [len(model.names) for model in models])
        self._characters = _side_by_side([model.characters for model in models])
        self._words = _side_by_side([model.words for model in models])

    def weigh(self, pieces: Pieces) -> Mapping[str, float]:
        """Output → log-odds."""
        odds = self._bias + self._shares(self._characters, pieces.characters)
        odds += self._shares(self._words, pieces.words)
        odds += np.concatenate([model.by_meaning(pieces.meaning) for model in self._models])
        return dict(zip(self._names, odds.tolist(), strict=True))

    def _shares(self, table: Table, rows: Hashes) -> Weights:
        sums = np.einsum("ij->j", table.take(rows, axis=0).astype(np.float32))
        outputs = len(self._names)
        roots = np.sqrt(np.maximum(sums[outputs:], 1))
        shares: Weights = sums[:outputs] / roots[self._owner]
        return shares

    def pull(self, name: str, meaning: Floats) -> Floats:
        """The direction in which the meaning of a text would have to turn for one output to grow."""
        model = next(model for model in self._models if name in model.names)
        return pull(model.landmarks, model.alike[:, model.names.index(name)], meaning)

    def column(self, name: str) -> Table:
        """What each character run adds to one output, by row."""
        return self._characters[:, self._names.index(name)]


def _side_by_side(blocks: Sequence[Block]) -> Table:
    """The weights of all blocks, then for each whether it knows the row (1.0 or 0.0)."""
    known = [block.known.astype(np.float16) for block in blocks]
    return np.column_stack([*(block.weights for block in blocks), *known])


def load_model(name: str) -> LinearModel:
    """The model in `nlp/models/<name>.npz`; raises FileNotFoundError when there is none."""
    with (
        resources.as_file(resources.files("nlp.models").joinpath(f"{name}.npz")) as path,
        np.load(path, allow_pickle=False) as arrays,
    ):
        names = tuple(arrays["names"].tolist())
        parts = (arrays[part] for part in ("bias", "characters", "words", "landmarks", "alike"))
        return LinearModel(names, *parts)


def _block(table: npt.NDArray[np.float16]) -> Block:
    return Block(table, (table != 0).any(axis=1))
