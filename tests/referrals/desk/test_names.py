import pytest

from referrals.desk.names import names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ผมชื่อสมชายทำงานที่ปอยเปต", {"สมชาย"}),
        ("ชื่อ สมชาย ใจดี ค่ะ", {"สมชาย", "สมชายใจดี"}),
        ("นางสาวมาลีวัลย์ ทองดี", {"มาลี", "มาลีวัลย์", "มาลีวัลย์ทองดี"}),
        ("นายหน้าชื่อวิชัยพาไป", {"วิชัย"}),
        ("หนูชื่อแอนค่ะ", {"แอน"}),
        ("my name is Somchai Jaidee", {"somchai", "somchai jaidee"}),
    ],
)
def test_a_name_stands_behind_a_word_that_announces_it(text: str, names: set[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize("text", ["นายจ้างยึดพาสปอร์ต", "นายหน้าเก็บบัตร", "สมชายทำงาน", "", "นางแบบ"])
def test_nothing_else_is_taken_for_a_name(text: str) -> None:
    assert names_in(text) == set()
