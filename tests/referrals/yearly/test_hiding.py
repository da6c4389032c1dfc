"""Small cells are safe from whoever adds and subtracts all that is shown: tried with linear programming."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from referrals.yearly.hiding import SUM, Cell, Unprotectable, hide, with_sums

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("vwxyz")),
    st.one_of(st.integers(1, 6), st.integers(1, 300)),
    min_size=1,
    max_size=14,
)


def bounds(counts: dict[Cell, int], hidden: frozenset[Cell], cell: Cell) -> tuple[float, float]:
    """What a cell can be by all that is shown, of somebody who knows that hidden cells are not empty."""
    unknown = sorted(hidden)
    sides, shown = [], []
    for at in (0, 1):
        for line in sorted({one[at] for one in counts}):
            signs = {
                one: -1 if (one[0] == SUM) != (one[1] == SUM) else 1 for one in counts if one[at] == line
            }
            sides.append([signs.get(one, 0) for one in unknown])
            shown.append(-sum(sign * counts[one] for one, sign in signs.items() if one not in hidden))
    aim = np.array([1.0 if one == cell else 0.0 for one in unknown])
    low, high = (linprog(way * aim, A_eq=sides, b_eq=shown, bounds=(1, 100_000)) for way in (1, -1))
    assert (low.status, high.status) == (0, 0)
    return low.fun, -high.fun


@settings(max_examples=120, deadline=None)
@given(COUNTS, st.sampled_from([5, 20]))
def test_no_small_cell_can_be_computed(inner: dict[Cell, int], small: int) -> None:
    counts = with_sums(inner)
    try:
        hidden = hide(counts, small)
    except Unprotectable:
        # Only where hardly more than small cells could hide them.
        assert counts[SUM, SUM] < 3 * small
        return
    tiny = [cell for cell, n in counts.items() if n < small]
    assert set(tiny) <= hidden
    for cell in tiny[:4]:
        low, high = bounds(counts, hidden, cell)
        assert high >= small - 1e-6
        assert high - low >= small - 1 - 1e-6


@given(COUNTS)
def test_what_is_hidden_in_one_form_is_hidden_in_the_stricter_one(inner: dict[Cell, int]) -> None:
    counts = with_sums(inner)
    try:
        five = hide(counts, 5)
        assert five <= hide(counts, 20, hidden=five)
    except Unprotectable:
        assert min(counts.values()) < 20


def test_a_table_without_small_cells_is_shown_whole() -> None:
    counts = with_sums({("a", "x"): 5, ("a", "y"): 9, ("b", "x"): 70})
    assert hide(counts, 5) == frozenset()


def test_one_small_cell_hides_three_more_that_could_tell_it() -> None:
    inner = {(kind, place): 30 for kind in "ab" for place in "xy"} | {("a", "x"): 2}
    hidden = hide(with_sums(inner), 5)
    assert hidden == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_what_is_shown_elsewhere_is_not_hidden_here() -> None:
    inner = {("a", "x"): 2, ("b", "x"): 30, ("a", "y"): 30, ("b", "y"): 30}
    shown = {(SUM, "x"), (SUM, "y")}
    assert not hide(with_sums(inner), 5, shown=shown) & shown


def test_a_cell_that_nothing_can_hide_is_said_to_be_one() -> None:
    with pytest.raises(Unprotectable):
        hide(with_sums({("a", "x"): 1, ("a", "y"): 4}), 5, shown={("a", SUM)})
