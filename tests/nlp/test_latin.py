import pytest

from nlp.latin import plain_latin, without_foreign_letters
from nlp.normal import as_given


@pytest.mark.parametrize(
    ("written", "meant"), [("сasinо", "casino"), ("ӏіne", "line"), ("привет", "привет"), ("αγάπη", "αγάπη")]
)
def test_letters_of_other_scripts_in_latin_words(written: str, meant: str) -> None:
    assert without_foreign_letters(as_given(written)).text == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("c4s1n0", "casino"),
        ("t3l3gr4m", "telegram"),
        ("l!ne!", "line!"),
        ("@dm1n", "admin"),
        ("1d", "id"),
        ("3o,ooo", "30,000"),
        ("o81-234-5678", "081-234-5678"),
        ("8oo", "800"),
    ],
)
def test_digits_and_signs_that_stand_for_letters_and_back(written: str, meant: str) -> None:
    assert plain_latin(as_given(written)).text == meant


@pytest.mark.parametrize("text", ["job8899", "@l1ke99x", "5g", "a4", "covid19", "lol", "hello", "m0453"])
def test_ids_and_plain_words_stay(text: str) -> None:
    assert plain_latin(as_given(text)).text == text
