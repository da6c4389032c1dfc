import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.questionnaires.hours import find_hours


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("18:00-21:00", "18:00-21:00"),
        ("18.00 - 21.00 น.", "18:00-21:00"),
        ("18-21", "18:00-21:00"),
        ("๑๘.๐๐-๒๑.๐๐", "18:00-21:00"),
        ("6โมงเย็นถึง3ทุ่ม", "18:00-21:00"),
        ("หกโมงเย็นถึงสามทุ่ม", "18:00-21:00"),
        ("หลังสองทุ่มครึ่ง", "20:30-22:00"),
        ("หลังสี่ทุ่ม", "22:00-23:00"),
        ("ก่อนเที่ยง", "08:00-12:00"),
        ("ก่อนตีห้า", "00:00-05:00"),
        ("บ่ายสองถึงบ่ายสี่", "14:00-16:00"),
        ("บ่ายโมง", "13:00-14:00"),
        ("สิบเอ็ดโมง", "11:00-12:00"),
        ("เที่ยงคืนถึงตีสอง", "00:00-02:00"),
        ("21-24", "21:00-00:00"),
        ("6pm to 9pm", "18:00-21:00"),
        ("12am-1am", "00:00-01:00"),
        ("after 8 pm", "20:00-22:00"),
    ],
)
def test_hours_are_understood_as_people_type_them(typed: str, span: str) -> None:
    assert find_hours(typed) == f"time:{span}"


@pytest.mark.parametrize(
    "typed", ["3", "ตอนไหนก็ได้", "0812345678", "25:00-26:00", "18:75", "18-18", "1 2 3", ""]
)
def test_what_is_no_time_is_none(typed: str) -> None:
    assert find_hours(typed) is None


@given(st.text(alphabet="0123456789:.- ทุ่มโมงเย็นเที่ยงคืนตีบ่ายถึงครึ่งหลังก่อน", max_size=30))
@settings(deadline=None)
def test_whatever_is_typed_gives_a_span_of_the_day_or_none(typed: str) -> None:
    found = find_hours(typed)
    assert found is None or re.fullmatch(r"time:([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", found)
