import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.questionnaires.questionnaire import SKIPPED, UNSURE
from referrals.triage.assessment import MOST_SUGGESTED, assess, judge
from referrals.triage.rules import rules
from tests.referrals.questionnaires.paths import REPORT, Given, said, some_answers, whole_answers

INDICATORS = [(one.id, choice.code) for one in REPORT.questions for choice in one.choices if choice.strength]
CRISES = [
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse",
    "elder_abuse", "suicide", "danger",
]  # fmt: skip


def judged(*, kinds: tuple[str, ...] = (), **answers: str) -> tuple[str, set[str]]:
    found = judge(REPORT, said(**answers), kinds)
    return found.priority, set(found.reasons)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"G1": "yes"}, "danger_now"),
        ({"M3": "cannot", "P5q": "cannot"}, "held_now"),
        ({"M3": "cannot"}, "held_now"),
        ({"M3": "cannot", "P5q": "skip", "G5": "unsure"}, "held_now"),
        ({"M6": "yes", "P5q": "cannot", "M3": "free"}, "violence_and_cannot_leave"),
        ({"M6": "others", "P5q": "pay"}, "violence_and_cannot_leave"),
        ({"T": "home", "V3": "yes", "P5q": "cannot"}, "violence_at_home_and_cannot_leave"),
        ({"T": "child", "K3": "hurt", "P5q": "cannot"}, "child_hurt_and_cannot_leave"),
        ({"T": "elder", "E3": "no", "E4": "no"}, "elder_locked_or_without_food"),
    ],
)
def test_p0_is_danger_now_or_being_held_or_hurt_without_a_way_out(
    answers: dict[str, str], reason: str
) -> None:
    priority, reasons = judged(**answers)
    assert priority == "P0"
    assert reason in reasons


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"G3": "yes"}, "child"),
        ({"T": "child"}, "child"),
        ({"G3": "yes", "A1": "partner", "P1q": "sex"}, "child_act_purpose"),
        ({"A1": "broker", "M2": "they", "P2q": "nothing"}, "act_means_purpose"),
        ({"A1": "page", "P5q": "cannot"}, "act_means_purpose"),
        ({"G5": "travelling"}, "travelling"),
        ({"G5": "travelling", "M1": "somewhat"}, "travelling_deceived"),
        ({"T": "home", "V3": "yes"}, "violence_at_home"),
        ({"T": "elder", "E2": "hurt"}, "elder_in_need"),
    ],
)
def test_p1_is_a_child_a_full_triad_a_journey_or_grave_violence(answers: dict[str, str], reason: str) -> None:
    priority, reasons = judged(**answers)
    assert priority == "P1"
    assert reason in reasons


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"P2q": "late", "P3q": "over_12"}, "two_signs"),
        ({"M4": "cannot", "A2": "they"}, "two_signs"),
        ({"P5q": "cannot"}, "strong_sign"),
        ({"M2": "they", "P5q": "can"}, "strong_sign"),
        ({"G0": "watched"}, "watched"),
        ({"T": "home"}, "family"),
        ({"T": "money", "F1": "today"}, "money_today"),
        ({"G2": "job_check", "J3": "yes", "J5": "yes"}, "risky_offer"),
    ],
)
def test_p2_is_signs_without_a_full_triad(answers: dict[str, str], reason: str) -> None:
    priority, reasons = judged(**answers)
    assert priority == "P2"
    assert reason in reasons


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"G2": "job_check", "J3": "yes"},
        {"G2": "self", "G1": "no", "P5q": "can", "M1": "same"},
        {"P2q": "late"},
        {"A1": "broker"},
        {"T": "money", "F1": "earlier"},
    ],
)
def test_p3_is_advice_labour_law_and_job_checks(answers: dict[str, str]) -> None:
    assert judged(**answers) == ("P3", {"advice"})


def test_what_is_said_to_be_over_or_left_freely_is_not_now() -> None:
    assert judged(M3="cannot", P5q="can")[0] != "P0"
    assert judged(M3="cannot", G5="left")[0] != "P0"
    assert judged(M6="yes", G5="left", P5q="cannot")[0] != "P0"
    assert judged(M6="yes", M3="free")[0] != "P0"


def test_crisis_words_raise_it_and_give_bands() -> None:
    for kind in CRISES:
        assert judged(kinds=(kind,))[0] in {"P1", "P2"}, kind
    assert "child_protection" in judge(REPORT, {}, ("child_abuse",)).bands
    assert "family_violence" in judge(REPORT, {}, ("domestic_violence",)).bands
    assert "online_fraud" in judge(REPORT, {}, ("money_sent",)).bands


def test_several_bands_hold_together() -> None:
    found = assess(REPORT, said(G3="yes", A1="broker", M2="they", P2q="nothing", G5="working"))
    assert set(found.bands) == {"tip_6", "forced_labour_6_1", "labour_rights", "child_protection"}


@pytest.mark.parametrize(
    ("answers", "bands"),
    [
        ({"A1": "broker", "M4": "cannot", "P2q": "late"}, {"tip_6", "labour_rights"}),
        ({"G3": "yes", "A1": "broker", "P1q": "begging"}, {"tip_6", "child_protection"}),
        ({"G3": "no", "A1": "broker", "P1q": "begging"}, set()),
        ({"M7": "growing", "G5": "working"}, {"forced_labour_6_1"}),
        ({"M7": "growing"}, set()),
        ({"M2": "they", "P5q": "cannot", "T": "home"}, {"family_violence"}),
        ({"P4q": "hungry"}, {"labour_rights"}),
        ({"T": "home", "V4": "both"}, {"family_violence", "child_protection", "elder_protection"}),
        ({"T": "elder"}, {"family_violence", "elder_protection"}),
        ({"K3": "touched", "T": "child"}, {"child_protection", "sexual_violence"}),
        ({"T": "money"}, {"online_fraud"}),
        ({"G1": "yes"}, set()),
    ],
)
def test_bands_say_what_it_may_come_under(answers: dict[str, str], bands: set[str]) -> None:
    assert set(assess(REPORT, said(**answers)).bands) == bands


def test_an_assessment_carries_grid_numbers_and_the_version_of_the_rules() -> None:
    found = assess(REPORT, said(A1="broker", P5q="cannot"))
    assert found.grid["act"] == (("A1", "broker"),)
    assert found.ilo == (3, 6)
    assert found.rules == rules().version


def test_what_is_unknown_and_would_decide_is_suggested_at_most_three() -> None:
    assert assess(REPORT, {}).unknown == ("G1", "M3", "M6")
    nearly = assess(
        REPORT, said(G1="no", G2="self", G3="no", T="work", P5q="cannot", G5="left", M3="free", M6="no")
    )
    assert nearly.priority == "P2"
    assert nearly.unknown == ("A3", "A2", "A1")


def test_what_was_skipped_is_suggested_after_what_was_never_asked() -> None:
    found = assess(REPORT, said(G1="skip", M3="skip"))
    assert found.unknown[0] == "M6"
    assert "G1" not in assess(REPORT, said(G1="no")).unknown


def test_nothing_is_suggested_where_everything_was_said() -> None:
    everything = {one.id: (one.choices[0].code,) for one in REPORT.questions if one.choices}
    assert assess(REPORT, everything).unknown == ()


@given(some_answers(), st.sampled_from(INDICATORS), st.lists(st.sampled_from(CRISES), max_size=2))
@settings(max_examples=100, deadline=None)
def test_an_indicator_more_never_lowers_a_priority(
    answers: Given, indicator: tuple[str, str], kinds: list[str]
) -> None:
    id_, code = indicator
    before = judge(REPORT, {key: codes for key, codes in answers.items() if key != id_}, kinds)
    kept = answers.get(id_, ())
    after = judge(REPORT, {**answers, id_: (*(c for c in kept if c not in {SKIPPED, UNSURE}), code)}, kinds)
    alone = judge(REPORT, {**answers, id_: (code,)}, kinds)
    assert alone.priority <= before.priority
    assert after.priority <= alone.priority
    assert judge(REPORT, answers, [*kinds, "suicide"]).priority <= judge(REPORT, answers, kinds).priority


@given(whole_answers(), st.data())
@settings(max_examples=100, deadline=None)
def test_leaving_out_skipping_or_being_unsure_is_all_one(answers: Given, data: st.DataObject) -> None:
    id_ = data.draw(st.sampled_from(sorted(answers)))
    left_out = judge(REPORT, {key: codes for key, codes in answers.items() if key != id_})
    for silence in (SKIPPED, UNSURE):
        assert judge(REPORT, {**answers, id_: (silence,)}) == left_out


@given(whole_answers(), st.data())
@settings(max_examples=100, deadline=None)
def test_taking_back_a_plain_no_never_lowers_a_priority(answers: Given, data: st.DataObject) -> None:
    plain = [
        one.id
        for one in REPORT.questions
        if all(
            (choice := one.choice(code)) is None or (choice.like != "" and not choice.strength)
            for code in answers[one.id]
        )
        and one.id not in {"G2", "T"}
    ]
    id_ = data.draw(st.sampled_from(sorted(plain) or ["X1"]))
    silent = judge(REPORT, {**answers, id_: (SKIPPED,)})
    assert silent.priority <= judge(REPORT, answers).priority


@given(some_answers(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_same_answers_in_another_order_are_judged_the_same(answers: Given, random: st.DataObject) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assess(REPORT, dict(shuffled)) == assess(REPORT, answers)


@given(some_answers())
@settings(deadline=None)
def test_suggestions_are_few_open_and_asked_of_this_person(answers: Given) -> None:
    found = assess(REPORT, answers)
    assert len(found.unknown) <= MOST_SUGGESTED
    for id_ in found.unknown:
        assert not set(answers.get(id_, ())) - {SKIPPED, UNSURE}
