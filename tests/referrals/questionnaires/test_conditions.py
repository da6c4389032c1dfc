import pytest

from referrals.questionnaires.conditions import hold, names_in, was_stated
from tests.referrals.questionnaires.paths import said

NAMED = {"abroad": ("G4=country|abroad",), "far": ("@abroad", "G5!=left")}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("G2=self", True),
        ("G2=other|self", True),
        ("G2=other", False),
        ("G2!=other", True),
        ("G2!=self", False),
        ("G3!=yes", True),
        ("G3=yes", False),
        ("G4=country", True),
        ("G4=country:KH", True),
        ("G4=country:MM", False),
        ("@abroad", True),
        ("!@abroad", False),
        ("@far", True),
        ("G3=yes or G2=self", True),
        ("@seen", True),
        ("@unseen", False),
        ("!@unseen", True),
    ],
)
def test_a_condition_is_read_as_it_is_written(condition: str, *, holds: bool) -> None:
    answers = said(G2="self", G4="country:KH")
    assert hold((condition,), answers, NAMED, frozenset({"seen"})) is holds


def test_all_conditions_must_hold() -> None:
    assert hold((), {}, {})
    assert not hold(("G2=self", "G3=yes"), said(G2="self"), {})


@pytest.mark.parametrize("wrong", ["G2", "G2=", "=self", ""])
def test_what_is_no_condition_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="write Q=code"):
        hold((wrong,), {}, {})


def test_it_names_what_it_refers_to() -> None:
    assert names_in(["G2=self or !@far", "P5q!=can"]) == ({"G2", "P5q"}, {"far"})


def test_a_skipped_or_unsure_answer_states_nothing() -> None:
    answers = said(G1="skip", G2="unsure", G3="no")
    assert [was_stated(answers, id_) for id_ in ("G1", "G2", "G3", "G4")] == [False, False, True, False]
