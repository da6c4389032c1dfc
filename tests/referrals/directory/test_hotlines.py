import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.clock import BANGKOK
from referrals.directory.hotlines import (
    Directory,
    Hotline,
    all_hotlines,
    hotline,
    hotlines_for,
    is_open,
    lay_open,
    say_hours,
    say_next_opening,
    shipped_hotlines,
)

ROOT = Path(__file__).parents[3]

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


def test_what_a_dialogue_or_a_lesson_names_stays_whatever_its_age() -> None:
    named = {
        number
        for path in [*(ROOT / "bots/dialogues").glob("*.py"), *(ROOT / "app/public").glob("*.py")]
        for number in re.findall(r'"(\d{3,4}|\d\d-\d{3}-\d{4})"', path.read_text("utf-8"))
        if number in VERIFIED
    }
    lessons = {
        number
        for path in (ROOT / "campaigns/packs").glob("*.toml")
        for line in re.findall(r"^call = (.+)$", path.read_text("utf-8"), re.MULTILINE)
        for number in re.findall(r'"([^"]+)"', line)
    }
    assert len(named) > 4
    assert len(lessons) > 2
    assert named | lessons | {"191", "1300", "1669"} <= {h.key for h in shipped_hotlines() if h.stays}


@pytest.fixture
def _desk_of_today() -> Iterator[None]:
    yield
    lay_open(None)


def changed(key: str, **fields: Any) -> Hotline:
    return msgspec.structs.replace(hotline(key), **fields)


def opened(*entries: Hotline, free_days: frozenset[date] = frozenset()) -> None:
    """Lay a directory open in which these entries stand in the place of those of the same key, or after them."""
    keys = {entry.key for entry in entries}
    lay_open(Directory((*(h for h in shipped_hotlines() if h.key not in keys), *entries), free_days))


@pytest.mark.usefixtures("_desk_of_today")
def test_dialogues_find_a_changed_number_under_its_old_name() -> None:
    opened(changed("1694", number="1506"))
    assert hotline("1694").number == "1506"
    assert numbers({"offer"}) == ["1506"]
    lay_open(None)
    assert numbers({"offer"}) == ["1694"]


@pytest.mark.usefixtures("_desk_of_today")
def test_an_old_entry_says_when_it_was_checked_or_is_hidden_as_it_says_itself() -> None:
    last = hotline("1111").holds_until
    assert last == date(2026, 11, 23) + timedelta(days=180)
    in_time = datetime(last.year, last.month, last.day, 23, 59, tzinfo=BANGKOK)
    late = in_time + timedelta(minutes=1)
    assert say_hours(hotline("1111"), in_time) == "24 ชม."
    assert say_hours(hotline("1111"), late) == "24 ชม. · ตรวจล่าสุด 23 พ.ย. 2569"
    assert say_hours(hotline("1669"), late, "en") == "last checked 23 Nov 2026"
    opened(changed("1111", when_old="hidden"))
    assert numbers({"complaint"}, now=in_time) == ["1111"]
    assert numbers({"complaint"}, now=late) == []


@pytest.mark.usefixtures("_desk_of_today")
@pytest.mark.parametrize("key", ["191", "1300", "1669"])
def test_what_lives_hang_on_is_never_hidden(key: str) -> None:
    opened(changed(key, when_old="hidden", holds_days=1))
    assert key in numbers({"danger"}, now=MONDAY.replace(year=2036))
    assert "ตรวจล่าสุด" in say_hours(hotline(key), MONDAY.replace(year=2036))


@pytest.mark.usefixtures("_desk_of_today")
@pytest.mark.parametrize("mark", ["P", "U"])
def test_what_is_not_verified_stays_out_of_what_citizens_see(mark: Any) -> None:
    opened(changed("1111", mark=mark))
    assert numbers({"complaint"}) == []


@pytest.mark.usefixtures("_desk_of_today")
def test_on_a_public_holiday_only_what_a_source_says_is_claimed() -> None:
    free = frozenset({date(2026, 11, 23), date(2026, 11, 24)})
    opened(free_days=free)
    assert is_open(hotline("1694"), MONDAY) is None
    opened(changed("1694", holidays="open"), free_days=free)
    assert is_open(hotline("1694"), MONDAY) is True
    opened(changed("1694", holidays="closed"), free_days=free)
    assert is_open(hotline("1694"), MONDAY) is False
    assert say_hours(hotline("1694"), MONDAY) == "จ.–ศ. 8.30–16.30 · หยุดวันหยุดราชการ · เปิดวันพุธ 8.30"
    assert is_open(hotline("191"), MONDAY) is True


@pytest.mark.usefixtures("_desk_of_today")
def test_after_a_week_of_holidays_the_day_is_named_by_its_date() -> None:
    free = frozenset(date(2026, 11, 23) + timedelta(days=n) for n in range(8))
    opened(changed("1694", holidays="closed"), free_days=free)
    assert say_next_opening(hotline("1694"), MONDAY) == "เปิด 1 ธ.ค. 8.30"
