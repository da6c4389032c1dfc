"""Quizzes are whole, balanced and written so that their words tell."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from campaigns.quizzes.quiz import faults_in, load_quizzes, quizzes, read_quiz
from campaigns.sayings import ContentError
from nlp.judgement import judge

QUESTIONS = [(quiz.id, question) for quiz in quizzes().values() for question in quiz.questions]
BOTH = {"th": "โอนก่อน", "en": "pay first"}


def question(name: str, phase: str, truth: str, alike: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": name, "phase": phase, "truth": truth, "offer": BOTH, "right": BOTH, "missed": BOTH,
        "tells": {"th": ["โอน"], "en": ["pay"]},
    }  # fmt: skip
    return found | ({"alike": alike} if alike else {})


def table(**changes: Any) -> dict[str, Any]:
    asked = [
        question("a", "before", "lure"), question("b", "before", "real"),
        question("c", "between", "lure"), question("d", "between", "real"),
        question("e", "after", "real", "b"), question("f", "after", "lure", "a"),
    ]  # fmt: skip
    for name, change in changes.pop("of", {}).items():
        asked = [one | change if one["id"] == name else one for one in asked]
    return {"title": BOTH, "about": BOTH, "question": asked} | changes


def faults(**changes: Any) -> str:
    return "\n".join(faults_in([read_quiz("trial", table(**changes))]))


def test_there_are_three_quizzes_of_six_questions() -> None:
    assert list(quizzes()) == ["job_offers", "work_abroad", "money_and_accounts"]
    assert {len(quiz.questions) for quiz in quizzes().values()} == {6}


def test_nothing_is_wrong_with_a_whole_quiz() -> None:
    assert faults() == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": {"th": "ก"}}, "trial.title: en is missing"),
        ({"title": {"th": "ก" * 21, "en": "a"}}, "trial.title.th: longer than 20"),
        ({"title": {"th": "แจ้งตำรวจ", "en": "a"}}, "trial.title: shows"),
        ({"about": {"th": " ", "en": "a"}}, "trial.about.th: empty"),
        ({"of": {"a": {"missed": {"th": "งานนี้ปลอดภัย", "en": "a"}}}}, "says ปลอดภัย"),
        ({"of": {"a": {"id": "B"}}}, "'B' is not an id"),
        ({"of": {"a": {"id": "b"}}}, "two questions are called b"),
        ({"of": {"a": {"tells": {"th": ["มัดจำ"], "en": ["pay"]}}}}, "does not stand in the offer"),
        ({"of": {"a": {"tells": {"th": ["โอน"]}}}}, "trial.a.tells.en: 0 of them"),
        ({"of": {"a": {"truth": "real"}}}, "one is real and one a lure"),
        ({"of": {"e": {"truth": "lure"}}}, "trial.e: is not what b is"),
        ({"of": {"e": {"alike": "a"}}}, "each question after is alike one before"),
        ({"of": {"e": {"phase": "between"}}}, "ends with 2 after"),
        ({"question": []}, "needs 6 questions"),
    ],
)
def test_a_fault_is_named_with_its_place(changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(**changes)


def test_a_key_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_quiz("trial", table(colour=1))
    (tmp_path / "1_trial.toml").write_text('title.th = "ก"', "utf-8")
    with pytest.raises(ContentError, match=r"1_trial\.toml"):
        load_quizzes(tmp_path)


@pytest.mark.parametrize(("quiz_id", "asked"), QUESTIONS, ids=lambda value: getattr(value, "id", value))
def test_no_offer_sounds_like_a_cry_for_help(quiz_id: str, asked: Any) -> None:
    assert quiz_id
    assert {judge(offer).crisis.level for offer in asked.offer.values()} == {"none"}
