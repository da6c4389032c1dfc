from referrals.yearly.counted import Count, Counted, Span
from referrals.yearly.hiding import SUM
from referrals.yearly.report import make_report

PLACES = tuple(f"province:TH-{n}" for n in (10, 20, 30, 50))


def made(numbers: dict[str, tuple[int, int]], **more: object) -> Counted:
    """Victims by place: under and over eighteen."""
    lines = [
        Count("age", 2025, band, place, n)
        for place, ages in numbers.items()
        for band, n in zip(("15-17", "25-34"), ages, strict=True)
        if n
    ]
    return Counted((*lines, *more.get("counts", ())), tuple(more.get("spans", ())))  # type: ignore[arg-type, misc]


def test_small_cells_are_hidden_by_the_rule_of_the_form() -> None:
    counted = made(dict.fromkeys(PLACES, (60, 70)) | {PLACES[0]: (3, 80), PLACES[1]: (12, 90)})
    statutory, elsewhere = (make_report(counted, 2025, form) for form in ("statutory", "elsewhere"))
    assert statutory.kinds["age"].shows("15-17", PLACES[0]) is None
    assert statutory.kinds["age"].shows("15-17", PLACES[1]) in {12, None}
    assert elsewhere.kinds["age"].shows("15-17", PLACES[1]) is None
    assert elsewhere.bases["victims"].shows("all", PLACES[0]) == 83
    for name, grid in statutory.kinds.items():
        assert grid.hidden <= elsewhere.kinds[name].hidden, name


def test_no_line_of_a_breakdown_lacks_one_cell_alone() -> None:
    report = make_report(made(dict.fromkeys(PLACES, (60, 70)) | {PLACES[0]: (3, 80)}), 2025, "statutory")
    grid = report.kinds["age"]
    for place in (*PLACES, SUM):
        assert [grid.shows(band, place) for band in ("15-17", "25-34")].count(None) != 1
    for band in ("15-17", "25-34"):
        assert [grid.shows(band, place) for place in PLACES].count(None) != 1


def test_a_small_place_hides_another_in_every_table() -> None:
    report = make_report(
        made({PLACES[0]: (40, 40), PLACES[1]: (30, 30), PLACES[2]: (0, 2)}), 2025, "statutory"
    )
    victims = report.bases["victims"]
    assert [victims.shows("all", place) for place in PLACES] == [80, None, None, 0]
    assert report.totals["victims", 2025] == (142, 0)
    assert report.kinds["age"].shows(SUM, PLACES[1]) is None
    assert report.kinds["age"].shows(SUM, PLACES[0]) == 80


def test_where_cells_can_not_be_told_apart_only_sums_are_shown() -> None:
    report = make_report(made({PLACES[0]: (1, 19)}), 2025, "elsewhere")
    grid = report.kinds["age"]
    assert report.bases["victims"].shows("all", PLACES[0]) == 20
    assert {grid.shows(band, place) for band in ("15-17", "25-34") for place in (PLACES[0], SUM)} == {None}


def test_money_of_few_cases_is_hidden_with_their_count() -> None:
    few, many = (
        Count("paid", 2025, "all", place, n, n * 100_00) for place, n in zip(PLACES, (2, 50), strict=False)
    )
    report = make_report(made({}, counts=(few, many)), 2025, "statutory")
    paid = report.bases["paid"]
    assert (paid.baht("all", PLACES[0]), paid.baht("all", PLACES[1])) == (None, None)
    assert report.totals["paid", 2025] == (52, 5_200)


def test_a_payment_from_two_sources_counts_its_case_once() -> None:
    lines = (
        Count("paid", 2025, "all", PLACES[0], 30, 900_00), Count("paid", 2025, "court", PLACES[0], 30, 600_00),
        Count("paid", 2025, "fund", PLACES[0], 25, 300_00),
    )  # fmt: skip
    report = make_report(made({}, counts=lines), 2025, "elsewhere")
    assert report.totals["paid", 2025] == (30, 900)
    assert [report.funds["paid"].baht(fund) for fund in ("court", "fund")] == [600, 300]


def test_a_median_of_few_is_hidden() -> None:
    spans = (Span("ordered_paid", 2025, "", 19, 400.0), Span("complaint_indicted", 2025, "", 20, 84.0))
    report = make_report(made({}, spans=spans), 2025, "elsewhere")
    assert report.days == {("ordered_paid", ""): None, ("complaint_indicted", ""): 84.0}
    assert make_report(made({}, spans=spans), 2025, "statutory").days["ordered_paid", ""] == 400.0
