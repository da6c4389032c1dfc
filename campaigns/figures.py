"""Figures that reveal nobody (invariant 8): floored, and hidden where they are of few."""

# A smaller count could tell of one person (LINE, too, hides figures under 20); larger ones are floored to tens, so that
# the difference of two counts tells of nobody either.
SMALLEST_COUNT = 20
_COARSE = 10
# What became of the messages of few tells whether one of them was left out; with so many phones of their own nobody
# comes to find out about another. It is also the smallest list that is taken in.
SMALLEST_RUN = 50


def floored(count: int) -> int | None:
    """None: fewer than 20."""
    return None if count < SMALLEST_COUNT else count - count % _COARSE


def floored_of_run(count: int, people: int) -> int | None:
    """A count of what became of the messages to `people`; None: fewer than 20, or of fewer than 50 people."""
    return None if people < SMALLEST_RUN else floored(count)
