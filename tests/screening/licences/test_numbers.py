"""Licence numbers in one spelling."""

import pytest

from nlp.judgement import judge
from screening.licences.numbers import has_prefix, number_key


@pytest.mark.parametrize(
    "written",
    [
        "น.988/2543",
        "น 988/2543",
        "น. 0988 / 2543",
        "น.๙๘๘/๒๕๔๓",
        "น.988/2000",
        "เลขที่ น.988/2543",
        " น988/2543 ",
    ],
)
def test_one_number_has_one_key(written: str) -> None:
    assert number_key(written) == "น.988/2543"


def test_the_key_of_what_a_judgement_finds_is_the_registers() -> None:
    [found] = judge("รับคนไปทำงานไต้หวัน ใบอนุญาตเลขที่ น.988/2543 เงินเดือน 30,000 บาท").entities["licence"]
    assert number_key(found.value) == "น.988/2543"


def test_a_number_without_letters_is_one_too() -> None:
    key = number_key("988/2543")
    assert key == "988/2543"
    assert not has_prefix(key)


@pytest.mark.parametrize("written", ["", "988", "988/43", "น.988-2543", "abcd.1/2560", "โทร 0812345678"])
def test_other_numbers_are_none(written: str) -> None:
    assert number_key(written) is None
