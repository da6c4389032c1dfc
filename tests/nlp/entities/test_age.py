import pytest

from nlp.entities.age import find, gender_limits
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("อายุ 18-35 ปี", "18-35", "asked"),
        ("อายุ 15 ปีขึ้นไป", "15-", "asked"),
        ("อายุไม่เกิน 40 ปี", "-40", "asked"),
        ("หนูอายุ 13", "13", "stated"),
        ("20-35 ปี", "20-35", "asked"),
        ("อายุ ๑๘ - ๓๕ ปี", "18-35", "asked"),
        ("อายุไม่ต่ำกว่า 20 ปี", "20-", "asked"),
        ("ต่ำกว่า 18 ปีก็รับ", "-18", "asked"),
        ("รับ 18+", "18-", "asked"),
        ("สาวๆ 16-20", "16-20", "asked"),
    ],
)
def test_it_reads_ages(text: str, value: str, kind: str) -> None:
    (entity,) = find(prepare(text))
    assert (entity.value, entity.detail["kind"]) == (value, kind)


@pytest.mark.parametrize("text", ["สัญญา 2 ปี", "ปี 2568", "วีซ่า 3-5 ปี", "ทำงาน 18+ ชั่วโมง", "หญิง 15-20 คน"])
def test_lengths_of_contracts_are_no_ages(text: str) -> None:
    assert find(prepare(text)) == []


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("หญิง อายุ 18-30 ปี", "female"),
        ("20-35 ปี เพศชาย", "male"),
        ("ชาย/หญิง อายุ 20-35 ปี", ""),
        ("ชายแดน 20-30 ปี", ""),
    ],
)
def test_the_sex_named_beside_an_age_is_kept(text: str, gender: str) -> None:
    assert find(prepare(text))[0].detail.get("gender", "") == gender


@pytest.mark.parametrize(
    ("text", "genders"),
    [
        ("รับเฉพาะผู้หญิง", ["female"]),
        ("เพศชาย", ["male"]),
        ("girls only", ["female"]),
        ("รับชาย/หญิง", []),
        ("เพศหญิงหรือชาย", []),
        ("ผู้หญิงคนนั้น", []),
    ],
)
def test_it_reads_limits_of_sex(text: str, genders: list[str]) -> None:
    assert [entity.value for entity in gender_limits(prepare(text))] == genders
