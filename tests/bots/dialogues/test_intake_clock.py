from datetime import datetime

import pytest

from bots.dialogues.intake_clock import minutes_here, say_time, zone_there
from core.clock import BANGKOK

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("place", "there", "five_in_the_afternoon"),
    [
        ("country:MM", "9.30", 17 * 60 + 30),
        ("country:AE", "7.00", 20 * 60),
        ("country:KR", "12.00", 15 * 60),
    ],
)
def test_times_there_are_turned_into_times_here(place: str, there: str, five_in_the_afternoon: int) -> None:
    zone = zone_there({"G4c": (place,)})
    assert zone is not None
    assert say_time(NOW, zone) == there
    assert minutes_here(17 * 60, zone, NOW) == five_in_the_afternoon


def test_an_hour_of_the_night_there_may_be_of_the_day_before_here() -> None:
    assert minutes_here(30, zone_there({"G4c": ("country:KR",)}), NOW) == 22 * 60 + 30


@pytest.mark.parametrize("place", ["province:TH-50", "thailand", "sea", "abroad", "geo:13.6543,102.5501"])
def test_where_the_place_tells_no_other_clock_ours_counts(place: str) -> None:
    assert zone_there({"G4": (place,)}) is None
    assert minutes_here(17 * 60, None, NOW) == 17 * 60
