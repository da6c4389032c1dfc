from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.statistics_tables import (
    LEVELS,
    Table,
    bounds_of,
    level_of,
    provinces_of,
    say_span,
    say_total,
    sheets_of,
    tables_of,
)
from referrals.questionnaires.places import every_place
from referrals.statistics.asked import Asked, Period
from referrals.statistics.figures import HOURS, WEEKDAYS, Clock, Figures, Load

ASKED = Asked(Period(date(2026, 11, 2), date(2026, 11, 8)))
PLACES = [None, *(code for code, _ in every_place()[:9])]
COUNT = st.integers(0, 12)


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Figures that agree with each other in their sums."""
    heat = tuple(tuple(draw(st.lists(COUNT, min_size=HOURS, max_size=HOURS))) for _ in range(WEEKDAYS))
    total = sum(map(sum, heat))
    cut = draw(st.lists(st.integers(0, total), min_size=9, max_size=9).map(sorted))
    parts = [high - low for low, high in zip([0, *cut], [*cut, total], strict=True)]
    clock = st.builds(Clock, COUNT, COUNT, COUNT, st.just(60.0), st.just(120.0))
    return Figures(
        asked=ASKED, total=total, days={date(2026, 11, 2 + day): sum(heat[day]) for day in range(WEEKDAYS)},
        kinds=dict(zip(("detention", "suicide", "danger"), parts, strict=False)),
        places=dict(zip(PLACES, parts, strict=True)), channels={"line": total},
        priorities=dict(zip(("P0", "P1", "P2", "P3"), parts, strict=False)), heat=heat,
        claims={code: draw(clock) for code in ("P0", "P1", "P2", "P3")},
        loads=(Load("Anong", 3, draw(COUNT), 60.0),),
    )  # fmt: skip


def counts(table: Table) -> list[int]:
    return [cell.value for row in table.rows or () for cell in row[1:4] if isinstance(cell.value, int)]


@given(figures())
def test_no_table_shows_a_small_count(found: Figures) -> None:
    for table in tables_of(found):
        if table.key != "loads":
            assert not {1, 2, 3, 4} & set(counts(table)), table.key
    assert not {1, 2, 3, 4} & {cell.value for cell in provinces_of(found)[0].values()}


@given(figures())
def test_what_is_hidden_shows_neither_by_a_bar_nor_by_its_place_nor_in_a_file(found: Figures) -> None:
    tables = tables_of(found)
    for table in tables:
        for row in table.rows or ():
            assert all(cell.bar is None and cell.level is None for cell in row if cell.is_hidden)
    places = next((table.rows or () for table in tables if table.key == "places"), ())
    hidden = [row[0].text for row in places if row[1].is_hidden]
    assert hidden == sorted(hidden)
    assert [row[1].is_hidden for row in places] == sorted(row[1].is_hidden for row in places)
    for sheet, table in zip(sheets_of(tables), tables, strict=True):
        assert sheet.rows == [[cell.value for cell in row] for row in table.rows or ()]


@given(figures())
def test_no_day_of_the_week_can_be_computed_from_the_sum_of_its_hours(found: Figures) -> None:
    heat = next((table.rows or () for table in tables_of(found) if table.key == "heat"), ())
    for weekday in range(WEEKDAYS if heat else 0):
        column = [row[1 + weekday] for row in heat]
        assert sum(cell.is_hidden for cell in column) != 1


def test_so_few_reports_show_no_table_at_all() -> None:
    few = Figures(asked=ASKED, total=4, places={"province:TH-83": 4}, heat=((0,) * HOURS,) * WEEKDAYS)
    assert tables_of(few) == []
    assert say_total(few) == "น้อยกว่า 5"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "-"), (0, "ไม่ถึงนาที"), (29, "ไม่ถึงนาที"), (60, "1 นาที"), (3_599, "1 ชม. 0 นาที"),
        (90_000, "1 วัน 1 ชม."),
    ],
)  # fmt: skip
def test_spans_are_said_by_their_two_largest_units(seconds: float | None, said: str) -> None:
    assert say_span(seconds) == said


@given(st.integers(20, 5_000), st.data())
def test_a_count_lies_within_the_bounds_of_its_level(most: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(5, most))
    level = level_of(count, most)
    low, high = bounds_of(level, most)
    assert 1 <= level <= LEVELS
    assert low <= count <= high
