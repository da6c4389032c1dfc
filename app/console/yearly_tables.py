"""A year's report as tables in words: the page, its spreadsheet and its paper are drawn from the same ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.console.texts import load_texts, say, spoken
from app.console.thai_time import year_of_era
from app.faces.sheets import Sheet, Value
from referrals.questionnaires.places import say_place
from referrals.yearly.asked import FIRST_YEAR, YEARS
from referrals.yearly.counted import ABROAD, ALL, EVERYWHERE, UNSAID
from referrals.yearly.counting import NATIONALITIES, OTHERS
from referrals.yearly.hiding import SUM
from referrals.yearly.queries import PAIRS, SENTENCES
from referrals.yearly.report import BASES, FUNDS, KINDS, MONEY, Grid, Report

# Of a breakdown by category the last lines, in this order.
_LAST = (OTHERS, "none", "unknown")
_IN_ORDER = {"nationality": NATIONALITIES, "sentence": tuple(code for code, _ in SENTENCES)}


class Said(NamedTuple):
    """One cell: its words, and its value for spreadsheets."""

    text: str
    value: Value
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `key` names its texts, one that `is_wide` is by place, and stands in the spreadsheet alone."""

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Said, ...], ...]
    is_wide: bool = False

    @property
    def title(self) -> str:
        title = say(f"yearly.table.{self.key}")
        return say("yearly.by_place", title=title) if self.is_wide else title

    @property
    def sheet(self) -> str:
        """The title for the tab of a spreadsheet, which holds 31 characters."""
        short = load_texts(spoken.get()).get(f"yearly.sheet.{self.key}")
        title = short or say(f"yearly.table.{self.key}")
        return say("yearly.sheet_by_place", title=title) if self.is_wide else title


def tables_of(report: Report, place: str) -> list[Table]:
    """Return the tables of the page; with a place, what is of it stands beside the whole country."""
    return [
        _years(report),
        _places("places", report, [name for name in BASES if name not in MONEY]),
        _places("places_money", report, FUNDS),
        *(_kind(name, report.kinds[name], place) for name in KINDS),
        _funds(report),
        _days(report, place),
    ]


def wide_tables_of(report: Report) -> list[Table]:
    """Return every breakdown by place, which is too wide for a page."""
    return [_wide(name, report.kinds[name]) for name in KINDS]


def sheets_of(tables: Iterable[Table]) -> list[Sheet]:
    return [
        Sheet(table.sheet, table.headings, [[cell.value for cell in row] for row in table.rows])
        for table in tables
    ]


def say_where(place: str) -> str:
    """Say a place of the report in words."""
    if place in {ABROAD, UNSAID}:
        return say(f"yearly.place.{place}")
    return say("yearly.everywhere") if place in {EVERYWHERE, SUM, ALL} else say_place(place, spoken.get())


def _years(report: Report) -> Table:
    years = range(max(report.year - YEARS + 1, FIRST_YEAR), report.year + 1)
    rows = []
    for name in BASES:
        found = [report.totals.get((name, year), (0, 0)) for year in years]
        rows.append((_name(say(f"yearly.count.{name}")), *(_count(n) for n, _ in found)))
        if name in MONEY:
            rows.append((_name(say(f"yearly.baht.{name}")), *(_count(baht) for _, baht in found)))
    return Table(
        "years", (say("yearly.column.what"), *(str(year_of_era(year)) for year in years)), tuple(rows)
    )


def _places(key: str, report: Report, names: Sequence[str]) -> Table:
    """Provinces by their names; then what is of none."""
    columns: list[tuple[str, Callable[[str], int | None]]] = []
    for name in names:
        grid = report.bases[name]
        columns.append((say(f"yearly.count.{name}"), _counting(grid)))
        if name in MONEY:
            columns.append((say(f"yearly.baht.{name}"), _paying(grid)))
    provinces = sorted((one for one in report.places if one not in {ABROAD, UNSAID}), key=say_where)
    rest = [one for one in (ABROAD, UNSAID) if one in report.places]
    rows = [
        (_name(say_where(place)), *(_count(look(place)) for _, look in columns))
        for place in [*provinces, *rest, SUM]
    ]
    return Table(key, (say("yearly.column.place"), *(heading for heading, _ in columns)), tuple(rows))


def _counting(grid: Grid) -> Callable[[str], int | None]:
    return lambda place: grid.shows(ALL, place)


def _paying(grid: Grid) -> Callable[[str], int | None]:
    return lambda place: grid.baht(ALL, place)


def _kind(name: str, grid: Grid, place: str) -> Table:
    chosen = (SUM, place) if place else (SUM,)
    rows = [
        (_name(_category(name, one)), *(_count(grid.shows(one, where)) for where in chosen))
        for one in _sorted(name, grid.categories)
    ]
    return Table(name, (say(f"yearly.column.{name}"), *(say_where(where) for where in chosen)), tuple(rows))


def _wide(name: str, grid: Grid) -> Table:
    places = sorted(grid.places, key=lambda one: (one in {ABROAD, UNSAID}, say_where(one)))
    categories = _sorted(name, grid.categories)
    rows = [
        (_name(say_where(place)), *(_count(grid.shows(one, place)) for one in [*categories, SUM]))
        for place in [*places, SUM]
    ]
    headings = (say("yearly.column.place"), *(_category(name, one) for one in categories), say("yearly.sum"))
    return Table(name, headings, tuple(rows), is_wide=True)


def _funds(report: Report) -> Table:
    codes = sorted({fund for grid in report.funds.values() for fund in grid.categories})
    headings = [say("yearly.column.fund")]
    for name in FUNDS:
        headings += [say(f"yearly.count.{name}"), say(f"yearly.baht.{name}")]
    rows = []
    for code in codes:
        cells = [_name(say(f"yearly.fund.{code}"))]
        for name in FUNDS:
            cells += [_count(report.funds[name].shows(code)), _count(report.funds[name].baht(code))]
        rows.append(tuple(cells))
    return Table("funds", tuple(headings), tuple(rows))


def _days(report: Report, place: str) -> Table:
    chosen = (EVERYWHERE, place) if place else (EVERYWHERE,)
    rows = [
        (_name(say(f"yearly.pair.{name}")), *(_span(report, name, where) for where in chosen))
        for name, _, _ in PAIRS
    ]
    return Table("days", (say("yearly.column.pair"), *(say_where(where) for where in chosen)), tuple(rows))


def _span(report: Report, pair: str, place: str) -> Said:
    if (pair, place) not in report.days:
        return Said(say("yearly.nothing"), say("yearly.nothing"))
    days = report.days[pair, place]
    return _count(None) if days is None else Said(f"{days:,.1f}", round(days, 1))


def _category(name: str, code: str) -> str:
    """Words of a code, or the code where a newer one has no words yet."""
    return load_texts(spoken.get()).get(f"yearly.{name}.{code}", code)


def _sorted(name: str, codes: Sequence[str]) -> list[str]:
    order = (*_IN_ORDER.get(name, ()), *sorted(codes))
    return sorted(codes, key=lambda code: (_LAST.index(code) + 1 if code in _LAST else 0, order.index(code)))


def _name(words: str) -> Said:
    return Said(words, words)


def _count(n: int | None) -> Said:
    return (
        Said(say("yearly.hidden"), say("yearly.hidden"), is_hidden=True) if n is None else Said(f"{n:,}", n)
    )
