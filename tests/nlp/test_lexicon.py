import pytest

from nlp.lexicon import Lexicon, settle, spelled


def found(lexicon: Lexicon, text: str, boundaries: frozenset[int] = frozenset()) -> dict[str, list[str]]:
    return {
        concept: [text[start:end] for start, end in spans]
        for concept, spans in settle(lexicon.look(text), boundaries).items()
    }


def test_choices_are_spelled_out_also_when_nested() -> None:
    assert spelled("(แอด|ทัก(มา|))ไลน์") == ["แอดไลน์", "ทักมาไลน์", "ทักไลน์"]


def test_it_finds_every_word_that_begins_at_a_letter() -> None:
    lexicon = Lexicon({"admin": ["แอดมิน"], "chat": ["แอดมินแชท"]})
    assert found(lexicon, "หาแอดมินแชท") == {"admin": ["แอดมิน"], "chat": ["แอดมินแชท"]}


def test_a_longer_word_can_block_a_shorter_one() -> None:
    lexicon = Lexicon({"locked": ["ขัง", "-น้ำขัง"]})
    assert found(lexicon, "น้ำขังโดนขัง") == {"locked": ["ขัง"]}
    assert lexicon.look("น้ำขังโดนขัง").sure["locked"] == [(9, 12)]


def test_a_word_marked_whole_needs_word_boundaries() -> None:
    lexicon = Lexicon({"hit": ["=ตี"]})
    assert found(lexicon, "ดนตรีตี", frozenset({0, 5, 7})) == {"hit": ["ตี"]}
    assert found(lexicon, "ตีน", frozenset({0, 3})) == {}


@pytest.mark.parametrize("text", ["jobs", "myjob", "job8899"])
def test_latin_words_stand_alone(text: str) -> None:
    assert found(Lexicon({"job": ["job"]}), text) == {}


def test_a_word_is_not_cut_before_a_vowel_or_tone_mark() -> None:
    assert found(Lexicon({"hit": ["ตี"]}), "ตี้") == {}


def test_a_word_at_the_very_end_is_whole() -> None:
    lexicon = Lexicon({"place": ["ปอยเปต", "ปอยเปตใหม่"]})
    assert lexicon.look("ไปปอยเปต").sure == {"place": [(2, 8)]}


def test_it_refuses_words_of_one_letter() -> None:
    with pytest.raises(ValueError, match="shorter than 2"):
        Lexicon({"me": ["ก"]})
