import pytest

from app.public.pace import _MOST_KNOWN, Pace, address_key


def test_a_burst_passes_and_the_next_waits_until_the_bucket_fills() -> None:
    pace = Pace(burst=3, per_minute=6)
    assert [pace.take(b"me", 100) for _ in range(3)] == [0, 0, 0]
    assert pace.take(b"me", 100) == 10
    assert pace.take(b"me", 105) == 5
    assert pace.take(b"me", 110) == 0
    assert pace.take(b"me", 110) == 10


def test_each_address_has_its_own() -> None:
    pace = Pace(burst=1, per_minute=1)
    assert pace.take(b"me", 0) == 0
    assert pace.take(b"somebody", 0) == 0
    assert pace.take(b"me", 0) > 0


def test_several_at_once_count_as_several() -> None:
    pace = Pace(burst=4, per_minute=60)
    assert pace.take(b"me", 0, 3) == 0
    assert pace.take(b"me", 0, 3) == 2


def test_it_remembers_only_so_many() -> None:
    pace = Pace(burst=1, per_minute=1)
    for number in range(_MOST_KNOWN + 10):
        pace.take(number.to_bytes(4), 0)
    assert len(pace._buckets) == _MOST_KNOWN


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
        ("unix:socket", "", False),
    ],
)
def test_a_household_is_one_address(one: str, other: str, *, same: bool) -> None:
    assert (address_key(one) == address_key(other)) is same


def test_a_key_does_not_show_the_address() -> None:
    assert len(address_key("203.0.113.9")) == 16
    assert b"203" not in address_key("203.0.113.9")
