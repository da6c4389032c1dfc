"""When a message may go out and how much of it may show. Guards 9, 10."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bots.delivery.rules import AT_THE_SCREEN, FRESH, cover_for, may_go_out

# Ten in the morning in Bangkok.
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ANY_HOUR = (None, None)
MOMENT = timedelta(seconds=1)


def may(
    kind: Any, ago: timedelta | None, *, first: bool = False, hours: Any = ANY_HOUR, now: datetime = NOW
) -> bool:
    last = None if ago is None else now - ago
    return may_go_out(kind, last_inbound_at=last, may_write_first=first, hours=hours, now=now)


@pytest.mark.parametrize("kind", ["answer", "crisis", "staff", "notice", "campaign"])
def test_to_who_hides_only_answers_go_whatever_was_allowed(kind: Any) -> None:
    goes = may_go_out(
        kind, last_inbound_at=NOW, may_write_first=True, hours=ANY_HOUR, now=NOW, hidden=True
    )  # fmt: skip
    assert goes == (kind in ("answer", "crisis"))


@pytest.mark.parametrize(
    ("kind", "ago", "first", "goes"),
    [
        ("answer", None, False, True),
        ("crisis", timedelta(days=1), False, True),
        ("staff", timedelta(0), False, True),
        ("staff", FRESH, False, True),
        ("staff", FRESH + MOMENT, False, False),
        ("staff", None, False, False),
        ("staff", None, True, True),
        ("notice", FRESH, False, True),
        ("notice", FRESH + MOMENT, False, False),
        ("notice", FRESH + MOMENT, True, True),
        ("campaign", FRESH + MOMENT, False, False),
    ],
)
def test_answers_go_and_what_staff_write_waits_for_the_person(
    kind: Any, ago: timedelta | None, *, first: bool, goes: bool
) -> None:
    assert may(kind, ago, first=first) is goes


@pytest.mark.parametrize(
    ("hours", "local", "goes"),
    [
        ((540, 1020), (9, 0), True),
        ((540, 1020), (16, 59), True),
        ((540, 1020), (17, 0), False),
        ((540, 1020), (8, 59), False),
        ((1320, 360), (23, 0), True),
        ((1320, 360), (5, 59), True),
        ((1320, 360), (6, 0), False),
        ((1320, 360), (21, 59), False),
        ((None, 360), (12, 0), True),
    ],
)
def test_chosen_hours_are_hours_of_bangkok_and_may_pass_midnight(
    hours: Any, local: tuple[int, int], *, goes: bool
) -> None:
    now = datetime(2026, 11, 23, *local, tzinfo=UTC) - timedelta(hours=7)
    assert may("staff", None, first=True, hours=hours, now=now) is goes


def test_chosen_hours_mean_nothing_without_leave_to_write_first() -> None:
    assert may("staff", None, hours=(0, 1440)) is False


@pytest.mark.parametrize(
    ("kind", "ago", "cover"),
    [
        ("answer", timedelta(0), "plain"),
        ("answer", AT_THE_SCREEN, "plain"),
        ("answer", AT_THE_SCREEN + MOMENT, "notice"),
        ("crisis", AT_THE_SCREEN + MOMENT, "notice"),
        ("staff", AT_THE_SCREEN, "plain"),
        ("staff", AT_THE_SCREEN + MOMENT, "notice"),
        ("staff", None, "notice"),
        ("campaign", AT_THE_SCREEN, "covered"),
        ("campaign", AT_THE_SCREEN + MOMENT, "covered"),
        ("campaign", None, "covered"),
    ],
)
def test_only_who_is_looking_sees_the_words_at_once(kind: Any, ago: timedelta | None, cover: str) -> None:
    last = None if ago is None else NOW - ago
    assert cover_for(kind, last_inbound_at=last, now=NOW) == cover
