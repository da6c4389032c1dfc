from datetime import datetime

import pytest

from app.public.dialling import calls_for, dial, with_numbers
from core.clock import BANGKOK

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("saying", "dialled"),
    [
        ("เช็กกับ 1694 กรมการจัดหางาน (จ.–ศ. 8.30–16.30)", ["1694"]),
        ("โทร 02-572-8442 จากต่างประเทศ +66 2 572 8442", ["025728442", "+6625728442"]),
        ("เงินเดือน 1300 บาท 11300 13000 1,300 1300.5", ["1300"]),
        ("ไม่มีเบอร์", []),
    ],
)
def test_numbers_of_the_directory_can_be_pressed(saying: str, dialled: list[str]) -> None:
    stretches = list(with_numbers(saying))
    assert "".join(one.text for one in stretches) == saying
    assert [one.dial for one in stretches if one.dial] == dialled


def test_a_telephone_takes_digits_and_the_plus() -> None:
    assert dial("+66 2 572 8442") == "+6625728442"


def test_only_verified_numbers_are_given_and_at_most_four() -> None:
    calls = calls_for(frozenset({"danger", "suicide", "trafficking"}), abroad=True, now=MONDAY, language="th")
    assert len(calls) == 4
    assert calls[0].from_abroad == "+66 2 572 8442"
    assert [call.number for call in calls if call.only_in_thailand] == ["191"]


def test_somebody_at_home_is_not_told_where_numbers_work() -> None:
    calls = calls_for(frozenset({"danger"}), abroad=False, now=MONDAY, language="en")
    assert not any(call.only_in_thailand for call in calls)
    assert calls[0].name == "Police"
