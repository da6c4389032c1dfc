"""Which of several wordings is better, by a test that may be looked at as often as one likes.

Evidence is an e-value: if two wordings are equally good, the chance that it ever grows to 1/a, however often one looks and
whenever one stops, is at most a (Ville). For two binomial streams in blocks: Turner, Ly and Grünwald, "Generic E-variables
for exact sequential k-sample tests that allow for optional stopping" (J. Statist. Plann. Inference 230, 2024). In each
block the two are compared with their own weighted mean, so that hours at which everybody answers more, or less, are
evidence for neither; over what the true shares may be a fixed grid is averaged. Pure.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# The chance to call one of equal wordings better.
ERROR = 0.05
# Shares from about 0.2 to 95 per cent, and odds that differ by 5 per cent up to sevenfold, either way.
_BASES = np.linspace(-6.2, 3.0, 120)
_ODDS = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.4, 2.0])
_FLOOR, _STEPS = 1e-12, 60


class Seen(NamedTuple):
    """Of whom something is known: how many people, and how many of them did what counts."""

    people: int
    did: int


# By wording; one block holds who got it at about the same time.
Block = Mapping[str, Seen]


def _logistic(at: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-at)))


_HALF = np.concatenate([_ODDS, -_ODDS])[None, :] / 2
_ONE, _OTHER = (
    _logistic((_BASES[:, None] + half).ravel()) for half in (np.broadcast_to(_HALF, (120, 22)), -_HALF)
)


def log_evidence(blocks: Iterable[Block], one: str, other: str) -> float:
    """Natural logarithm of the e-value against "both are equally good"; 0 where nothing was seen."""
    total = np.zeros_like(_ONE)
    for block in blocks:
        here, there = block.get(one, Seen(0, 0)), block.get(other, Seen(0, 0))
        if here.people and there.people:
            total += _of_block(here, there)
    most = float(total.max())
    return most + math.log(float(np.exp(total - most).mean()))


def _of_block(here: Seen, there: Seen) -> NDArray[np.float64]:
    weight = here.people / (here.people + there.people)
    mean = weight * _ONE + (1 - weight) * _OTHER
    evidence: NDArray[np.float64] = (
        here.did * np.log(_ONE / mean)
        + (here.people - here.did) * np.log((1 - _ONE) / (1 - mean))
        + there.did * np.log(_OTHER / mean)
        + (there.people - there.did) * np.log((1 - _OTHER) / (1 - mean))
    )
    return evidence


def sum_up(blocks: Iterable[Block], variants: Sequence[str]) -> dict[str, Seen]:
    """All blocks together, by wording."""
    sums = dict.fromkeys(variants, Seen(0, 0))
    for block in blocks:
        for variant, seen in block.items():
            sums[variant] = Seen(sums[variant].people + seen.people, sums[variant].did + seen.did)
    return sums


def find_better(blocks: Sequence[Block], variants: Sequence[str]) -> tuple[str | None, bool]:
    """Return the wording that leads, None where none does, and whether it is sure that it is better than every other.

    Of all pairs together the chance of a false word is ERROR: each is asked for as many times the evidence as there are pairs.
    """
    sums = sum_up(blocks, variants)
    shares = {variant: seen.did / seen.people for variant, seen in sums.items() if seen.people}
    best = max(shares.values(), default=0.0)
    leading = [variant for variant, share in shares.items() if share == best]
    if len(leading) != 1:
        return None, False
    asked = math.log(math.comb(len(variants), 2) / ERROR)
    others = [variant for variant in variants if variant != leading[0]]
    return leading[0], all(log_evidence(blocks, leading[0], other) >= asked for other in others)


def interval(seen: Seen, most_people: int, most_did: int, *, error: float = ERROR) -> tuple[float, float]:
    """Between which shares the true one lies, however often one looks, in 0 … 1.

    Counts may be known only from below; `most_people` and `most_did` are their upper ends. Beta-binomial mixture of
    Robbins (Ann. Math. Statist. 41, 1970).
    """
    low = _edge(seen.did, most_people, error, below=True)
    return low, _edge(most_did, seen.people, error, below=False)


def _edge(did: int, people: int, error: float, *, below: bool) -> float:
    did = min(did, people)
    if people == 0 or did == (0 if below else people):
        return 0.0 if below else 1.0
    middle = did / people
    outside, inside = (0.0, middle) if below else (1.0, middle)
    against = _against(did, people)
    for _ in range(_STEPS):
        at = (outside + inside) / 2
        outside, inside = (at, inside) if against(at) >= math.log(1 / error) else (outside, at)
    return inside


def _against(did: int, people: int) -> Callable[[float], float]:
    """The evidence against a share: Beta(1/2, 1/2) mixture over likelihood."""
    missed = people - did
    mixture = math.lgamma(did + 0.5) + math.lgamma(missed + 0.5) - math.lgamma(people + 1) - math.log(math.pi)

    def against(share: float) -> float:
        within = min(max(share, _FLOOR), 1 - _FLOOR)
        return mixture - did * math.log(within) - missed * math.log(1 - within)

    return against
