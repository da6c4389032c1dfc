"""What is counted of judgements: with 95 % intervals by resampling the texts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import brier_score_loss, precision_recall_fscore_support, roc_auc_score

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FALSE_ALARMS = 0.03
_RESAMPLES = 500


class Figure(NamedTuple):
    """A figure with the bounds between which 95 % of resampled texts put it."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def auc(truth: Flags, score: Floats) -> float:
    return float(roc_auc_score(truth, score))


def recall_at_false_alarms(truth: Flags, score: Floats) -> float:
    """Share of the positive that score above what 3 % of the negative pass."""
    return float((score[truth] > np.quantile(score[~truth], 1 - FALSE_ALARMS)).mean())


def brier(truth: Flags, score: Floats) -> float:
    return float(brier_score_loss(truth, score))


def with_interval(figure: Callable[[Flags, Floats], float], truth: Flags, score: Floats) -> Figure:
    drawn = np.random.default_rng(2569)
    found = []
    for _ in range(_RESAMPLES):
        chosen = drawn.integers(0, len(truth), len(truth))
        if truth[chosen].any() and not truth[chosen].all():
            found.append(figure(truth[chosen], score[chosen]))
    low, high = np.quantile(found, [0.025, 0.975])
    return Figure(figure(truth, score), float(low), float(high))


def precision_recall(truth: Flags, flagged: Flags) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was flagged."""
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, flagged, average="binary", zero_division=0
    )
    return float(precision), float(recall), float(f1)


def calibration(truth: Flags, score: Floats, bins: int = 5) -> list[tuple[float, float, int]]:
    """Mean score, share truly positive and number, for bins of equal width that hold any text."""
    number = np.minimum((score * bins).astype(int), bins - 1)
    return [
        (float(score[number == b].mean()), float(truth[number == b].mean()), int((number == b).sum()))
        for b in range(bins)
        if (number == b).any()
    ]
