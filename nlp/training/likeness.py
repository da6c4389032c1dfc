"""Groups of texts that share much of their wording, so that no split has one of a group on each side."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from nlp.normalize import fold, squeeze

_RUN = 8  # characters
_ALIKE = 0.5  # of the runs of the shorter text
_FEWEST = 12  # runs: a shorter text may be a phrase that anybody uses
_COMMON = 40  # texts: a run that stands in more says nothing of likeness


def group_alike(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """The number of each text's group; texts are alike when half of the shorter one's runs stand in the other."""
    runs = [runs_of(text) for text in texts]
    parent = list(range(len(texts)))
    for (one, other), count in count_shared(runs).items():
        shorter = min(len(runs[one]), len(runs[other]))
        if shorter >= _FEWEST and count >= _ALIKE * shorter:
            parent[_root(parent, one)] = _root(parent, other)
    return np.array([_root(parent, number) for number in range(len(texts))])


def count_shared(runs: Sequence[set[str]]) -> Counter[tuple[int, int]]:
    """How many runs each two texts have in common."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(runs):
        for run in found:
            holders[run].append(number)
    rare = (numbers for numbers in holders.values() if len(numbers) <= _COMMON)
    return Counter(chain.from_iterable(combinations(numbers, 2) for numbers in rare))


def runs_of(text: str) -> set[str]:
    """Every run of 8 characters in the squeezed form."""
    plain = squeeze(fold(text)).text
    return {plain[at : at + _RUN] for at in range(max(1, len(plain) - _RUN + 1))}


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number
