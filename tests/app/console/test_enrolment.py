import re

import pytest

from core.accounts.invitations import invite, reset_second_factor
from core.accounts.second_factor import code_at, current_step
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Browser, OpenBrowser
from tests.conftest import MovableClock

PASSWORD = "ประโยคยาวพอสมควร 2569"
SECRET = re.compile(r'class="secret"><code>([A-Z2-7 ]+)</code>')
CODE = re.compile(r"<li><code>([a-z2-7-]+)</code>")


@pytest.fixture
async def link(database: Database, keys: DataKeys) -> str:
    async with database.unit_of_work() as session:
        token = await invite(session, keys, email="kanda@example.org", name="Kanda", role="campaign_manager")
    return f"/console/welcome/{token}"


async def _enrol(browser: Browser) -> list[str]:
    page = await browser.get("/console/sign-in/enrol")
    assert "<svg" in page.text
    found = SECRET.search(page.text)
    assert found is not None
    code = code_at(found[1].replace(" ", ""), current_step())
    done = await browser.post("/console/sign-in/enrol", code=code)
    return CODE.findall(done.text)


async def test_a_link_leads_from_password_to_second_factor_to_the_console(
    open_browser: OpenBrowser, link: str, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    assert (await browser.get(link)).status_code == 200
    begun = await browser.post(link, password=PASSWORD, again=PASSWORD)
    assert begun.headers["location"] == "/console/sign-in/enrol"
    assert (await browser.get("/console/campaigns")).headers["location"] == "/console/sign-in/code"
    assert (await browser.get("/console/sign-in/code")).headers["location"] == "/console/sign-in/enrol"
    codes = await _enrol(browser)
    assert len(set(codes)) == 10
    assert (await browser.get("/console/campaigns")).status_code == 200

    elsewhere = open_browser()
    await elsewhere.post("/console/sign-in", email="kanda@example.org", password=PASSWORD)
    await elsewhere.get("/console/sign-in/code")
    assert (await elsewhere.post("/console/sign-in/code", code=codes[3])).status_code == 303
    assert (await elsewhere.get("/console/campaigns")).status_code == 200


async def test_a_used_link_is_dead(open_browser: OpenBrowser, link: str) -> None:
    await open_browser().post(link, password=PASSWORD, again=PASSWORD)
    for response in (
        await open_browser().get(link),
        await open_browser().post(link, password=PASSWORD, again=PASSWORD),
        await open_browser().get("/console/welcome/never-was"),
    ):
        assert response.status_code == 404


async def test_a_weak_or_mistyped_password_leaves_the_link_alive(
    open_browser: OpenBrowser, link: str
) -> None:
    browser = open_browser()
    for password, again in (
        ("short", "short"),
        ("kanda@example.org", "kanda@example.org"),
        (PASSWORD, "other"),
    ):
        response = await browser.post(link, password=password, again=again)
        assert response.status_code == 400
        assert PASSWORD not in response.text
    assert (await browser.post(link, password=PASSWORD, again=PASSWORD)).status_code == 303


async def test_a_wrong_first_code_enrols_nothing_and_shows_the_same_secret(
    open_browser: OpenBrowser, link: str
) -> None:
    browser = open_browser()
    await browser.post(link, password=PASSWORD, again=PASSWORD)
    first = SECRET.search((await browser.get("/console/sign-in/enrol")).text)
    wrong = await browser.post("/console/sign-in/enrol", code="000000")
    second = SECRET.search(wrong.text)
    assert wrong.status_code == 400
    assert first is not None
    assert second is not None
    assert first[1] == second[1]


async def test_a_lost_second_factor_is_enrolled_anew_only_with_the_password(
    open_browser: OpenBrowser, link: str, database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    await browser.post(link, password=PASSWORD, again=PASSWORD)
    old_codes = await _enrol(browser)
    async with database.unit_of_work() as session:
        reset = f"/console/welcome/{await reset_second_factor(session, keys, 'kanda@example.org')}"
    assert (await browser.get("/console/campaigns")).headers["location"] == "/console/sign-in"
    stranger = open_browser()
    assert (await stranger.post(reset, password="a guess at it all", again="")).status_code == 401
    begun = await browser.post(reset, password=PASSWORD)
    assert begun.headers["location"] == "/console/sign-in/enrol"
    assert not set(await _enrol(browser)) & set(old_codes)


async def test_the_secret_is_never_shown_again(open_browser: OpenBrowser, link: str) -> None:
    browser = open_browser()
    await browser.post(link, password=PASSWORD, again=PASSWORD)
    await _enrol(browser)
    assert (await browser.get("/console/sign-in/enrol")).headers["location"] == "/console"
