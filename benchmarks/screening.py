"""Offers judged a second on one core, without a database."""

import statistics
import time
from typing import NamedTuple

from benchmarks.texts import OFFERS
from nlp.judgement import judge


class Screening(NamedTuple):
    per_second: float
    p99: float


def measure_screening(*, texts: int = 2_000, rounds: int = 5) -> Screening:
    """Return the median rate over rounds, and the 99th percentile of single judgements in ms."""
    # Numbered, so that no two texts are the same and nothing can be remembered.
    offers = [f"{OFFERS[n % len(OFFERS)]} #{n}" for n in range(texts)]
    for offer in offers[:50]:
        judge(offer)
    rates, singles = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        for offer in offers:
            before = time.perf_counter()
            judge(offer)
            singles.append(time.perf_counter() - before)
        rates.append(texts / (time.perf_counter() - began))
    return Screening(statistics.median(rates), 1000 * sorted(singles)[int(len(singles) * 0.99)])
