"""How far two people agree who rated the same judgements without knowing of each other: Cohen's kappa.

kappa = (observed - expected) / (1 - expected) (Cohen 1960), with the large-sample interval of Fleiss, Cohen and Everitt
(1969). Only the first rating of a person counts: it is the one that was given blind.
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

_NORMAL_95 = 1.959964
# Fewer pairs say nothing.
FEWEST_PAIRS = 10

_FIRST_TWO = """
SELECT screening_id, account_id, band, kind FROM (
  SELECT f.*, row_number() OVER (PARTITION BY screening_id ORDER BY id) AS place, count(*) OVER (PARTITION BY screening_id) AS raters
  FROM (SELECT DISTINCT ON (screening_id, account_id) id, screening_id, account_id, band, kind FROM screening_label
        WHERE author = 'staff' AND screening_id IS NOT NULL AND at >= $1 ORDER BY screening_id, account_id, id) f) ranked
WHERE place <= 2 AND raters >= 2 ORDER BY screening_id, place
"""


class Agreement(msgspec.Struct, frozen=True):
    """`n` pairs, the share that are the same, kappa with its 95 % interval; None where nothing can be said of chance."""

    n: int
    observed: float = 0.0
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


class Agreements(msgspec.Struct, frozen=True):
    """Of bands, and of kinds where both gave one; `confused` are the pairs of bands that differ, most frequent first."""

    band: Agreement
    kind: Agreement
    confused: tuple[tuple[str, str, int], ...]


async def read_agreement(connection: Any, since: datetime) -> Agreements:
    """Compare the first two people who rated each judgement from `since` on."""
    rows = await connection.fetch(_FIRST_TWO, since)
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    bands = [(one["band"], other["band"]) for one, other in pairs]
    kinds = [(one["kind"], other["kind"]) for one, other in pairs if one["kind"] and other["kind"]]
    differ = Counter((min(pair), max(pair)) for pair in bands if pair[0] != pair[1])
    return Agreements(
        agree(bands), agree(kinds), tuple((one, other, n) for (one, other), n in differ.most_common(3))
    )


def agree(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return how far the two of each pair agree beyond chance."""
    n = len(pairs)
    if n == 0:
        return Agreement(0)
    cells = Counter(pairs)
    observed = sum(count for (one, other), count in cells.items() if one == other) / n
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(firsts[code] * seconds[code] for code in firsts) / n**2
    if n < FEWEST_PAIRS or math.isclose(expected, 1):
        return Agreement(n, observed)
    kappa = (observed - expected) / (1 - expected)
    margin = _NORMAL_95 * math.sqrt(_variance(cells, firsts, seconds, kappa, expected, n))
    return Agreement(n, observed, kappa, max(-1.0, kappa - margin), min(1.0, kappa + margin))


def _variance(
    cells: Counter[tuple[str, str]],
    firsts: Counter[str],
    seconds: Counter[str],
    kappa: float,
    expected: float,
    n: int,
) -> float:
    """Fleiss, Cohen and Everitt (1969), formula 13; all counts become shares."""
    same = sum(
        count / n * (1 - (firsts[one] + seconds[one]) / n * (1 - kappa)) ** 2
        for (one, other), count in cells.items()
        if one == other
    )
    apart = (1 - kappa) ** 2 * sum(
        count / n * ((seconds[one] + firsts[other]) / n) ** 2
        for (one, other), count in cells.items()
        if one != other
    )
    chance = (kappa - expected * (1 - kappa)) ** 2
    return max(0.0, same + apart - chance) / ((1 - expected) ** 2 * n)
