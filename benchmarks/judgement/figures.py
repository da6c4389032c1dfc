"""What is counted of judgements, with the bounds that 95 % of 500 resamplings of the texts keep to."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counting = Callable[[Flags, Floats], float]
FALSE_ALARMS = 0.03
RESAMPLES = 500
_SEED = 2569


class Figure(NamedTuple):
    """A figure with the bounds between which 95 % of resampled texts put it."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def auc(truth: Flags, score: Floats) -> float:
    """How often a positive text scores above a negative one; a tie counts half."""
    negative = np.sort(score[~truth])
    below = np.searchsorted(negative, score[truth], "left")
    not_above = np.searchsorted(negative, score[truth], "right")
    return float((below + not_above).mean() / (2 * len(negative)))


def recall_at_false_alarms(truth: Flags, score: Floats) -> float:
    """Share of the positive that score above what 3 % of the negative pass."""
    return float((score[truth] > np.quantile(score[~truth], 1 - FALSE_ALARMS)).mean())


def brier(truth: Flags, score: Floats) -> float:
    """Mean squared distance of a probability from what was true."""
    return float(((score - truth) ** 2).mean())


def precision(truth: Flags, flagged: Floats) -> float:
    """Share of the flagged that are positive; 0 where nothing is flagged."""
    chosen = flagged > 0
    return float(truth[chosen].mean()) if chosen.any() else 0.0


def recall(truth: Flags, flagged: Floats) -> float:
    return float((flagged[truth] > 0).mean())


def f1(truth: Flags, flagged: Floats) -> float:
    right = float(((flagged > 0) & truth).sum())
    return 2 * right / float((flagged > 0).sum() + truth.sum())


def alarms(truth: Flags, flagged: Floats) -> float:
    """Share of the negative that are flagged."""
    return float((flagged[~truth] > 0).mean())


def with_interval(counting: Counting, truth: Flags, score: Floats) -> Figure:
    """Raises ValueError where the texts are all positive or all negative: then nothing can be told apart."""
    if truth.all() or not truth.any():
        raise ValueError("both positive and negative texts are needed")
    found = [counting(truth[chosen], score[chosen]) for chosen in _both_kinds(truth)]
    return _bounded(counting(truth, score), found)


def difference(counting: Counting, truth: Flags, one: Floats, other: Floats) -> Figure:
    """How far the first figure lies above the second, both of the same texts in each resampling."""
    found = [
        counting(truth[chosen], one[chosen]) - counting(truth[chosen], other[chosen])
        for chosen in _both_kinds(truth)
    ]
    return _bounded(counting(truth, one) - counting(truth, other), found)


def share(kept: Floats, tried: Floats) -> Figure:
    """Share kept of all that was tried, each text (a row of both) drawn with all its tries."""
    found = [kept[chosen].sum() / tried[chosen].sum() for chosen in resample(len(kept))]
    return _bounded(float(kept.sum() / tried.sum()), found)


def median(values: Floats) -> Figure:
    found = [float(np.median(values[chosen])) for chosen in resample(len(values))]
    return _bounded(float(np.median(values)), found)


def calibration(truth: Flags, score: Floats, bins: int = 5) -> list[tuple[float, float, int]]:
    """Mean score, share truly positive and number, for bins of equal width that hold any text."""
    number = np.minimum((score * bins).astype(int), bins - 1)
    return [
        (float(score[number == b].mean()), float(truth[number == b].mean()), int((number == b).sum()))
        for b in range(bins)
        if (number == b).any()
    ]


def resample(number: int) -> Iterator[npt.NDArray[np.int64]]:
    """Draw as many of a number of texts, with replacement; the same draws every time."""
    drawn = np.random.default_rng(_SEED)
    return (drawn.integers(0, number, number) for _ in range(RESAMPLES))


def _both_kinds(truth: Flags) -> Iterator[npt.NDArray[np.int64]]:
    return (c for c in resample(len(truth)) if truth[c].any() and not truth[c].all())


def _bounded(value: float, found: list[float]) -> Figure:
    low, high = np.quantile(found, [0.025, 0.975])
    return Figure(value, float(low), float(high))
