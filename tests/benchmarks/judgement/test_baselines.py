import numpy as np

from benchmarks.judgement.baselines import (
    count_words,
    flag_offers,
    score_nested,
    teach_letters,
    wish_by_words,
)

LURES = [f"รับแอดมินปอยเปต รายได้สูง เดินทางฟรี รอบที่ {n}" for n in range(20)]
ADS = [f"ร้านข้าวมันไก่หาคนเสิร์ฟ สาขา {n} มีประกันสังคม" for n in range(20)]
TEXTS = [*LURES, *ADS]
TRUTH = np.repeat([True, False], 20)


def test_two_words_of_the_list_make_a_warning() -> None:
    counted = count_words(("แอดมิน", "ปอยเปต"), ["แอดมินปอยเปต", "แอดมินร้าน", "ร้าน"])
    assert counted.tolist() == [2, 1, 0]
    assert flag_offers(counted).tolist() == [True, False, False]


def test_letters_learn_what_they_are_taught() -> None:
    score = teach_letters(TEXTS, TRUTH)(["หาแอดมินไปปอยเปต เดินทางฟรี", "หาคนเสิร์ฟ มีประกันสังคม"])
    assert score[0] > 0.5 > score[1]


def test_no_fold_is_scored_by_letters_that_were_taught_it() -> None:
    folds = np.arange(40) % 5
    told = score_nested(TEXTS, TEXTS, TRUTH, folds)
    assert (told[TRUTH] > 0.5).all()
    # A fold whose truth is turned around moves its own scores by nothing.
    turned = TRUTH.copy()
    turned[folds == 2] = ~turned[folds == 2]
    assert score_nested(TEXTS, TEXTS, turned, folds)[folds == 2].tolist() == told[folds == 2].tolist()


def test_the_first_word_of_a_list_names_the_wish() -> None:
    assert [wish_by_words(text) for text in ("หยุดส่งได้แล้ว", "ขอบคุณค่ะ", "กินข้าวยัง")] == [
        "stop", "thanks", "small_talk",
    ]  # fmt: skip
