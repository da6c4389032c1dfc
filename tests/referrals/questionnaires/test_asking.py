from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.questionnaires.asking import (
    applies,
    hotline_kinds,
    is_abroad,
    next_question,
    receipt_due,
    remaining,
    topic_of,
    wording,
)
from tests.referrals.questionnaires.paths import (
    REPORT,
    Given,
    possible,
    said,
    some_answers,
    steps,
    walk,
    whole_answers,
)

FIRST = ["G0", "G1", "G2", "G3", "G4", "P5q", "C3"]
ADULT = said(
    G0="free", G1="no", G2="self", G3="no", G4="province:TH-63", P5q="can", C3="wait", T="work", G5="working"
)
STRONG = ("M2", "M3", "M5", "M6", "M7", "A3")


def asked_once_answered(given_: Given) -> list[str]:
    return walk(given_)[len(FIRST) :]


@given(whole_answers())
@settings(max_examples=60, deadline=None)
def test_every_path_ends_and_asks_nothing_twice(answers: Given) -> None:
    path = walk(answers)
    assert len(set(path)) == len(path) <= len(REPORT.questions)


@given(whole_answers())
@settings(deadline=None)
def test_the_receipt_is_due_after_at_most_seven_questions(answers: Given) -> None:
    """Of a doubted job it is asked first what is odd about it: nine, and none of G3, G4, P5q among them."""
    before = [id_ for id_, so_far in steps(answers) if not receipt_due(REPORT, so_far)]
    of_job = [id_ for id_ in before if id_.startswith("J")]
    assert len(before) - len(of_job) <= (4 if of_job else 7)
    assert len(of_job) in {0, 5}
    assert [id_ for id_ in before if id_ not in of_job] == [id_ for id_ in FIRST if id_ in before]
    assert set(walk(answers)[: len(before)]) == set(before)


@given(whole_answers(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_answers_may_come_in_any_order_and_leave_the_same_questions(
    answers: Given, random: st.DataObject
) -> None:
    known = dict(list(answers.items())[:20])
    shuffled = list(known.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert next_question(REPORT, dict(shuffled)) == next_question(REPORT, known)
    assert remaining(REPORT, dict(shuffled)) == remaining(REPORT, known)


@given(some_answers())
@settings(deadline=None)
def test_answers_out_of_order_always_leave_a_way_to_the_end(answers: Given) -> None:
    for _ in REPORT.questions:
        question = next_question(REPORT, answers)
        if question is None:
            break
        assert question.id not in answers
        assert remaining(REPORT, answers) >= 1
        answers = {**answers, question.id: possible(question)[-1]}
    assert next_question(REPORT, answers) is None
    assert remaining(REPORT, answers) == 0
    assert receipt_due(REPORT, answers)


def test_somebody_who_skips_everything_is_asked_the_first_seven_and_reaches_the_end() -> None:
    path = walk({})
    assert path[:7] == FIRST
    assert path[-1] == "X1"


def test_strong_signs_are_asked_before_weaker_ones_and_free_text_last() -> None:
    path = asked_once_answered(ADULT)
    assert max(map(path.index, STRONG)) < min(map(path.index, ("M4", "A2", "M8", "P3q", "P4q", "A1")))
    assert path[-1] == "X1"
    assert REPORT.by_id["X1"].kind == "text"
    assert [one.id for one in REPORT.questions if one.kind == "text"] == ["X1"]


def test_a_child_is_asked_far_less_and_in_words_for_a_child() -> None:
    child = walk(said(G2="self", G3="yes", G4="thailand", K3="touched"))
    assert len(child) < len(walk(ADULT)) * 0.6
    assert {"K1", "K2", "K3", "K4"} <= set(child)
    assert not {"C1", "C2", "M5", "M8", "P1q", "P3q", "T"} & set(child)
    assert {"P1q", "A1"} <= set(walk(said(G2="self", G3="yes", K3="work")))
    assert "หนู" in wording(REPORT, REPORT.by_id["P5q"], said(G2="self", G3="yes"))["th"]


def test_a_young_person_who_skipped_whose_it_is_is_taken_for_the_child() -> None:
    assert "K3" in walk(said(G3="yes"))


def test_whoever_writes_for_a_child_is_asked_as_a_grown_up() -> None:
    path = walk(said(G2="other", G3="yes", T="child"))
    assert {"K1", "K2", "K3"} <= set(path)
    assert "เด็ก" in wording(REPORT, REPORT.by_id["K2"], said(G2="other", G3="yes"))["th"]


def test_a_witness_is_asked_only_what_can_be_seen() -> None:
    path = walk(said(G2="witness", T="work", G5="working"))
    assert {"W1", "W2", "M3", "M6"} <= set(path)
    assert not {"M1", "M2", "M7", "P2q", "M8", "O1"} & set(path)
    assert "เท่าที่เห็น" in wording(REPORT, REPORT.by_id["P5q"], said(G2="witness"))["th"]


def test_whoever_asks_for_another_is_asked_whether_they_can_reach_them() -> None:
    assert "O1" in walk(said(G2="other", T="work"))
    assert "O1" not in walk(ADULT)
    assert wording(REPORT, REPORT.by_id["G4"], said(G2="other"))["en"].startswith("Where are they")


def test_abroad_the_country_and_the_phone_are_asked_about() -> None:
    assert {"G4c", "B1"} <= set(walk(ADULT | said(G4="abroad")))
    named = walk(ADULT | said(G4="country:KH"))
    assert "B1" in named
    assert "G4c" not in named
    assert not {"G4c", "B1", "G4b"} & set(walk(ADULT))


def test_a_pin_asks_for_the_country_only_where_it_may_be_either() -> None:
    assert "G4b" in walk(ADULT | said(G4="geo:13.7500,100.5000"))
    far = walk(ADULT | said(G4="geo:25.2000,55.2700 abroad"))
    assert "G4b" not in far
    assert "G4c" in far


def test_the_province_is_asked_for_when_only_thailand_was_said() -> None:
    assert "G4p" in walk(ADULT | said(G4="thailand"))
    assert "G4p" not in walk(ADULT)


def test_a_doubted_job_takes_its_own_short_way() -> None:
    path = walk(said(G2="job_check"))
    assert path == ["G0", "G1", "G2", "J2", "J3", "J4", "J5", "J6", "C3", "X1"]


def test_each_topic_asks_its_own_questions_and_no_other() -> None:
    for topic, letter in (("home", "V"), ("child", "K"), ("elder", "E"), ("money", "F")):
        path = asked_once_answered(ADULT | said(T=topic))
        branches = {id_[0] for id_ in path if id_[0] in "VKEF"}
        assert branches == {letter}
        assert not {"M2", "M7", "A1", "P2q"} & set(path)
        assert len(path) <= 11


def test_at_home_nobody_is_asked_about_quitting_but_about_getting_away() -> None:
    leaving = REPORT.by_id["P5q"]
    assert wording(REPORT, leaving, said(G2="self", T="home"))["th"] == "ถ้าอยากออกมาจากที่นั่นวันนี้ ทำได้ไหม"
    assert wording(REPORT, leaving, said(G2="other", T="elder"))["th"].startswith("ถ้าเขาอยากออกมาจากที่นั่น")
    assert wording(REPORT, leaving, said(G2="self", T="work"))["th"] == leaving.says["th"]


def test_money_lost_is_not_asked_whether_one_can_leave() -> None:
    assert "P5q" not in walk(ADULT | said(T="money"))[7:]
    assert not applies(REPORT, REPORT.by_id["P5q"], said(T="money"))


def test_somebody_who_has_not_gone_is_not_asked_about_life_there() -> None:
    path = walk(ADULT | said(G5="not_yet"))
    assert not {"M2", "M3", "P2q", "P4q"} & set(path)
    assert {"A1", "A2", "M8"} <= set(path)


def test_consent_is_asked_only_of_whoever_wants_it_passed_on_and_the_name_only_then() -> None:
    assert "C2" not in walk(ADULT | said(C1="talk"))
    assert "C2n" not in walk(ADULT | said(C1="refer", C2="none"))
    assert "C2n" in walk(ADULT | said(C1="refer", C2="police"))


def test_hours_are_asked_for_in_the_time_of_the_place() -> None:
    assert "C3h" in walk(said(C3="hours"))
    assert "เวลาไทย" in wording(REPORT, REPORT.by_id["C3h"], said(G4="province:TH-10"))["th"]
    assert "เวลาที่นั่น" in wording(REPORT, REPORT.by_id["C3h"], said(G4="country:KR"))["th"]


def test_it_says_which_hotlines_to_show() -> None:
    assert hotline_kinds(REPORT, said(G1="no")) == ()
    assert hotline_kinds(REPORT, said(G1="yes", T="home")) == ("danger", "detention", "domestic_violence")
    assert hotline_kinds(REPORT, said(F1="today")) == ("money_sent",)
    assert hotline_kinds(REPORT, said(G4="country:KH")) == ("abroad",)
    assert hotline_kinds(REPORT, said(G4="abroad")) == ("abroad",)


def test_it_knows_who_is_abroad() -> None:
    assert is_abroad(REPORT, said(G4="country:KH"))
    assert is_abroad(REPORT, said(G4="geo:13.7500,100.5000", G4b="abroad"))
    assert not is_abroad(REPORT, said(G4="province:TH-10"))
    assert not is_abroad(REPORT, {})


def test_crisis_words_may_tell_the_topic() -> None:
    assert topic_of(REPORT, {"domestic_violence"}) == "home"
    assert topic_of(REPORT, {"trafficking", "forced_labour", "detention"}) == "work"
    assert topic_of(REPORT, {"domestic_violence", "child_abuse"}) is None
    assert topic_of(REPORT, {"danger"}) is None
