import re

from nlp.signs import SIGNS, WORDING
from screening.sign_names import ENGLISH


def test_every_sign_has_its_english_name_and_nothing_else_has() -> None:
    assert ENGLISH.keys() == {WORDING.code, *(sign.code for sign in SIGNS)}
    assert len(set(ENGLISH.values())) == len(ENGLISH)


def test_the_names_are_english_and_short() -> None:
    for code, name in ENGLISH.items():
        assert not re.search("[\u0e00-\u0e7f]", name), code
        assert 0 < len(name) <= 60, code
