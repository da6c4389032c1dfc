from collections.abc import Sequence

import numpy as np

from benchmarks.judgement.disguises import Tried, share_caught, try_all
from benchmarks.judgement.figures import Flags
from tests.nlp.attacks import paired_disguises, single_disguises

TEXTS = ["งานแอดมิน รายได้ดี", "งานพับถุง ทำที่บ้าน", "รับคนแพ็กของ"]


def holds_work(texts: Sequence[str]) -> Flags:
    return np.array(["งาน" in text for text in texts])


def test_every_text_meets_as_many_disguises() -> None:
    tried = try_all(TEXTS, single_disguises()[:6], 2, holds_work)
    assert [sum(one.text == at for one in tried) for at in range(3)] == [4, 4, 4]
    assert {one.disguise for one in tried} == {disguise.name for disguise in single_disguises()[:6]}


def test_it_counts_what_is_still_caught() -> None:
    tried = [Tried("a", 0, caught=True), Tried("b", 0, caught=False), Tried("a", 1, caught=True)]
    assert share_caught(tried).value == 2 / 3


def test_there_are_twenty_attacks_and_every_ordered_pair() -> None:
    assert (len(single_disguises()), len(paired_disguises())) == (20, 380)


def test_each_is_tried_on_no_more_texts_than_there_are() -> None:
    assert len(try_all(TEXTS, single_disguises(), 60, holds_work)) == 60
    assert try_all([], single_disguises(), 60, holds_work) == []
