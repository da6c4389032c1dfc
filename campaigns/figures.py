"""Figures that reveal nobody (invariant 8): floored, and hidden where they are of few."""

# A smaller count could tell of one person (LINE, too, hides figures under 20); larger ones are floored to tens, so that
# the difference of two counts tells of nobody either.
SMALLEST_COUNT = 20
_COARSE = 10


def floored(count: int) -> int | None:
    """None: fewer than 20."""
    return None if count < SMALLEST_COUNT else count - count % _COARSE
