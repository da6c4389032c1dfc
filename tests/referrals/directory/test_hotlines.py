import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from core.clock import BANGKOK
from referrals.directory.hotlines import (
    all_hotlines,
    hotline,
    hotlines_for,
    is_open,
    say_hours,
    say_next_opening,
)

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)
CRISIS_KINDS = (
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse",
    "elder_abuse", "suicide", "danger",
)  # fmt: skip
# research/referral.md §3: those marked V, and none else.
VERIFIED = {"1300", "191", "1441", "1694", "1155", "1111", "02-572-8442", "1323", "1669"}


def numbers(kinds: set[str], *, abroad: bool = False, now: datetime = MONDAY) -> list[str]:
    return [found.number for found in hotlines_for(kinds, place_abroad=abroad, now=now)]


def test_only_verified_numbers_are_in_the_directory() -> None:
    assert {found.number for found in all_hotlines()} == VERIFIED


def test_every_number_says_whose_it_is_what_for_and_where_that_was_read() -> None:
    for found in all_hotlines():
        assert found.source
        assert date(2026, 1, 1) <= found.verified_at <= date(2027, 12, 31)
        assert found.kinds
        assert found.languages
        for language in ("th", "en"):
            assert found.name[language]
            assert found.purpose[language]


@pytest.mark.parametrize("kind", CRISIS_KINDS)
def test_every_kind_of_crisis_has_a_number_that_answers_at_any_hour(kind: str) -> None:
    night = datetime(2026, 11, 22, 3, 0, tzinfo=BANGKOK)
    assert any(is_open(found, night) for found in hotlines_for({kind}, place_abroad=False, now=night))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"danger"}, ["191", "1669", "1300"]),
        ({"suicide"}, ["1323", "1669"]),
        ({"suicide", "danger"}, ["1323", "191", "1669", "1300"]),
        ({"child_abuse"}, ["191", "1300"]),
        ({"money_sent"}, ["1441"]),
        ({"offer"}, ["1694"]),
        ({"tourist"}, ["1155"]),
        ({"unheard_of"}, []),
    ],
)
def test_numbers_fit_the_need_in_a_settled_order(kinds: set[str], expected: list[str]) -> None:
    assert numbers(kinds) == expected


def test_abroad_the_consular_number_comes_first_and_numbers_inside_thailand_last() -> None:
    assert numbers({"detention", "danger"}, abroad=True) == ["02-572-8442", "1300", "191", "1669"]


def test_what_is_closed_now_comes_after_what_is_open() -> None:
    assert numbers({"offer", "complaint"}) == ["1694", "1111"]
    assert numbers({"offer", "complaint"}, now=MONDAY.replace(hour=20)) == ["1111", "1694"]


@pytest.mark.parametrize(
    ("moment", "open_now", "said"),
    [
        ((23, 8, 29), False, "เปิดวันนี้ 8.30"),
        ((23, 8, 30), True, ""),
        ((23, 16, 29), True, ""),
        ((23, 16, 30), False, "เปิดพรุ่งนี้ 8.30"),
        ((27, 16, 30), False, "เปิดวันจันทร์ 8.30"),
        ((28, 12, 0), False, "เปิดวันจันทร์ 8.30"),
        ((29, 12, 0), False, "เปิดพรุ่งนี้ 8.30"),
        ((30, 0, 1), False, "เปิดวันนี้ 8.30"),
    ],
)
def test_office_hours_are_kept_to_the_minute(moment: tuple[int, int, int], open_now: bool, said: str) -> None:  # noqa: FBT001
    day, hour, minute = moment
    now = datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)
    assert is_open(hotline("1694"), now) is open_now
    if not open_now:
        assert say_next_opening(hotline("1694"), now) == said
        assert say_hours(hotline("1694"), now) == f"จ.–ศ. 8.30–16.30 · {said}"
    else:
        assert say_hours(hotline("1694"), now) == "จ.–ศ. 8.30–16.30"


def test_the_hour_is_that_of_bangkok_wherever_the_clock_stands() -> None:
    assert is_open(hotline("1694"), datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert not is_open(hotline("1694"), datetime(2026, 11, 23, 10, 0, tzinfo=UTC))


def test_hours_that_no_source_gives_are_neither_claimed_nor_denied() -> None:
    ambulance = hotline("1669")
    assert is_open(ambulance, MONDAY) is None
    assert say_hours(ambulance, MONDAY) == ""
    assert say_next_opening(ambulance, MONDAY) == ""


def test_hours_are_said_in_english_too() -> None:
    assert say_hours(hotline("191"), MONDAY, "en") == "24 h"
    assert (
        say_hours(hotline("1694"), MONDAY.replace(hour=20), "en")
        == "Mon–Fri 8:30–16:30 · opens tomorrow at 8:30"
    )


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(KeyError):
        hotline("1191")


def test_the_directory_needs_no_database() -> None:
    program = "import sys, referrals.directory.hotlines; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
