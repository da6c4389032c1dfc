"""What LINE says of a unit, and what nobody believes."""

from datetime import date
from typing import Any

import pytest

from bots.channels.line.insight import UnitRead, read_unit, unit_path


def overview(impressions: Any, clicks: Any) -> dict[str, Any]:
    return {
        "overview": {"uniqueImpression": impressions, "uniqueClick": clicks},
        "messages": [],
        "clicks": [],
    }


def test_days_are_written_as_line_reads_them() -> None:
    path = unit_path("a_B1", date(2026, 11, 1), date(2026, 12, 1))
    assert path.endswith("/aggregation?customAggregationUnit=a_B1&from=20261101&to=20261201")


@pytest.mark.parametrize(("impressions", "clicks"), [(40, 30), (40, None), (None, None), (0, 0)])
def test_counts_are_read_and_hidden_ones_stay_hidden(impressions: int | None, clicks: int | None) -> None:
    assert read_unit(200, overview(impressions, clicks)) == UnitRead("read", impressions, clicks)


@pytest.mark.parametrize(
    "body",
    [
        None, [], "ok", {}, {"overview": []}, {"overview": None}, overview("40", 1), overview(True, 1), overview(-1, 1),
        overview(40.5, 1), overview(2**40, 1), overview(1, {}),
    ],
)  # fmt: skip
def test_what_is_not_of_the_published_shape_is_not_believed(body: Any) -> None:
    assert read_unit(200, body) == UnitRead("failed")


def test_an_overview_without_a_count_hides_it() -> None:
    assert read_unit(200, {"overview": {"uniqueClick": 21}}) == UnitRead("read", None, 21)


@pytest.mark.parametrize(
    ("status", "outcome"), [(429, "wait"), (400, "failed"), (401, "failed"), (500, "failed")]
)
def test_a_refusal_is_no_figure(status: int, outcome: str) -> None:
    assert read_unit(status, overview(40, 30)).outcome == outcome
