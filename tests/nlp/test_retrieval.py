from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.prepared import prepare
from nlp.retrieval import OFFERED, SURE, ask_guide, entries, rank_entries

HERE = Path(__file__).parent


def read_questions(name: str) -> list[tuple[str, str]]:
    lines = HERE.joinpath(name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(entry, question) for entry, question in rows]


FRESH = read_questions("guide_questions.tsv")
SEEN = read_questions("guide_questions_seen.tsv")


def first_entry(question: str) -> str:
    matches = rank_entries(prepare(question))
    return matches[0].entry if matches else ""


def test_every_entry_is_asked_for_by_some_question() -> None:
    assert {entry for entry, _ in FRESH} == set(entries())


def test_the_right_entry_comes_first_for_questions_that_the_guide_never_saw() -> None:
    assert len(FRESH) >= 80
    right = [first_entry(question) == entry for entry, question in FRESH]
    assert sum(right) / len(right) >= 0.9


def test_the_right_entry_comes_first_for_questions_that_widened_the_guide() -> None:
    right = [first_entry(question) == entry for entry, question in SEEN]
    assert sum(right) / len(right) >= 0.9


def test_what_it_answers_without_asking_back_is_right() -> None:
    answered = [
        (entry, found.matches[0].entry)
        for entry, question in FRESH + SEEN
        if (found := ask_guide(question)).sure
    ]
    assert len(answered) >= 0.6 * len(FRESH + SEEN)
    assert sum(entry == given_ for entry, given_ in answered) / len(answered) >= 0.97


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("ฟรีไหม", "cost"),
        ("ใครอ่านข้อความ", "who_reads"),
        ("นี่ตำรวจเหรอ", "who"),
        ("ลบข้อมูลยังไง", "delete"),
        ("จั่งใด๋สิหยุดข่าว", "stop_news"),
        ("are you the police?", "who"),
    ],
)
def test_it_answers_what_it_is_sure_of(question: str, entry: str) -> None:
    found = ask_guide(question)
    assert found.sure
    assert [match.entry for match in found.matches] == [entry]
    assert found.matches[0].likeness >= SURE


def test_it_offers_the_two_best_where_it_is_not_sure() -> None:
    found = ask_guide("ระบบเก็บคำพูดหนูแล้วใครดูบ้างไหม แบบเป็นส่วนตัวแค่ไหน")
    assert not found.sure
    assert 1 <= len(found.matches) <= OFFERED


@pytest.mark.parametrize("text", ["แมวคลอดลูกสี่ตัว", "ราคายางพารา", "", "!!!", "ကျေးဇူး", "x" * 5_000])
def test_it_knows_that_it_does_not_know(text: str) -> None:
    found = ask_guide(text)
    assert not found.sure
    assert found.matches == ()


def test_an_offer_is_no_question_however_long() -> None:
    assert rank_entries(prepare("รับสมัครพนักงาน ฟรีที่พัก " * 20)) == []


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=120))
def test_any_text_is_ranked_between_nothing_and_all(text: str) -> None:
    matches = rank_entries(prepare(text))
    assert all(0 <= match.likeness <= 1.000001 for match in matches)
    assert matches == sorted(matches, key=lambda match: -match.likeness)
    assert {match.entry for match in matches} <= set(entries())
