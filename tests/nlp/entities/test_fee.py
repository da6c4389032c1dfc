import pytest

from nlp.entities.everything import find_entities
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("มีค่ามัดจำอุปกรณ์ 250 บาท", "250 THB"),
        ("ค่าสมัคร 300", "300 THB"),
        ("โอนก่อนเริ่มงาน 500 บาท", "500 THB"),
        ("ค่าดำเนินการคนละ 30,000 บาท", "30000 THB"),
        ("ต้องวางมัดจำนะคะ", "มัดจำ"),
    ],
)
def test_it_finds_money_asked_first(text: str, value: str) -> None:
    assert [entity.value for entity in find_entities(prepare(text))["fee"]][:1] == [value]


@pytest.mark.parametrize(
    "text", ["ไม่มีค่ามัดจำ", "ไม่เก็บค่าสมัคร", "ไม่ต้องเสียค่าสมัคร", "ค่าสมัครไม่มี", "ไม่มีค่าใช้จ่าย", "ค่าสมัครฟรี"]
)
def test_a_fee_that_is_denied_is_none(text: str) -> None:
    assert "fee" not in find_entities(prepare(text))


def test_the_span_covers_word_and_sum() -> None:
    text = "งานนี้มีค่ามัดจำ 250 บาทค่ะ"
    (fee,) = find_entities(prepare(text))["fee"]
    assert text[fee.start : fee.end] == "ค่ามัดจำ 250 บาท"
