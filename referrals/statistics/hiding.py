"""Small cells are hidden, and with them so many others that they can't be computed from what is shown.

A count of 1 to 4 people could show who they are. Whoever knows the total of a table and all cells but one knows that
one; so further cells are hidden until, by all that is shown, each hidden one could be small and could be not.
"""

from collections.abc import Sequence

SMALL = 5
# A hidden cell holds at least 1; with this much to spare each could be from 1 to SMALL.
_SPARE = SMALL - 1

Cell = int | None


def is_small(count: int) -> bool:
    return 0 < count < SMALL


def hide_total(total: int) -> Cell:
    return None if is_small(total) else total


def hide_cells(counts: Sequence[int]) -> list[Cell] | None:
    """Hide small cells of a table whose sum is known; None where only the whole table hides them.

    None stands for a hidden cell; 0 stays.
    """
    hidden = {place for place, count in enumerate(counts) if is_small(count)}
    if not hidden:
        return list(counts)
    others = sorted((count, place) for place, count in enumerate(counts) if count >= SMALL)
    while not _is_ambiguous([counts[place] for place in hidden]):
        if not others:
            return None
        hidden.add(others.pop(0)[1])
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _is_ambiguous(hidden: Sequence[int]) -> bool:
    return len(hidden) > 1 and sum(hidden) - len(hidden) >= _SPARE


def hide_rows(rows: Sequence[Sequence[int]]) -> list[list[Cell]]:
    """Hide small cells of a table whose rows' sums are known; a row that can't be helped is hidden whole."""
    return [hide_cells(row) or [None] * len(row) for row in rows]
