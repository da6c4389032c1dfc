from referrals.triage.grid import facts_of, grid_of, ilo_of, indicators
from tests.referrals.questionnaires.paths import REPORT, said

EVERYTHING = said(A1="broker", M2="they", P5q="cannot", P2q="late", G3="yes", P1q="factory", M3="free")


def test_the_grid_shows_each_indicator_under_its_elements_and_nothing_else() -> None:
    assert grid_of(indicators(REPORT, EVERYTHING)) == {
        "act": (("A1", "broker"),),
        "means": (("P5q", "cannot"), ("M2", "they")),
        "purpose": (("P5q", "cannot"), ("P2q", "late")),
    }


def test_ilo_numbers_are_those_that_were_seen() -> None:
    assert ilo_of(indicators(REPORT, EVERYTHING)) == (1, 3, 6, 7, 8)
    assert ilo_of(()) == ()


def test_several_answers_to_one_question_are_several_indicators() -> None:
    found = indicators(REPORT, said(M5="hurt shame"))
    assert [(one.question, one.choice.code) for one in found] == [("M5", "hurt"), ("M5", "shame")]


def test_skipped_unsure_and_foreign_codes_are_no_indicators() -> None:
    assert indicators(REPORT, said(M2="skip", M3="unsure", M5="they", Z9="yes")) == ()


def test_signs_of_different_kinds_come_from_different_questions() -> None:
    assert "two_signs" not in facts_of(indicators(REPORT, said(M5="hurt shame")))
    assert "two_signs" not in facts_of(indicators(REPORT, said(J3="yes", J5="yes")))
    assert "two_signs" in facts_of(indicators(REPORT, said(M2="they", M7="yes")))


def test_facts_name_what_the_grid_has() -> None:
    assert facts_of(indicators(REPORT, said(A1="page"))) == {"act"}
    assert facts_of(indicators(REPORT, said(M4="cannot"))) == {"means"}
    assert facts_of(indicators(REPORT, said(M2="they"))) == {"means", "strong_means", "strong_sign"}
    assert facts_of(indicators(REPORT, said(P2q="late"))) == {"purpose"}
    assert facts_of(indicators(REPORT, said(J3="yes", J6="yes"))) == {"two_offer_signs"}
