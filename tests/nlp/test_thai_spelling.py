import pytest

from nlp.normal import as_given
from nlp.thai_spelling import spelled_in_order, undoubled


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("เเม่", "แม่"),
        ("เเเเเจ้า", "เจ้า"),
        ("ทํา", "ทำ"),
        ("น้ํา", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("ท่ี", "ที่"),
        ("แ่ม", "แม่"),
        ("่ที", "ที่"),
        ("ที่่้", "ที่"),
        ("ด้าา", "ด้าา"),
        ("มากกกก", "มาก"),
        ("helpppp", "help"),
    ],
)
def test_marks_and_letters_stand_once_and_in_order(written: str, meant: str) -> None:
    assert spelled_in_order(as_given(written)).text == meant


def test_a_text_with_every_letter_twice_is_read_once() -> None:
    assert undoubled(as_given("สสมมััคครรงงาานน 500")).text == "สมัครงาน 500"


@pytest.mark.parametrize("text", ["กรรมการ", "งานนี้ออกกะกลางคืน", "hello good book"])
def test_ordinary_doubles_stay(text: str) -> None:
    assert undoubled(as_given(text)).text == text
