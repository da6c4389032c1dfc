"""Slips are found with the word that was meant; what is written well is left alone, and nobody waits."""

import time
from itertools import pairwise

import pytest

from campaigns.composer.checking import faults_of, stops
from campaigns.composer.spelling import hints_of, misspelt
from campaigns.lessons import packs
from campaigns.quizzes.quiz import quizzes
from tests.campaigns.composer.plans import found, plan, quiz, said, text


@pytest.mark.parametrize(
    ("written", "words", "meant"),
    [
        ("ขอบคุนมาก", "ขอบคุน", "ขอบคุณ"),
        ("ขอบคุณนะค่ะ", "นะค่ะ", "นะคะ"),
        ("ไม่อนุญาติให้ทำ", "อนุญาติ", "อนุญาต"),
        ("ตรวจสอบบริษทก่อน", "บริษท", "บริษัท"),
        ("เงินเดืนสูง", "เงินเดืน", "เงินเดือน"),
        ("เก็บค่าสมคร", "ค่าสมคร", "ค่าสมัคร"),
        ("ผิดพลาทได้", "ผิดพลาท", "ผิดพลาด"),
        ("ใบอนุยาตหางาน", "ใบอนุยาต", "ใบอนุญาต"),
        ("สวัสดิีค่ะ", "สวัสดิี", "สวัสดี"),
        ("โทรสายดว่น", "ดว่น", "ด่วน"),
        ("ชลอการโอน", "ชลอ", "ชะลอ"),
    ],
)
def test_a_slip_is_found_where_it_stands_with_what_was_meant(written: str, words: str, meant: str) -> None:
    (hint,) = misspelt(written)
    assert (hint.words, hint.meant) == (words, meant)
    assert written[hint.start : hint.end] == words


@pytest.mark.parametrize(
    "written",
    [
        "",
        " \n",
        "Hello, world",
        "ปอยเปต แม่สอด เมียวดี",
        "กระเป๋าตังค์ ชิลๆ เด้อ",
        "โทร 1300 ได้ตลอด 24 ชม.",
        "😀" * 50,
        "ดีๆ",
        "ชะลอ ปรากฏ กฎหมาย",
    ],
)
def test_what_is_written_well_or_in_other_letters_is_left_alone(written: str) -> None:
    assert misspelt(written) == []


def test_of_all_that_is_shipped_hardly_a_word_is_taken_for_a_slip() -> None:
    shipped = [
        bubble for pack in packs().values() for lesson in pack.lessons for bubble in lesson.bubbles["th"]
    ]
    shipped += [
        said for one in quizzes().values() for q in one.questions for said in (q.offer["th"], q.right["th"])
    ]
    assert sum(map(len, shipped)) > 10_000
    assert len([hint for one in shipped for hint in misspelt(one)]) <= 5


@pytest.mark.parametrize(
    "written", ["ก" * 5_000, "ฬฆฎฐ" * 1_250, "บริษทเงินเดืน" * 300, "ก" + "\u0e49" * 4_999, "ๆ" * 5_000]
)
def test_even_the_longest_nonsense_takes_no_second(written: str) -> None:
    misspelt("ขอบคุน เงินเดืน")
    began = time.process_time()
    hints = misspelt(written)
    assert time.process_time() - began < 2.0
    assert all(one.end <= other.start for one, other in pairwise(hints))


def test_hints_stand_at_their_blocks_and_stop_nothing() -> None:
    asked = quiz(question=said("ถูกไหมนะค่ะ"))
    hints = hints_of(plan(text("ตรวจสอบบริษทก่อน"), asked, notice=said("มีข่าวสังเกตุ")))
    assert [(hint.place, hint.values["meant"]) for hint in hints] == [
        ("0..notice", "สังเกต"), ("0..t1", "บริษัท"), ("0..q1", "นะคะ"),
    ]  # fmt: skip
    assert not stops(hints)
    assert "spelling" not in {fault.code for fault in found(text("ตรวจสอบบริษทก่อน"))}
    assert not stops(faults_of(plan(text("ตรวจสอบบริษทก่อน")), media={}))
