"""Figures as tables, small cells hidden: the page, its files and its paper are drawn from the same ones.

Nothing of a hidden cell shows: neither its order among others nor the length of a bar.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from app.console.texts import say, say_or, spoken
from app.console.thai_time import day as say_day
from app.faces.sheets import Sheet, Value
from referrals.questionnaires.places import say_place
from referrals.statistics.asked import Period
from referrals.statistics.figures import HOURS, PRIORITIES, WEEKDAYS, Clock, Figures
from referrals.statistics.hiding import SMALL, Cell, hide_cells, hide_rows, hide_total, is_small

LEVELS = 4
# Days that stand each in a line of their own, then weeks, then months.
_DAYS, _WEEKS = 31, 126
_ROUGHLY = 5
# Hours that stand together in the map of hours.
_STEPS = (1, 3, 6)
_NOBODY = "-"


class Said(NamedTuple):
    """One cell: its words, its value for spreadsheets, how long its bar is (0 to 100), how dark it is (0 to LEVELS)."""

    text: str
    value: Value
    bar: int | None = None
    level: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page; `rows` is None where all of it had to be hidden. `key` names its texts."""

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Said, ...], ...] | None
    shape: str = "bars"

    @property
    def title(self) -> str:
        return say(f"figures.table.{self.key}")

    @property
    def hides(self) -> bool:
        return self.rows is None or any(cell.is_hidden for row in self.rows for cell in row)

    @property
    def tells_nothing(self) -> bool:
        """Whether all that is not hidden in it is none."""
        return self.hides and all(
            cell.is_hidden or cell.text in {"0", _NOBODY} for _, *cells in self.rows or () for cell in cells
        )

    @property
    def hidden_names(self) -> list[str]:
        """The lines whose figures are hidden."""
        return [name.text for name, *cells in self.rows or () if any(cell.is_hidden for cell in cells)]


def tables_of(figures: Figures) -> list[Table]:
    """Return all tables; none where so few reports came that any figure could show who."""
    if hide_total(figures.total) is None:
        return []
    priorities = {code: figures.priorities.get(code, 0) for code in PRIORITIES}
    return [
        _counts("days", _spans(figures.asked.period, figures.days), keeps_order=True),
        _counts("priorities", _named(priorities, lambda code: f"{code} {say(f'priority.{code}')}"), keeps_order=True),
        _counts("kinds", _named(figures.kinds, lambda code: say_or(f"kind.{code}", "kind.other"))),
        _counts("channels", _named(figures.channels, lambda code: say_or(f"channel.{code}", "channel.other"))),
        _counts("teams", _named(figures.teams, lambda team: figures.team_names.get(team, say("figures.no_team")))),
        _clocks("claims", figures.claims),
        _clocks("answers", figures.answers),
        _counts("outcomes", _named(figures.outcomes, _outcome)),
        _counts("places", _named(figures.places, _place)),
        _heat(figures),
        _loads(figures),
    ]  # fmt: skip


def say_total(figures: Figures) -> str:
    shown = hide_total(figures.total)
    return say("figures.under", n=SMALL) if shown is None else f"{shown:,}"


def sheets_of(tables: Iterable[Table]) -> list[Sheet]:
    """The tables as a spreadsheet takes them; what is hidden says so."""
    return [
        Sheet(table.title, table.headings, [[cell.value for cell in row] for row in table.rows or ()])
        for table in tables
    ]


def provinces_of(figures: Figures) -> tuple[dict[str, Said], int]:
    """Return the cell of each province that has reports, by its code of ISO 3166-2, and the largest shown count."""
    codes = [place for place in figures.places if place]
    shown = hide_cells([figures.places[place] for place in figures.places])
    if shown is None:
        return {}, 0
    by_place = dict(zip(figures.places, shown, strict=True))
    most = max((n for code in codes if (n := by_place[code]) and code.startswith("province:")), default=0)
    return {
        code.partition(":")[2]: _count(by_place[code], most) for code in codes if code.startswith("province:")
    }, most


def level_of(count: int, most: int) -> int:
    """Say how dark a count is drawn: 0 for none, LEVELS for the largest."""
    return min(LEVELS, -(-count * LEVELS // most)) if most else 0


def bounds_of(level: int, most: int) -> tuple[int, int]:
    """Return the smallest and the largest count of a level; smaller ones than are shown are of none."""
    return max((level - 1) * most // LEVELS + 1, SMALL), level * most // LEVELS


def say_span(seconds: float | None) -> str:
    """Say a length of time by its two largest units."""
    if seconds is None:
        return _NOBODY
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return say("figures.span.days", days=days, hours=hours)
    if hours:
        return say("figures.span.hours", hours=hours, minutes=minutes % 60)
    return say("figures.span.minutes", minutes=minutes) if minutes else say("time.under_a_minute")


def _named(counts: Mapping[Any, int], name: Callable[[Any], str]) -> list[tuple[str, int]]:
    """Words of codes; codes with the same words are one line."""
    found: dict[str, int] = {}
    for code, n in counts.items():
        found[name(code)] = found.get(name(code), 0) + n
    return list(found.items())


def _outcome(code: str) -> str:
    return say_or(
        f"outcome.{code}", f"state.{code}" if code in {"open", "claimed", "cancelled"} else "state.closed"
    )


def _place(code: str | None) -> str:
    return say_place(code, spoken.get()) if code else say("figures.no_place")


def _counts(key: str, lines: Sequence[tuple[str, int]], *, keeps_order: bool = False) -> Table:
    shown = hide_cells([n for _, n in lines])
    headings = (say(f"figures.column.{key}"), say("figures.column.count"))
    if shown is None:
        return Table(key, headings, None)
    most = max((n for n in shown if n), default=0)
    rows = [(name, cell) for (name, _), cell in zip(lines, shown, strict=True)]
    if not keeps_order:
        rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    return Table(key, headings, tuple((Said(name, name), _count(cell, most)) for name, cell in rows))


def _count(cell: Cell, most: int) -> Said:
    if cell is None:
        return Said(say("figures.hidden"), say("figures.hidden"), is_hidden=True)
    return Said(f"{cell:,}", cell, bar=round(100 * cell / most) if most else 0, level=level_of(cell, most))


def _spans(period: Period, days: Mapping[date, int]) -> list[tuple[str, int]]:
    """Counts by day, week or month, as many lines as can be read; days without a report count too."""
    found: dict[str, int] = {}
    for number in range(period.days):
        one = period.first + number * timedelta(days=1)
        name = _span_name(one, period)
        found[name] = found.get(name, 0) + days.get(one, 0)
    return list(found.items())


def _span_name(one: date, period: Period) -> str:
    if period.days <= _DAYS:
        return f"{say(f'figures.weekday.{one.weekday()}')} {say_day(one)}"
    if period.days <= _WEEKS:
        return say("figures.week_of", day=say_day(max(one - timedelta(days=one.weekday()), period.first)))
    return say_day(one).partition(" ")[2]


def _clocks(key: str, clocks: Mapping[str, Clock]) -> Table:
    lines = [(code, clocks.get(code, Clock())) for code in PRIORITIES]
    totals = hide_cells([clock.total for _, clock in lines])
    cells = hide_rows([(clock.in_time, clock.late, clock.open_ended) for _, clock in lines])
    rows = tuple(
        _clock(code, clock, [None] * 3 if totals is None or totals[at] is None else cells[at])
        for at, (code, clock) in enumerate(lines)
    )
    columns = ("priorities", "in_time", "late", "open_ended", "share", "median", "p90")
    return Table(key, tuple(say(f"figures.column.{name}") for name in columns), rows, shape="clocks")


def _clock(code: str, clock: Clock, cells: Sequence[Cell]) -> tuple[Said, ...]:
    in_time, late, _ = cells
    done = clock.in_time + clock.late
    knows_share = in_time is not None and late is not None and done
    share = Said(f"{round(100 * clock.in_time / done)} %", round(clock.in_time / done, 2)) if knows_share else (
        Said(_NOBODY, _NOBODY, is_hidden=in_time is None)
    )  # fmt: skip
    name = f"{code} {say(f'priority.{code}')}"
    may_tell = not is_small(done) and clock.total >= SMALL
    return (
        Said(name, name),
        *(_count(cell, 0) for cell in cells),
        share,
        *(_span(seconds if may_tell else None) for seconds in (clock.median, clock.p90)),
    )


def _span(seconds: float | None) -> Said:
    return Said(say_span(seconds), _NOBODY if seconds is None else round(seconds / 60, 1))


def _heat(figures: Figures) -> Table:
    """Hours down, days of the week across, in steps of hours so long that most cells may be shown.

    How many came on each day of the week can be known from the days, so each of them is hidden by itself.
    """
    step, by_day = next(found for found in map(_in_steps(figures), _STEPS) if _shows_most(*found))
    most = max((n for row in by_day for n in row if n), default=0)
    rows = tuple(
        (
            Said(span := say("figures.hours", first=f"{at * step:02}", last=f"{(at + 1) * step:02}"), span),
            *(_count(by_day[weekday][at], most) for weekday in range(WEEKDAYS)),
        )
        for at in range(HOURS // step)
    )
    headings = (
        say("figures.column.hour"),
        *(say(f"figures.weekday.{weekday}") for weekday in range(WEEKDAYS)),
    )
    return Table("heat", headings, rows, shape="heat")


def _in_steps(figures: Figures) -> Callable[[int], tuple[int, list[list[Cell]]]]:
    def hide(step: int) -> tuple[int, list[list[Cell]]]:
        rows = [[sum(row[at : at + step]) for at in range(0, HOURS, step)] for row in figures.heat]
        return step, hide_rows(rows)

    return hide


def _shows_most(step: int, by_day: Sequence[Sequence[Cell]]) -> bool:
    cells = [cell for row in by_day for cell in row]
    return step == _STEPS[-1] or sum(cell is None for cell in cells) * 3 <= len(cells)


def _loads(figures: Figures) -> Table:
    """Answers are said roughly, or the hidden cells of the clocks could be computed from their sum."""
    rows = tuple(
        (
            Said(load.name, load.name),
            Said(f"{load.open_now:,}", load.open_now),
            _roughly(load.answered),
            _span(None if load.answered < SMALL else load.median),
        )
        for load in figures.loads
    )
    columns = ("person", "open_now", "answered", "median")
    return Table("loads", tuple(say(f"figures.column.{name}") for name in columns), rows, shape="plain")


def _roughly(count: int) -> Said:
    if count == 0:
        return Said("0", 0)
    text = (
        say("figures.under", n=SMALL)
        if count < SMALL
        else say("figures.from", n=count // _ROUGHLY * _ROUGHLY)
    )
    return Said(text, text)
