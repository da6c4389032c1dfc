import tomllib
from collections.abc import Iterator
from importlib import resources

import msgspec
import pytest
import regex

from referrals.directory.hotlines import all_hotlines
from referrals.questionnaires.questionnaire import Choice, Question, Questionnaire
from referrals.questionnaires.reading import faults, load_questionnaire
from tests.referrals.questionnaires.paths import REPORT

# research/referral.md §7, every row of the tree.
TREE = [
    "G0", "G1", "G2", "G3", "G4", "G5", "A1", "A2", "A3", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8",
    "P1q", "P2q", "P3q", "P4q", "P5q", "P6q", "C1", "C2", "C3", "C4", "J2", "J3", "J4", "J5", "J6",
]  # fmt: skip
# design/look.md "Never", and what must not be read over a shoulder.
NEVER = ("ปลอดภัย", "เหยื่อ", "victim", "guaranteed")
NEVER_AT_A_GLANCE = (
    "ค้ามนุษย์", "อันตราย", "ทำร้าย", "ข่มขืน", "ตำรวจ", "ฆ่า", "แจ้งความ", "ฉุกเฉิน", "ด่วน", "ทางเพศ", "ขอทาน",
    "traffick", "danger", "police", "abuse", "suicide", "rape", "emergency", "sexual",
)  # fmt: skip
LABEL_GRAPHEMES = 20
LONGEST = 90  # graphemes: two lines of a bubble at phone width
NEVER_ASKED = ("เลขบัตร", "เลขประจำตัว", "13 หลัก", "สัญชาติ", "สถานะ", "ต่างด้าว", "id number", "immigration", "nationality", "legal status")  # fmt: skip


def count_graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def spoken() -> Iterator[tuple[str, str]]:
    """Every wording of every question with its id."""
    for one in REPORT.questions:
        for says in (one.says, *(variant.says for variant in one.variants)):
            yield from ((one.id, words) for words in says.values())


def choices() -> Iterator[tuple[str, Choice]]:
    return ((one.id, choice) for one in REPORT.questions for choice in one.choices)


def test_the_tree_is_whole() -> None:
    assert set(TREE) <= set(REPORT.by_id)
    assert REPORT.first == ("G0", "G1", "G2", "G3", "G4", "P5q", "C3")


def test_nothing_is_wrong_with_it() -> None:
    assert list(faults(REPORT)) == []


def test_a_question_is_short_and_one_question() -> None:
    for id_, words in spoken():
        assert count_graphemes(words) <= LONGEST, (id_, words)
        assert "\n" not in words


def test_no_question_asks_for_papers_status_or_numbers() -> None:
    for id_, words in spoken():
        assert not [word for word in NEVER_ASKED if word in words.lower()], (id_, words)


def test_nothing_says_what_must_not_be_said() -> None:
    for id_, words in spoken():
        assert not [word for word in NEVER if word in words.lower()], (id_, words)


def test_buttons_are_short_and_tell_nothing_over_a_shoulder() -> None:
    for id_, choice in choices():
        for words in (*choice.label.values(), *(choice.says or {}).values()):
            assert count_graphemes(words) <= LABEL_GRAPHEMES, (id_, words)
            assert not [word for word in (*NEVER, *NEVER_AT_A_GLANCE) if word in words.lower()], (
                id_,
                words,
            )


def test_no_two_buttons_of_a_question_look_alike() -> None:
    for one in REPORT.questions:
        for language in ("th", "en"):
            labels = [choice.label[language] for choice in one.choices]
            assert len(set(labels)) == len(labels), one.id


def test_a_question_with_its_skip_and_unsure_fits_thirteen_quick_replies() -> None:
    # LINE shows at most 13; "skip", "not sure", staff, menu and the way out stand beside the choices.
    assert max(len(one.choices) for one in REPORT.questions) <= 8


def test_codes_fit_a_press() -> None:
    for id_, choice in choices():
        assert len(f"r1:{id_}.{choice.code}".encode()) <= 64


def test_what_the_chat_shows_by_number_is_the_number_of_the_button() -> None:
    for one in REPORT.questions:
        for at, choice in enumerate(one.choices, 1):
            if choice.says and choice.says["th"].startswith("ข้อ"):
                assert choice.says == {"th": f"ข้อ {at}", "en": str(at)}, (one.id, choice.code)


def test_ilo_numbers_are_those_of_the_eleven_and_each_is_asked_about() -> None:
    assert {number for _, choice in choices() for number in choice.ilo} == set(range(1, 12))


def test_whatever_counts_for_the_grid_or_the_ilo_has_a_strength_unless_it_is_plain_work() -> None:
    for id_, choice in choices():
        assert choice.strength or not choice.ilo, (id_, choice.code)
        assert choice.strength or not choice.elements or id_ == "P1q", (id_, choice.code)


def test_every_kind_of_hotline_is_one_that_the_directory_knows() -> None:
    known = {kind for found in all_hotlines() for kind in found.kinds}
    assert {kind for _, choice in choices() for kind in choice.kinds} <= known


def test_the_branches_have_three_to_five_questions_each_and_show_numbers() -> None:
    for letter in "VKEF":
        branch = [one for one in REPORT.questions if one.id.startswith(letter)]
        assert 3 <= len(branch) <= 5
        assert any(choice.kinds for one in branch for choice in one.choices)


def test_identity_is_withheld_and_nobody_is_written_to_unless_chosen() -> None:
    assert REPORT.by_id["C2n"].default == "withheld"
    assert REPORT.by_id["C3"].default == "wait"
    assert REPORT.by_id["C2"].default == "none"


def test_words_for_typing_belong_to_questions_and_choices_that_exist() -> None:
    listed = tomllib.loads(
        resources.files("referrals.questionnaires").joinpath("words.toml").read_text("utf-8")
    )
    for id_ in listed.keys() - {"plain", "whole", "amounts", "patterns"}:
        assert listed[id_].keys() <= {choice.code for choice in REPORT.by_id[id_].choices}, id_
    for id_, spans in listed["amounts"].items():
        assert spans.keys() <= {choice.code for choice in REPORT.by_id[id_].choices}


def test_an_unknown_questionnaire_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        load_questionnaire("nothing")


def test_contradictions_are_all_named() -> None:
    th = {"th": "ก", "en": "a"}
    wrong = Questionnaire(
        "wrong",
        "1",
        (
            Question("A", "one", th),
            Question("B", "one", {"th": "ก"}, (Choice("x", th), Choice("x", th)), default="y"),
            Question("B", "many", th, (Choice("skip", th),), when=("Q=1", "@nobody")),
        ),
        first=("Z",),
    )
    assert set(faults(wrong)) == {
        "two questions have one id",
        "Z: among the first but not a question",
        "A: has no choices",
        "B: choices need codes of their own",
        "B: its default is no choice",
        "B: something is not said in Thai and English",
        "condition on Q, which is no question",
        "condition @nobody is not named",
    }


def test_an_unknown_field_in_the_data_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"id": "A", "kind": "one", "says": {}, "choises": []}, Question)
