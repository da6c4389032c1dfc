"""Words that stand among the same words point the same way; the same texts give the same arrays."""

import numpy as np

from nlp.meaning import Meanings
from nlp.training.meanings import learn_meanings

TEXTS = [
    "แมว กิน ปลา ทู", "หมา กิน ปลา ทู", "แมว นอน บน เตียง", "หมา นอน บน เตียง",
    "รถ วิ่ง บน ถนน", "เรือ แล่น ใน ทะเล", "รถ จอด ข้าง ถนน", "เรือ จอด ใน ทะเล",
] * 3  # fmt: skip


def test_words_in_like_company_point_the_same_way() -> None:
    meanings = Meanings(*learn_meanings(TEXTS, []))
    cat, dog, boat = (meanings.of((word,)) for word in ("แมว", "หมา", "เรือ"))
    assert cat @ dog > cat @ boat


def test_words_lie_in_order_so_that_they_are_found() -> None:
    learnt = learn_meanings(TEXTS, [])
    assert (np.diff(learnt.words.astype(np.int64)) > 0).all()


def test_the_same_texts_give_the_same_arrays() -> None:
    for one, other in zip(learn_meanings(TEXTS, TEXTS[:4]), learn_meanings(TEXTS, TEXTS[:4]), strict=True):
        assert one.tobytes() == other.tobytes()
