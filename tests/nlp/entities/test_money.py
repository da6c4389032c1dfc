import pytest

from nlp.entities.money import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("เดือนละ 35,000 บาท", "35000 THB/month"),
        ("35,000 บาท/เดือน", "35000 THB/month"),
        ("๓๕,๐๐๐ บาทต่อเดือน", "35000 THB/month"),
        ("วันละ 500", "500 THB/day"),
        ("450+ ต่อวัน", "450 THB/day"),
        ("รายได้ 1,200-2,200 บาทต่อวัน", "1200-2200 THB/day"),
        ("20,000 บาท/สัปดาห์", "20000 THB/week"),
        ("30k", "30000 THB"),
        ("3หมื่น+", "30000 THB"),
        ("3-5 หมื่น", "30000-50000 THB"),
        ("1.2 แสนบาท", "120000 THB"),
        ("30K-50K", "30000-50000 THB"),
        ("800.-/วัน", "800 THB/day"),
        ("รายวัน 800", "800 THB/day"),
        ("คืนละ 1,200", "1200 THB/day"),
        ("ใบละ 3 บาท", "3 THB/piece"),
        ("5 ร้อย/วัน", "500 THB/day"),
        ("วันละ 8OO", "800 THB/day"),
        ("เงินเดือน 18,000-25,000", "18000-25000 THB/month"),
        ("$1,200 per month", "1200 USD/month"),
        ("3,000 ริงกิต", "3000 MYR"),
        ("200,000 เยน", "200000 JPY"),
        ("แอดมิน 35,000 ไม่ใช้วุฒิ", "35000 THB"),
        ("ครั้งละ 20 บาท", "20 THB/piece"),
    ],
)
def test_it_reads_sum_currency_and_period(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


@pytest.mark.parametrize(
    "text", ["ปี 2568 รับ 50 อัตรา", "รับสมัคร 1,912 อัตรา", "อายุ 18-35 ปี", "โทร 1694", "พันธุ์ไม้ล้านนา", "5 คน"]
)
def test_counts_years_and_ages_are_no_money(text: str) -> None:
    assert find(prepare(text)) == []


def test_the_details_are_numbers() -> None:
    (entity,) = find(prepare("วันละ 500-800 บาท"))
    assert entity.detail == {"amount": 500.0, "amount_to": 800.0, "currency": "THB", "period": "day"}
