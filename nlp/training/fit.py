"""Fitting linear models over the pieces of texts, and writing them as plain arrays."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from nlp.linear import LinearModel
from nlp.pieces import BITS, Hashes, Pieces
from nlp.prepared import prepare

Floats = npt.NDArray[np.float64]
Matrix: TypeAlias = Any  # scipy.sparse.csr_matrix, which has no types
STRENGTH = 1.0  # inverse of the regularisation; 1 to 10 differ by less than 0.002 of AUC, and 1 swings least on short texts
_SEEN = 2  # texts that a piece must stand in
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same arrays give the same file


class Counted(NamedTuple):
    """Which pieces stand in which text, a row a text: character runs and words apart."""

    characters: Matrix
    words: Matrix

    def rows(self, chosen: npt.NDArray[np.bool_]) -> "Counted":
        return Counted(self.characters[chosen], self.words[chosen])

    def only_words(self) -> "Counted":
        return Counted(sparse.csr_matrix(self.characters.shape, dtype=np.float32), self.words)


def count_pieces(texts: Sequence[str]) -> Counted:
    pieces = [Pieces(prepare(text)) for text in texts]
    return Counted(_matrix([p.characters for p in pieces]), _matrix([p.words for p in pieces]))


def join(*parts: Counted) -> Counted:
    """The rows of several counts, one below the other."""
    characters = sparse.vstack([part.characters for part in parts]).tocsr()
    return Counted(characters, sparse.vstack([part.words for part in parts]).tocsr())


class Column(NamedTuple):
    """What one output learns: a target and a weight a text; a text of weight 0 teaches it nothing."""

    name: str
    target: npt.NDArray[np.bool_]
    weight: Floats


def fit_model(counted: Counted, columns: Sequence[Column]) -> LinearModel:
    """One logistic regression a column over pieces that stand in two texts or more, weighed by rarity."""
    rarities = [_rarity(block) for block in counted]
    scaled = sparse.hstack(
        [_scaled(block, rarity) for block, rarity in zip(counted, rarities, strict=True)]
    ).tocsr()
    tables = [np.zeros((1 << BITS, len(columns)), np.float16) for _ in counted]
    bias = np.zeros(len(columns), np.float32)
    for number, column in enumerate(columns):
        taught = column.weight > 0
        fitted = LogisticRegression(C=STRENGTH, max_iter=1_000)
        fitted.fit(scaled[taught], column.target[taught], sample_weight=column.weight[taught])
        bias[number] = fitted.intercept_[0]
        for table, weights, rarity in zip(tables, np.split(fitted.coef_[0], 2), rarities, strict=True):
            # A known piece must not round to nothing: it counts in the length that weights are divided by.
            exact = weights * rarity
            table[:, number] = np.where((rarity > 0) & (np.abs(exact) < 1e-6), 1e-6, exact)
    return LinearModel(tuple(column.name for column in columns), bias, tables[0], tables[1])


def weigh_all(model: LinearModel, counted: Counted) -> Floats:
    """Log-odds, a row a text and a column an output."""
    total = np.tile(model.bias.astype(np.float64), (counted.characters.shape[0], 1))
    for block, table in zip(counted, (model.characters, model.words), strict=True):
        known = _only(block, table.known)
        lengths = np.sqrt(np.maximum(known.sum(axis=1).A1, 1))
        total += (known @ table.weights.astype(np.float32)) / lengths[:, None]
    return total


def save_model(model: LinearModel, path: Path) -> None:
    """A zip of arrays that `numpy.load` reads without pickle; the same model gives the same bytes."""
    arrays = {
        "names": np.array(model.names),
        "bias": model.bias,
        "characters": model.characters.weights,
        "words": model.words.weights,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            held = io.BytesIO()
            np.save(held, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, held.getvalue())


def _matrix(rows: Sequence[Hashes]) -> Matrix:
    pointers = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    return sparse.csr_matrix(
        (np.ones(pointers[-1], np.float32), np.concatenate(rows), pointers), shape=(len(rows), 1 << BITS)
    )


def _rarity(block: Matrix) -> Floats:
    """Inverse document frequency of each row of the table, 0 for pieces seen too seldom."""
    seen = np.bincount(block.indices, minlength=1 << BITS)
    rarity: Floats = np.log((1 + block.shape[0]) / (1 + seen)) + 1
    rarity[seen < _SEEN] = 0
    return rarity


def _only(block: Matrix, known: npt.NDArray[np.bool_]) -> Matrix:
    kept = block.copy()
    kept.data = known[kept.indices].astype(np.float32)
    return kept


def _scaled(block: Matrix, rarity: Floats) -> Matrix:
    known = _only(block, rarity > 0)
    lengths = np.sqrt(np.maximum(known.sum(axis=1).A1, 1))
    known.data *= rarity[known.indices].astype(np.float32)
    return sparse.diags(1 / lengths) @ known
