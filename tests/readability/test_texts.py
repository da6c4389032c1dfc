"""All Thai texts can be read by a twelve-year-old who is in a hurry, and are spelt right."""

import random
from statistics import mean

import pytest

from tests.readability.texts import Said, thai_texts, without_places
from tests.readability.words import (
    dictionary,
    known_words,
    often_wrong,
    phrases,
    suggestions,
    unknown_words,
    words,
)

# Characters of one bubble; lessons and rights may say more.
_LONGEST = 300
# Words between two blanks, at most and on the average.
_LONGEST_PHRASE, _MEAN_PHRASE = 15, 5.0
# Letters that stand for another by a slip of the finger: the neighbouring key, or the same sound.
_SLIPS = str.maketrans("ิีุู่้ะาเแใไกดนรสท", "ี่ิ็ูุัะแเไใดกรนทส")


def test_no_reply_is_longer_than_a_screen() -> None:
    said = [one for one in thai_texts() if not one.is_of_lessons_or_rights]
    assert [one.place for one in said if len(without_places(one.text)) > _LONGEST] == []


def test_phrases_are_short() -> None:
    counted = [
        (len(words(phrase)), phrase, one.place) for one in thai_texts() for phrase in phrases(one.text)
    ]
    assert [found for found in counted if found[0] > _LONGEST_PHRASE] == []
    assert mean(count for count, _, _ in counted) <= _MEAN_PHRASE


def test_every_word_is_known() -> None:
    unknown = {one.place: found for one in thai_texts() if (found := unknown_words(one.text))}
    assert unknown == {}, "correct them, or list each in known_words.tsv with the reason why it is right"


def test_no_text_makes_a_mistake_that_is_often_made() -> None:
    made = [(one.place, wrong) for one in thai_texts() for wrong in often_wrong() if wrong in one.text]
    assert made == []


def test_the_list_of_known_words_holds_none_that_is_not_needed() -> None:
    used = {word for one in thai_texts() for phrase in phrases(one.text) for word in words(phrase)}
    assert known_words().keys() - used == set()
    assert known_words().keys() & dictionary() == set()
    assert all(reason.strip() for reason in known_words().values())
    assert list(known_words()) == sorted(known_words())


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("เจ้าหน้ที่", "เจ้าหน้าที่"),
        ("สวัสดค่ะ", "สวัสดีค่ะ"),
        ("ขอความช่ยเหลือ", "ขอความช่วยเหลือ"),
        ("แชท", "แชต"),
        ("แอพ", "แอป"),
    ],
)
def test_a_misspelt_word_is_found(wrong: str, right: str) -> None:
    assert unknown_words(wrong)
    assert unknown_words(right) == []


def test_most_slips_of_a_finger_are_found() -> None:
    """One letter of a phrase left out or taken for its neighbour; some slips make another word, and no list helps."""
    chance = random.Random(2_569)
    slips = [_slip(phrase, chance) for phrase in _phrases_of(thai_texts(), chance)]
    found = sum(bool(unknown_words(slip)) for slip in slips)
    assert found / len(slips) > 0.7


def test_a_misspelt_word_comes_with_what_was_meant() -> None:
    assert "เจ้าหน้าที่" in suggestions("เจ้าหน้ที่")


def _phrases_of(said: list[Said], chance: random.Random) -> list[str]:
    known = sorted({phrase for one in said for phrase in phrases(one.text) if len(phrase) > 3})
    return chance.sample(known, 1_000)


def _slip(phrase: str, chance: random.Random) -> str:
    at = chance.randrange(len(phrase))
    other = phrase[at].translate(_SLIPS)
    return phrase[:at] + (other if other != phrase[at] else "") + phrase[at + 1 :]
