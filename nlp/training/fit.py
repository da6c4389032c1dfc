"""Fitting models over the pieces and the meaning of texts, and writing them as plain arrays."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize, sparse, special

from nlp.linear import LinearModel
from nlp.meaning import all_likenesses
from nlp.pieces import BITS, Hashes, Pieces
from nlp.prepared import prepare
from nlp.training.arrays import save_arrays

Floats = npt.NDArray[np.float64]
Loss: TypeAlias = Literal["squares", "surprise"]
Matrix: TypeAlias = Any  # scipy.sparse.csr_matrix, which has no types
# Regularisation; half or twice as much moves AUC by less than 0.002.
_HELD_BACK: Mapping[Loss, float] = {"squares": 6.0, "surprise": 1.0}
_STEEPNESS = 3.0  # log-odds for each unit that the regression to -1 and 1 finds
LANDMARKS = 1_500  # texts whose meaning a model compares with; all of them would bring 0.001 of AUC more
_MEANING = 7.0  # how much likeness of meaning may explain, as against a block of pieces
_SEEN = 2  # texts that a piece must stand in
_SEED = 2569
_JITTER = 1e-3  # of alike landmarks, so that their table can be inverted
_ROUNDS = 300
_SETTLED = 1e-6  # share of the loss that a round must still win


class Counted(NamedTuple):
    """Which pieces stand in which text, a row a text: character runs and words apart; and what it is about."""

    characters: Matrix
    words: Matrix
    meanings: npt.NDArray[np.float32]

    def rows(self, chosen: npt.NDArray[np.bool_]) -> "Counted":
        return Counted(self.characters[chosen], self.words[chosen], self.meanings[chosen])

    def only_words(self) -> "Counted":
        empty = sparse.csr_matrix(self.characters.shape, dtype=np.float32)
        return Counted(empty, self.words, self.meanings)


def count_pieces(texts: Sequence[str]) -> Counted:
    pieces = [Pieces(prepare(text)) for text in texts]
    meanings = np.array([p.meaning for p in pieces])
    return Counted(_matrix([p.characters for p in pieces]), _matrix([p.words for p in pieces]), meanings)


def join(*parts: Counted) -> Counted:
    """The rows of several counts, one below the other."""
    characters = sparse.vstack([part.characters for part in parts]).tocsr()
    words = sparse.vstack([part.words for part in parts]).tocsr()
    return Counted(characters, words, np.concatenate([part.meanings for part in parts]))


class Column(NamedTuple):
    """What one output learns: a target and a weight a text; a text of weight 0 teaches it nothing."""

    name: str
    target: npt.NDArray[np.bool_]
    weight: Floats


def fit_model(
    counted: Counted, columns: Sequence[Column], landmarks: int = LANDMARKS, by: Loss = "squares"
) -> LinearModel:
    """One regression a column over pieces that stand in two texts or more, weighed by rarity, and likeness."""
    blocks = (counted.characters, counted.words)
    rarities = [_rarity(block) for block in blocks]
    scaled = sparse.hstack([_scaled(*pair) for pair in zip(blocks, rarities, strict=True)]).tocsr()
    known = np.flatnonzero(np.concatenate(rarities))
    scaled = scaled[:, known]
    chosen = _choose_landmarks(counted, columns[0].weight, landmarks)
    upright = _upright(chosen)
    likeness = (_MEANING * (_alike(counted.meanings, chosen) @ upright)).astype(np.float32)
    tables = [np.zeros((1 << BITS, len(columns)), np.float16) for _ in blocks]
    bias = np.zeros(len(columns), np.float32)
    alike = np.zeros((len(chosen), len(columns)), np.float32)
    for number, column in enumerate(columns):
        taught = column.weight > 0
        target, weight = column.target[taught], column.weight[taught]
        pieces = np.zeros(len(blocks) << BITS)
        bias[number], pieces[known], dense = _regress(scaled[taught], likeness[taught], target, weight, by)
        alike[:, number] = _MEANING * (upright @ dense)
        for table, weights, rarity in zip(tables, np.split(pieces, 2), rarities, strict=True):
            # A known piece must not round to nothing: it counts in the length that weights are divided by.
            exact = weights * rarity
            table[:, number] = np.where((rarity > 0) & (np.abs(exact) < 1e-6), 1e-6, exact)
    names = tuple(column.name for column in columns)
    return LinearModel(names, bias, tables[0], tables[1], chosen.astype(np.float16), alike)


def weigh_all(model: LinearModel, counted: Counted) -> Floats:
    """Log-odds, a row a text and a column an output."""
    total = np.tile(model.bias.astype(np.float64), (counted.characters.shape[0], 1))
    for block, table in zip(
        (counted.characters, counted.words), (model.characters, model.words), strict=True
    ):
        known = _only(block, table.known)
        lengths = np.sqrt(np.maximum(known.sum(axis=1).A1, 1))
        total += (known @ table.weights.astype(np.float32)) / lengths[:, None]
    return total + all_likenesses(model.landmarks, counted.meanings) @ model.alike


def save_model(model: LinearModel, path: Path) -> None:
    """The same model gives the same bytes."""
    arrays = {
        "names": np.array(model.names),
        "bias": model.bias,
        "characters": model.characters.weights,
        "words": model.words.weights,
        "landmarks": model.landmarks.astype(np.float16),
        "alike": model.alike,
    }
    save_arrays(arrays, path)


def _regress(
    pieces: Matrix, likeness: npt.NDArray[np.float32], target: npt.NDArray[np.bool_], weight: Floats, by: Loss
) -> tuple[float, Floats, Floats]:
    """Bias and weights for log-odds, by the least squares of what is missed or the least surprise (logistic)."""
    sign = np.where(target, 1.0, -1.0)
    pieces = pieces.astype(np.float64)
    width = pieces.shape[1]
    turned = pieces.T.tocsr()
    held_back = _HELD_BACK[by]

    def loss(held: Floats) -> tuple[float, Floats]:
        free = held[1:]
        odds = held[0] + pieces @ free[:width] + likeness @ free[width:].astype(np.float32)
        missed, slope = _missed(odds, sign, by)
        slope *= weight
        back = np.concatenate(((slope.sum(),), turned @ slope, likeness.T @ slope.astype(np.float32)))
        back[1:] += free * held_back
        return float(weight @ missed + free @ free * held_back / 2), back

    start = np.zeros(1 + width + likeness.shape[1])
    options = {"maxiter": _ROUNDS, "ftol": _SETTLED}
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    found *= _STEEPNESS if by == "squares" else 1.0
    return float(found[0]), found[1 : 1 + width], found[1 + width :]


def _missed(odds: Floats, sign: Floats, by: Loss) -> tuple[Floats, Floats]:
    """What each text costs, and how that grows with its odds."""
    if by == "squares":
        return (odds - sign) ** 2 / 2, odds - sign
    return np.logaddexp(0, -sign * odds), -sign * special.expit(-sign * odds)


def _upright(landmarks: npt.NDArray[np.float32]) -> Floats:
    """What makes likenesses to landmarks that are alike themselves independent of each other (Nyström)."""
    if not len(landmarks):
        return np.zeros((0, 0))
    upright: Floats = linalg.inv(
        linalg.cholesky(_alike(landmarks, landmarks) + _JITTER * np.eye(len(landmarks)))
    )
    return upright


def _choose_landmarks(counted: Counted, weight: Floats, most: int) -> npt.NDArray[np.float32]:
    """Meanings of texts drawn by the weight they are taught with, as exact as they will be stored."""
    about = np.flatnonzero((weight > 0) & counted.meanings.any(axis=1))
    drawn = np.random.default_rng(_SEED).choice(
        about, min(most, len(about)), replace=False, p=weight[about] / weight[about].sum()
    )
    chosen: npt.NDArray[np.float32] = counted.meanings[np.sort(drawn)].astype(np.float16).astype(np.float32)
    return chosen


def _alike(meanings: npt.NDArray[np.float32], landmarks: npt.NDArray[np.float32]) -> Floats:
    return all_likenesses(landmarks, meanings).astype(np.float64)


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
    return (sparse.diags(1 / lengths) @ known).astype(np.float32)
