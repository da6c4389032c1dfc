import numpy as np
import pytest

from nlp.meaning import WIDTH, likeness, load_meanings, plain_word, pull, unit
from nlp.prepared import prepare


def alike(one: str, other: str) -> float:
    return float(prepare(one).meaning @ prepare(other).meaning)


def test_texts_that_say_the_same_in_other_words_point_the_same_way() -> None:
    lure = "ต้องโอนค่ามัดจำก่อนเริ่มงาน"
    assert alike(lure, "จ่ายค่าประกันก่อนถึงจะได้ทำ") > alike(lure, "พรุ่งนี้ไปดูหนังกัน")


@pytest.mark.parametrize("text", ["", " ", "zqxjvk", "\ud800", "😀"])
def test_a_text_without_a_known_word_has_a_meaning_of_zeros(text: str) -> None:
    assert prepare(text).meaning.tolist() == [0.0] * WIDTH


def test_a_meaning_has_length_1_and_is_like_itself() -> None:
    meaning = prepare("รับสมัครพนักงานร้านอาหาร").meaning
    assert float(np.linalg.norm(meaning)) == pytest.approx(1, abs=1e-5)
    assert likeness(meaning[None], meaning)[0] == pytest.approx(1, abs=1e-5)


def test_figures_of_one_length_are_one_word() -> None:
    assert plain_word(" 28,000 ") == plain_word("35,999") == "00,000"


def test_a_pull_leads_to_where_likeness_grows() -> None:
    landmarks = np.stack([prepare("โอนค่ามัดจำก่อน").meaning, prepare("ไปดูหนังกัน").meaning])
    weights = np.array([1.0, -1.0], np.float32)
    meaning = prepare("งานแพ็กของที่บ้าน").meaning
    moved = unit(meaning + np.float32(0.1) * pull(landmarks, weights, meaning))
    assert weights @ likeness(landmarks, moved) > weights @ likeness(landmarks, meaning)


def test_every_word_has_a_share_in_a_direction() -> None:
    words = prepare("โอนค่ามัดจำก่อน zqxjvk").words
    shares = load_meanings().along(words, prepare("มัดจำ").meaning)
    assert len(shares) == len(words)
    assert shares[words.index("มัดจำ")] > 0
