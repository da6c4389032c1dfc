"""Fitting and writing a model: what is read back weighs texts as it was taught, bit for bit."""

from pathlib import Path

import numpy as np

from nlp.linear import LinearModel
from nlp.pieces import Pieces
from nlp.prepared import prepare
from nlp.training.fit import Column, count_pieces, fit_model, save_model, weigh_all

TEXTS = ["รับสมัครงานแพ็กสบู่ มัดจำก่อน", "มัดจำก่อนเริ่มงานแพ็ก", "ร้านรับพนักงานเสิร์ฟ", "ร้านอาหารรับพนักงาน"] * 3


def taught() -> LinearModel:
    target = np.array([True, True, False, False] * 3)
    return fit_model(count_pieces(TEXTS), [Column("lure", target, np.ones(len(TEXTS)))])


def test_a_model_learns_what_it_is_taught() -> None:
    model = taught()
    assert model.weigh(Pieces(prepare("งานแพ็กต้องมัดจำก่อน")))["lure"] > 0
    assert model.weigh(Pieces(prepare("พนักงานร้านอาหาร")))["lure"] < 0


def test_one_text_and_many_are_weighed_alike() -> None:
    model = taught()
    many = weigh_all(model, count_pieces(TEXTS))[:, 0]
    one = [model.weigh(Pieces(prepare(text)))["lure"] for text in TEXTS]
    assert np.allclose(many, one, atol=1e-3)


def test_the_same_texts_give_the_same_file_without_pickle(tmp_path: Path) -> None:
    for name in ("one", "other"):
        save_model(taught(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    with np.load(tmp_path / "one", allow_pickle=False) as arrays:
        assert set(arrays) == {"names", "bias", "characters", "words", "landmarks", "alike"}
