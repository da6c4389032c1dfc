import pytest

from nlp.entities.age import find
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
    ],
)
def test_it_reads_ages(text: str, value: str, kind: str) -> None:
    (entity,) = find(prepare(text))
    assert (entity.value, entity.detail["kind"]) == (value, kind)


@pytest.mark.parametrize("text", ["สัญญา 2 ปี", "ปี 2568", "วีซ่า 3-5 ปี"])
def test_lengths_of_contracts_are_no_ages(text: str) -> None:
    assert find(prepare(text)) == []
