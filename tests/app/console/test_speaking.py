import string

import pytest

from app.console.texts import load_texts, say, spoken
from app.console.thai_time import exact
from core.clock import utc_now
from core.languages import WHOLE
from tests.app.conftest import Browser


def test_whatever_is_said_in_one_language_is_said_in_the_other_with_the_same_places_to_fill() -> None:
    thai, english = (load_texts(language) for language in WHOLE)
    assert thai.keys() == english.keys()
    for key, text in thai.items():
        assert _places(text) == _places(english[key]), key


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


async def test_a_browser_is_answered_in_the_language_it_chose(anong: Browser) -> None:
    assert '<html lang="th"' in (await anong.get("/console/account")).text
    answer = await anong.post("/console/language", language="en", back="/console/account")
    assert answer.headers["location"] == "/console/account"
    page = (await anong.get("/console/account")).text
    assert '<html lang="en"' in page
    assert "Sign out" in page
    await anong.post("/console/language", language="th")
    assert '<html lang="th"' in (await anong.get("/console/account")).text


async def test_a_browser_keeps_the_ground_it_chose(anong: Browser) -> None:
    assert 'data-bs-theme="light"' in (await anong.get("/console/account")).text
    await anong.post("/console/theme", theme="dark")
    assert 'data-bs-theme="dark"' in (await anong.get("/console/account")).text


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/console\\@x", "/check"]
)
async def test_changing_it_leads_nowhere_outside_the_console(anong: Browser, back: str) -> None:
    assert (await anong.post("/console/theme", theme="dark", back=back)).headers["location"] == "/console"


async def test_an_unknown_language_is_refused_and_an_odd_cookie_is_thai(anong: Browser) -> None:
    assert (await anong.post("/console/language", language="xx")).status_code == 400
    anong.client.cookies.set("rootan-language", "../en")
    assert '<html lang="th"' in (await anong.get("/console/account")).text


def test_years_are_those_of_the_language() -> None:
    moment = utc_now()
    token = spoken.set("en")
    try:
        english = exact(moment)
        assert say("frame.back") == "Back"
    finally:
        spoken.reset(token)
    assert str(moment.year) in english
    assert str(moment.year + 543) in exact(moment)
