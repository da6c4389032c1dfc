from importlib import resources

import pytest

from core.permissions import ROLES
from referrals.agencies.kinds import AGENCY_KINDS
from referrals.tracks.visibility import (
    GROUPS,
    VIEWERS,
    Level,
    Viewer,
    group_of,
    load_matrix,
    read_matrix,
    sees,
    shown_state,
)

TEXT = resources.files("referrals.tracks").joinpath("visibility.toml").read_text("utf-8")
# The table of §8 as it stands there, for whom it names; identity is nowhere in full before a second step.
PLAN: dict[Viewer, dict[str, Level]] = {
    "hotline_officer": {"thread": "full", "identity": "state", "victim": "state", "prosecution": "state", "compensation": "state", "audit": "state"},
    "msdhs": {"thread": "state", "identity": "state", "victim": "full", "prosecution": "state", "compensation": "full", "audit": "state"},
    "police": {"thread": "none", "identity": "state", "victim": "state", "prosecution": "full", "compensation": "state", "audit": "state"},
    "prosecutor": {"thread": "none", "identity": "state", "victim": "state", "prosecution": "full", "compensation": "full", "audit": "state"},
    "court": {"thread": "none", "identity": "state", "victim": "none", "prosecution": "full", "compensation": "full", "audit": "state"},
    "execution": {"thread": "none", "identity": "state", "victim": "none", "compensation": "full", "audit": "state"},
    "campaign_manager": {"thread": "none", "identity": "none", "victim": "none", "prosecution": "none", "compensation": "none", "audit": "none"},
    "citizen": {"thread": "full", "victim": "state", "prosecution": "state", "compensation": "full", "assets": "none", "audit": "state"},
}  # fmt: skip


def test_every_viewer_and_group_is_stated_with_a_reason() -> None:
    assert set(VIEWERS) == {*ROLES, *AGENCY_KINDS, "citizen"} - {"partner_officer"}
    matrix = load_matrix()
    assert {(viewer, group) for group, row in matrix.items() for viewer in row} == {
        (viewer, group) for viewer in VIEWERS for group in GROUPS
    }
    assert all(cell.why for row in matrix.values() for cell in row.values())


@pytest.mark.parametrize("viewer", PLAN)
def test_it_says_what_the_plan_says(viewer: Viewer) -> None:
    assert {group: sees(viewer, group) for group in PLAN[viewer]} == PLAN[viewer]  # type: ignore[arg-type]


def test_nobody_sees_an_identity_in_full() -> None:
    assert {sees(viewer, "identity") for viewer in VIEWERS} == {"state", "none"}


@pytest.mark.parametrize("viewer", ["auditor", "administrator", "campaign_manager", "campaign_approver"])
def test_who_does_not_work_on_cases_sees_nothing_of_one(viewer: Viewer) -> None:
    assert {sees(viewer, group) for group in GROUPS if group not in {"audit", "statistics"}} == {"none"}


@pytest.mark.parametrize("viewer", AGENCY_KINDS)
def test_no_agency_reads_the_report_or_notes(viewer: Viewer) -> None:
    assert {sees(viewer, "report"), sees(viewer, "notes")} == {"none"}


def test_steps_about_property_are_a_group_of_their_own() -> None:
    assert [group_of("compensation", step) for step in ("ordered", "assets_traced", "seized", "sold", "paid")] == [
        "compensation", "assets", "assets", "assets", "compensation",
    ]  # fmt: skip
    assert group_of("prosecution", "trial") == "prosecution"


def test_where_a_track_stands_does_not_name_a_step_of_a_hidden_group() -> None:
    assert shown_state("ngo", "compensation", "seized") == "execution_opened"
    assert shown_state("ngo", "compensation", "paid") == "paid"
    assert shown_state("execution", "compensation", "seized") == "seized"
    assert shown_state("court", "victim", "identified") == ""
    assert shown_state("police", "victim", None) == ""


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ('auditor = ["full"', 'auditor = ["all"'),
        ('court = ["full", "§8: orders it"]', ""),
        ('court = ["full", "§8: orders it"]', 'court = ["full", " "]'),
        ("[statistics]", "[weather]"),
        ('court = ["full", "§8: orders it"]', 'court = ["full", "§8"]\nneighbour = ["none", "x"]'),
    ],
)
def test_a_matrix_that_leaves_a_question_open_is_not_read(found: str, instead: str) -> None:
    assert found in TEXT
    with pytest.raises(ValueError, match=r"."):
        read_matrix(TEXT.replace(found, instead).encode())
