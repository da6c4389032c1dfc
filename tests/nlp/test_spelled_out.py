import pytest

from nlp.normal import as_given
from nlp.spelled_out import joined, latin_words_in


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ป อ ย เ ป ต", "ปอยเปต"),
        ("ป.อ-ย_เ/ป|ต", "ปอยเปต"),
        ("ปอ/ยเ/ปต", "ปอยเปต"),
        ("ป ~ อ ~ ย", "ปอย"),
        ("ป\nอ\nย\nเ\nป\nต", "ปอยเปต"),
        ("รับ สม ัค รแ อด มิน", "รับสมัครแอดมิน"),
        ("l-i-n-e", "line"),
        ("l i n e", "line"),
        ("li ne", "line"),
        ("te_le_gr_am", "telegram"),
        ("a d d l i n e", "add line"),
        ("j o b 8 8 9 9", "job8899"),
        ("0 8 1 2 3 4", "081234"),
        ("3 5 , 0 0 0", "35000"),
    ],
)
def test_it_joins_letters_set_apart(written: str, meant: str) -> None:
    assert joined(as_given(written)).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "ชาย/หญิง",
        "งานดี ที่พักฟรี มีรถรับส่ง",
        "to do it or no",
        "i am ok",
        "2.5 2.7 2.8 3.0",
        "จันทร์-ศุกร์",
        "08:30 - 17:00",
        "a, b",
        "25/11/2568",
    ],
)
def test_it_leaves_words_lists_and_dates(text: str) -> None:
    assert joined(as_given(text)).text == text


def test_letters_that_are_no_words_of_offers_are_no_words() -> None:
    assert latin_words_in("lineid") == ["lineid"]
    assert latin_words_in("addline") == ["add", "line"]
    assert latin_words_in("qqqline") == []
