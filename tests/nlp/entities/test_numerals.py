import re

import pytest

from nlp.entities.numerals import NUMBER, read_digits, read_number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("ห้าร้อย", 500),
        ("หมื่นแปด", 18_000),
        ("สามหมื่นห้าพัน", 35_000),
        ("ร้อยห้าสิบ", 150),
        ("สิบห้า", 15),
        ("ยี่สิบเอ็ด", 21),
        ("หนึ่งแสนสองหมื่น", 120_000),
        ("ล้านห้า", 1_500_000),
        ("สิบล้าน", 10_000_000),
        ("ครึ่งแสน", 50_000),
        ("สองแสนครึ่ง", 250_000),
    ],
)
def test_it_reads_numbers_in_words(words: str, value: float) -> None:
    assert re.fullmatch(NUMBER, words)
    assert read_number(words) == value


def test_it_reads_digits_said_one_by_one() -> None:
    assert read_digits("ศูนย์แปดหนึ่ง สองสาม") == "08123"
