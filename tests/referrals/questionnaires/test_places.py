import tomllib
from importlib import resources

import pytest

from referrals.questionnaires.places import (
    place_of,
    point_answer,
    say_place,
    zone_of,
)
from tests.referrals.questionnaires.paths import said

TABLE = tomllib.loads(resources.files("referrals.questionnaires").joinpath("places.toml").read_text("utf-8"))


def test_a_pin_is_rounded_and_says_where_it_is_surely_abroad() -> None:
    assert point_answer(13.756331, 100.501762) == ("geo:13.7563,100.5018",)
    assert point_answer(25.2048, 55.2708) == ("geo:25.2048,55.2708", "abroad")
    assert point_answer(13.0, 103.0) == ("geo:13.0000,103.0000",)
    assert point_answer(91, 0) is None
    assert point_answer(0, 181) is None


def test_the_stored_place_is_the_most_exact_one_but_never_a_pin() -> None:
    assert place_of(said(G4="thailand", G4p="province:TH-63")) == "province:TH-63"
    assert place_of(said(G4="geo:13.7500,100.5000", G4b="abroad", G4c="country:KH")) == "country:KH"
    assert place_of(said(G4="geo:25.2048,55.2708 abroad")) == "abroad"
    assert place_of(said(G4="geo:13.7500,100.5000")) is None
    assert place_of(said(G4="sea")) == "sea"
    assert place_of(said(G4="skip", G4p="unsure")) is None


def test_a_place_is_said_in_both_languages() -> None:
    assert say_place("province:TH-10", "en") == "Bangkok"
    assert say_place("country:AE") == "สหรัฐอาหรับเอมิเรตส์"
    assert say_place("sea") == "บนเรือ"
    assert say_place("abroad", "en") == "Abroad"
    assert say_place("geo:13.7563,100.5018") == "พิกัด 13.7563,100.5018"
    with pytest.raises(KeyError):
        say_place("country:XX")


def test_the_time_zone_is_that_of_the_place() -> None:
    assert zone_of("province:TH-63") == "Asia/Bangkok"
    assert zone_of("country:KR") == "Asia/Seoul"
    assert zone_of("country:AE") == "Asia/Dubai"
    assert zone_of("sea") is None
    assert zone_of("geo:13.7563,100.5018") is None
