"""What may be shown of a year: every table with its small cells hidden, so that page, file and paper tell the same.

Two forms are given out, and hiding is nested: what the statutory report hides is hidden everywhere else too, or the two
side by side would tell more than each.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from referrals.yearly.counted import ALL, EVERYWHERE, Count, Counted
from referrals.yearly.hiding import SUM, Cell, Unprotectable, hide, with_sums

Form = Literal["elsewhere", "statutory"]
# Smaller counts are hidden: in the report that the law asks for, and everywhere else.
SMALL: Mapping[Form, int] = {"statutory": 5, "elsewhere": 20}
# What is counted by place: name, and of which counts it is the sum.
BASES: Mapping[str, str] = {
    "cases": "cases", "victims": "age", "indicted": "indicted", "accused": "accused", "judged": "judgment_1",
    "ended": "final", "ordered": "ordered", "paid": "paid", "confirmed": "confirmed",
}  # fmt: skip
# What is counted by category and place: name, and the base whose sums by place it shares, where it has one.
KINDS: Mapping[str, str | None] = {
    "age": "victims", "sex": "victims", "nationality": "victims", "form": None, "judgment_1": "judged", "final": "ended",
    "sentence": None,
}  # fmt: skip
FUNDS = ("ordered", "paid", "confirmed")
MONEY = frozenset(FUNDS)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its sums; SUM as category or place is the sum. With `is_blank` no cell but sums is shown."""

    counts: Mapping[Cell, int]
    satang: Mapping[Cell, int]
    hidden: frozenset[Cell]
    is_blank: bool = False

    def shows(self, category: str, place: str = SUM) -> int | None:
        """Return a count; None where it is hidden."""
        return self.counts.get((category, place), 0) if self._is_shown(category, place) else None

    def baht(self, category: str, place: str = SUM) -> int | None:
        """Return the whole baht of a cell; None where its count is hidden."""
        return self.satang.get((category, place), 0) // 100 if self._is_shown(category, place) else None

    @property
    def categories(self) -> list[str]:
        return sorted({category for category, _ in self.counts if category != SUM})

    @property
    def places(self) -> list[str]:
        return sorted({place for _, place in self.counts if place != SUM})

    def _is_shown(self, category: str, place: str) -> bool:
        return (category, place) not in self.hidden and not (self.is_blank and SUM not in (category, place))


@dataclass(frozen=True, slots=True)
class Report:
    """A year as it may be shown. `totals` are by measure and year, `days` by pair and place; None is hidden."""

    year: int
    form: Form
    bases: Mapping[str, Grid]
    kinds: Mapping[str, Grid]
    funds: Mapping[str, Grid]
    totals: Mapping[tuple[str, int], tuple[int | None, int | None]]
    days: Mapping[tuple[str, str], float | None]

    @property
    def small(self) -> int:
        return SMALL[self.form]

    @property
    def places(self) -> list[str]:
        return sorted({place for grid in self.bases.values() for place in grid.places})

    @property
    def hides(self) -> bool:
        grids = (*self.bases.values(), *self.kinds.values(), *self.funds.values())
        return any(grid.hidden or grid.is_blank for grid in grids)


@lru_cache(maxsize=8)
def make_report(counted: Counted, year: int, form: Form) -> Report:
    """Hide what a form hides; takes a second or more where most cells are small."""
    before = make_report(counted, year, "statutory") if form == "elsewhere" else None
    small = SMALL[form]
    bases = {
        name: _base(counted.of(measure, year).values(), small, before.bases[name] if before else None)
        for name, measure in BASES.items()
    }
    kinds = {
        name: _grid(
            counted.of(name, year).values(),
            small,
            before.kinds[name] if before else None,
            bases.get(base or ""),
        )
        for name, base in KINDS.items()
    }
    funds = {
        name: _funds(counted.of(name, year).values(), small, before.funds[name] if before else None)
        for name in FUNDS
    }
    return Report(year, form, bases, kinds, funds, _totals(counted, small), _days(counted, year, small))


def _totals(counted: Counted, small: int) -> dict[tuple[str, int], tuple[int | None, int | None]]:
    totals: dict[tuple[str, int], tuple[int | None, int | None]] = {}
    for year in sorted({one.year for one in counted.counts}):
        for name, measure in BASES.items():
            found = _of_all(counted.of(measure, year).values())
            n, satang = sum(one.n for one in found), sum(one.satang for one in found)
            totals[name, year] = (None, None) if 0 < n < small else (n, satang // 100)
    return totals


def _days(counted: Counted, year: int, small: int) -> dict[tuple[str, str], float | None]:
    return {
        (span.pair, span.place or EVERYWHERE): span.days if span.n >= small else None
        for span in counted.spans
        if span.year == year
    }


def _of_all(counts: Iterable[Count]) -> list[Count]:
    """Of money the line that counts each case once, of all else every category."""
    found = list(counts)
    return [one for one in found if one.category == ALL] if found and found[0].measure in MONEY else found


def _base(counts: Iterable[Count], small: int, before: Grid | None) -> Grid:
    """By place alone."""
    whole = [Count(one.measure, one.year, ALL, one.place, one.n, one.satang) for one in _of_all(counts)]
    inner, satang = _cells(whole)
    summed = with_sums(inner)
    return Grid(summed, with_sums(satang), _line(summed, small, _hidden(before), {(ALL, SUM)}))


def _funds(counts: Iterable[Count], small: int, before: Grid | None) -> Grid:
    """By source alone, all places together."""
    whole = [
        Count(one.measure, one.year, one.category, ALL, one.n, one.satang)
        for one in counts
        if one.category != ALL
    ]
    inner, satang = _cells(whole)
    summed = with_sums(inner)
    return Grid(summed, with_sums(satang), _line(summed, small, _hidden(before), {(SUM, ALL)}))


def _hidden(before: Grid | None) -> frozenset[Cell]:
    return before.hidden if before else frozenset()


def _line(
    counts: Mapping[Cell, int], small: int, hidden: Collection[Cell], shown: Collection[Cell]
) -> frozenset[Cell]:
    """Of a table of one line, whose every cell stands twice; where cells can't be hidden singly, all are."""
    kept = set() if 0 < counts.get((SUM, SUM), 0) < small else {*shown, (SUM, SUM)}
    try:
        found = hide(counts, small, hidden=hidden, shown=kept)
    except Unprotectable:
        found = frozenset(counts) - kept
    twins = {(a, b) for a, b in counts if any(twin in found for twin in _twins(a, b, counts))}
    return frozenset((found | twins) - kept)


def _twins(category: str, place: str, counts: Collection[Cell]) -> list[Cell]:
    """The cells of a one-line table that are the same number as this one."""
    if len({one for one, _ in counts}) == 2:
        return [cell for cell in counts if cell[1] == place]
    return [cell for cell in counts if cell[0] == category]


def _grid(counts: Iterable[Count], small: int, before: Grid | None, base: Grid | None) -> Grid:
    inner, satang = _cells(counts)
    summed = with_sums(inner)
    by_place = {(SUM, place) for place in {place for _, place in summed} - {SUM}}
    gone = {cell for cell in by_place if base and base.shows(ALL, cell[1]) is None}
    if not (before and before.is_blank):
        try:
            kept = by_place - gone if base else ()
            return Grid(
                summed, with_sums(satang), hide(summed, small, hidden=_hidden(before) | gone, shown=kept)
            )
        except Unprotectable:
            pass
    return Grid(summed, with_sums(satang), _sums(summed, small, before, base, gone), is_blank=True)


def _sums(
    summed: Mapping[Cell, int], small: int, before: Grid | None, base: Grid | None, gone: set[Cell]
) -> frozenset[Cell]:
    """Return which sums to hide where only sums are shown, as places can't be told apart by category."""
    line = with_sums(
        {(category, ALL): n for (category, place), n in summed.items() if category and not place}
    )
    known = {(category, where) for category, place in _hidden(before) if not place for where in (ALL, SUM)}
    hidden = _line(line, small, known & line.keys(), {(SUM, ALL)})
    categories = {(category, SUM) for category, _ in hidden}
    places = gone if base else {cell for cell in summed if cell[0] == SUM and cell[1] != SUM}
    return frozenset(categories | places)


def _cells(counts: Iterable[Count]) -> tuple[dict[Cell, int], dict[Cell, int]]:
    inner: dict[Cell, int] = {}
    satang: dict[Cell, int] = {}
    for one in counts:
        cell = (one.category, one.place)
        inner[cell] = inner.get(cell, 0) + one.n
        satang[cell] = satang.get(cell, 0) + one.satang
    return inner, satang
