"""What the lures say is still there after each of the twenty attacks."""

import pytest

from nlp.normalize import fold, squeeze
from tests.nlp.attacks import ATTACKS, Attack, paired_disguises

LURES = [
    "รับสมัครแอดมินตอบแชท ทำงานที่ปอยเปต เงินเดือน 35,000 บาท ไม่ใช้พาสปอร์ต สนใจแอดไลน์ admin99",
    "งานออนไลน์ รายได้เสริม กดไลก์ รับเงินทันที โอนค่ามัดจำ 300 บาทก่อนรับงาน ทัก telegram",
    "หาพนักงานคาสิโน เมียวดี ที่พักฟรี เดินทางฟรี ข้ามฝั่งตอนกลางคืน รายได้หลักแสน",
]
TELLING = [
    ("สมัคร", "แอดมิน", "ปอยเปต", "เงินเดือน", "พาสปอร์ต", "สนใจ"),
    ("ออนไลน์", "รายได้", "มัดจำ", "รับเงิน"),
    ("พนักงาน", "คาสิโน", "เมียวดี", "ที่พัก", "เดินทาง"),
]
SEEDS = range(6)


def kept(text: str, words: tuple[str, ...]) -> float:
    form = squeeze(fold(text)).text
    return sum(word in form for word in words) / len(words)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_words_survive_an_attack(attack: Attack) -> None:
    shares = [
        kept(attack(lure, seed), words) for lure, words in zip(LURES, TELLING, strict=True) for seed in SEEDS
    ]
    assert sum(shares) / len(shares) >= 0.9


def test_the_words_survive_pairs_of_attacks_mostly() -> None:
    disguises = paired_disguises()
    shares = [kept(disguise.apply(LURES[n % 3], n), TELLING[n % 3]) for n, disguise in enumerate(disguises)]
    assert sum(shares) / len(shares) >= 0.9


def test_there_are_twenty_attacks_and_each_changes_something() -> None:
    assert len({attack.__name__ for attack in ATTACKS}) == 20
    for attack in ATTACKS:
        assert any(attack(lure, seed) != lure for lure in LURES for seed in SEEDS)


def test_an_attack_is_the_same_for_the_same_seed() -> None:
    assert all(attack(LURES[0], 3) == attack(LURES[0], 3) for attack in ATTACKS)
