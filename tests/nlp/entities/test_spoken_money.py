import pytest

from nlp.entities.spoken_money import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("เดือนละสี่หมื่น", "40000 THB/month"),
        ("ห้าพันบาทต่อวัน", "5000 THB/day"),
        ("วันละห้าร้อย", "500 THB/day"),
        ("ห้าร้อย", "500 THB"),
        ("หลักแสน", "100000 THB"),
        ("หลักหมื่นถึงหลักแสน", "10000-100000 THB"),
        ("สามถึงห้าหมื่น", "30000-50000 THB"),
        ("หมื่นแปดต่อเดือน", "18000 THB/month"),
        ("วันละพันห้า", "1500 THB/day"),
        ("สองหมื่นห้า", "25000 THB"),
        ("แสนกว่าบาท", "100000 THB"),
        ("ห้าสิบบาท", "50 THB"),
        ("ห้าหมื่นเยน", "50000 JPY"),
    ],
)
def test_it_reads_sums_in_words(text: str, value: str) -> None:
    (entity,) = find(prepare(text))
    assert entity.value == value
    assert (entity.start, entity.end) == (0, len(text))


@pytest.mark.parametrize("text", ["แสนดี", "สิบคน", "สองพันคน", "อายุสิบแปด", "พันธุ์ไม้ล้านนา", "สามร้อยอัตรา"])
def test_counts_and_other_words_are_no_money(text: str) -> None:
    assert find(prepare(text)) == []
