import pytest

from nlp.keyboard import typed_in_latin, typed_in_thai
from nlp.normal import as_given


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lo.0", "สนใจ"),
        ("iy[l,y8icvf,bo", "รับสมัครแอดมิน"),
        ("มีงาน royd'koxvpgx9 ทัก", "มีงาน พนักงานปอยเปต ทัก"),
    ],
)
def test_it_reads_thai_typed_on_the_latin_layout(typed: str, meant: str) -> None:
    assert typed_in_latin(as_given(typed)).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "merit",
        "Liquid",
        "job8899",
        "https://line.me/ti/p/~abc",
        "hr.job@company.co.th",
        "35,000",
        "AK-47",
        "3-5k",
        "e-commerce",
        "24/7",
    ],
)
def test_it_leaves_latin_words_ids_and_numbers(text: str) -> None:
    assert typed_in_latin(as_given(text)).text == text


@pytest.mark.parametrize(("typed", "meant"), [("สรืำ", "line"), ("ฟกทรื", "admin"), ("ะำสำเพฟท", "telegram")])
def test_it_reads_latin_typed_on_the_thai_layout(typed: str, meant: str) -> None:
    assert typed_in_thai(as_given(f"{typed}: job")).text == f"{meant}: job"


def test_one_key_stands_for_one_character() -> None:
    normal = typed_in_latin(as_given("โทร lo.0 ครับ"))
    at = normal.text.index("สนใจ")
    assert normal.given(at, at + 4) == (4, 8)
