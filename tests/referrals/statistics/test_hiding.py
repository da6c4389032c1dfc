from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from referrals.statistics.hiding import SMALL, hide_cells, hide_rows, hide_total, is_small

COUNTS = st.lists(st.integers(0, 30), max_size=12)


def could_be(counts: list[int], shown: list[int | None]) -> list[set[int]]:
    """What each hidden cell could be by all that is shown: the sum of the table, other cells, and that none is empty."""
    hidden = [at for at, cell in enumerate(shown) if cell is None]
    rest = sum(counts[at] for at in hidden)
    return [set(range(1, rest - len(hidden) + 2)) for _ in hidden]


@given(COUNTS)
def test_no_small_cell_is_shown(counts: list[int]) -> None:
    shown = hide_cells(counts)
    assert shown is None or not any(cell is not None and is_small(cell) for cell in shown)


@given(COUNTS)
def test_what_is_shown_is_true(counts: list[int]) -> None:
    shown = hide_cells(counts)
    assert shown is None or all(cell in {None, n} for cell, n in zip(shown, counts, strict=True))


@given(COUNTS)
def test_nothing_hidden_can_be_computed_from_the_total(counts: list[int]) -> None:
    """Each hidden cell could be any small number, and could as well be no small one."""
    shown = hide_cells(counts)
    if shown is not None:
        for values in could_be(counts, shown):
            assert set(range(1, SMALL + 1)) <= values


def test_what_each_cell_could_be_is_what_trying_everything_finds() -> None:
    """The bound that the test above uses, checked by trying every table of the same sum."""
    counts = [2, 6, 9, 0]
    shown = hide_cells(counts)
    assert shown == [None, None, 9, 0]
    tables = [pair for pair in product(range(1, 9), repeat=2) if sum(pair) == 8]
    assert [{pair[at] for pair in tables} for at in (0, 1)] == could_be(counts, shown)


@given(st.lists(st.lists(st.integers(0, 12), min_size=5, max_size=5), max_size=7))
def test_rows_whose_sums_are_known_tell_nothing_either(rows: list[list[int]]) -> None:
    for row, shown in zip(rows, hide_rows(rows), strict=True):
        if all(cell is None for cell in shown):
            assert any(is_small(n) for n in row)
        else:
            assert shown == hide_cells(row)


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert hide_cells([5, 0, 100]) == [5, 0, 100]
    assert hide_cells([]) == []


def test_two_small_cells_that_only_one_pair_of_numbers_makes_take_a_third_along() -> None:
    assert hide_cells([1, 1, 7, 20]) == [None, None, None, 20]


def test_a_table_that_can_not_hide_its_small_cells_is_not_shown() -> None:
    assert hide_cells([3, 0, 0]) is None
    assert hide_cells([1, 1]) is None


def test_a_small_total_is_hidden() -> None:
    assert [hide_total(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]
