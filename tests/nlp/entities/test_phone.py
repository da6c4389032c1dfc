import pytest

from nlp.entities.phone import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("โทร 081-234-5678", "+66812345678"),
        ("0812345678", "+66812345678"),
        ("02 123 4567", "+6621234567"),
        ("+66 81 234 5678", "+66812345678"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "+66812345678"),
        ("+855 12 345 678", "+85512345678"),
        ("0 8 1 2 3 4 5 6 7 8", "+66812345678"),
        ("081_234_5678", "+66812345678"),
        ("081/234/5678", "+66812345678"),
        ("O81-234-5678", "+66812345678"),
        ("ศูนย์แปดหนึ่ง สองสามสี่ ห้าหกเจ็ดแปด", "+66812345678"),
    ],
)
def test_numbers_get_one_form(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


@pytest.mark.parametrize(
    "text", ["สายด่วน 1694", "35,000 บาท", "25/11/2568", "123-4-56789-0", "เลขที่ 1100200300400"]
)
def test_hotlines_sums_dates_and_accounts_are_none(text: str) -> None:
    assert find(prepare(text)) == []


def test_a_mobile_number_is_marked() -> None:
    assert find(prepare("081-234-5678"))[0].detail == {"kind": "mobile"}
    assert find(prepare("02-123-4567"))[0].detail == {}


def test_two_numbers_in_a_row_are_two() -> None:
    assert [entity.value for entity in find(prepare("081-234-5678/089-111-2222"))] == [
        "+66812345678",
        "+66891112222",
    ]
