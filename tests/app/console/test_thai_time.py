from datetime import UTC, datetime, timedelta

import pytest

from app.console.thai_time import ago, exact, remaining, span, stamp

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOW, "23 พ.ย. 2569 10:00 น."),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "1 ม.ค. 2570 00:00 น."),
        (datetime(2028, 2, 28, 20, 5, tzinfo=UTC), "29 ก.พ. 2571 03:05 น."),
    ],
)
def test_it_says_dates_in_bangkok_and_the_buddhist_era(moment: datetime, shown: str) -> None:
    assert exact(moment) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "เมื่อครู่"),
        (59, "เมื่อครู่"),
        (60, "1 นาทีที่แล้ว"),
        (3_599, "59 นาทีที่แล้ว"),
        (3_600, "1 ชั่วโมงที่แล้ว"),
        (47 * 3_600, "47 ชั่วโมงที่แล้ว"),
        (48 * 3_600, "2 วันที่แล้ว"),
        (7 * 86_400, "16 พ.ย. 2569 10:00 น."),
    ],
)
def test_it_says_how_long_ago(seconds: int, shown: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == shown


def test_it_says_what_is_left_of_a_clock_and_by_how_much_it_was_missed() -> None:
    assert remaining(NOW + timedelta(minutes=5), NOW) == "เหลือเวลารับ 5 นาที"
    assert remaining(NOW + timedelta(seconds=30), NOW) == "เหลือเวลารับ ไม่ถึงนาที"
    assert remaining(NOW - timedelta(hours=3), NOW) == "เลยเวลารับมา 3 ชั่วโมง"
    assert span(0) == "ไม่ถึงนาที"


def test_it_stamps_a_line_with_the_clock_and_an_old_one_with_its_date() -> None:
    assert stamp(NOW, NOW + timedelta(hours=13)) == "10:00"
    assert stamp(NOW, NOW + timedelta(hours=15)) == "23 พ.ย. 2569 10:00 น."
