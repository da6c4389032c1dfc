from collections.abc import Iterator

import pytest

from app.console.provinces import provinces_to_choose, say_province
from app.console.texts import spoken
from core.languages import Language
from nlp.places import provinces_by_name

FIRST = {"th": "กระบี่", "en": "Amnat Charoen"}


@pytest.fixture(params=["th", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    token = spoken.set(request.param)
    yield request.param
    spoken.reset(token)


def test_every_province_that_an_offer_may_name_is_said_and_chosen_in_order(language: Language) -> None:
    by_name, _ = provinces_by_name()
    names = {place.name for place in by_name.values()}
    chosen = provinces_to_choose(names)
    assert len(chosen) == len(names) == 77
    assert all(words.isascii() == (language == "en") for _, words in chosen)
    assert chosen[0][1] == FIRST[language]


def test_a_name_that_no_directory_has_is_said_as_it_is(language: Language) -> None:
    assert say_province("พระนคร") == "พระนคร"
    assert provinces_to_choose(["พระนคร", "ระยอง"])[1] == ("พระนคร", "พระนคร")
