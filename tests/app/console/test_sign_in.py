from pathlib import Path

import sqlalchemy as sa

from app.runtime import Runtime
from core.accounts.second_factor import code_at, current_step
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.app.conftest import Browser, Demo, OpenBrowser, OpenBrowserOn
from tests.conftest import MovableClock


async def _audited(database: Database) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(AuditEvent).order_by(AuditEvent.at))
        return [(r.action, r.outcome) for r in rows]


async def test_it_says_the_same_of_a_wrong_password_and_a_wrong_address(
    open_browser: OpenBrowser, demo: Demo
) -> None:
    browser = open_browser()
    known = demo["supervisor"].email
    pages = [
        (await browser.post("/console/sign-in", email=email, password="not the right one")).text.replace(
            email, ""
        )
        for email in (known, "nobody@rootan.test")
    ]
    assert pages[0] == pages[1]
    nonsense = await browser.post("/console/sign-in", email="no address", password="x")
    assert nonsense.status_code == 401


async def test_it_keeps_the_address_that_was_typed_and_never_the_password(open_browser: OpenBrowser) -> None:
    page = await open_browser().post(
        "/console/sign-in", email="nobody@rootan.test", password="secret words here"
    )
    assert 'value="nobody@rootan.test"' in page.text
    assert "secret words here" not in page.text


async def test_a_code_works_once(open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock) -> None:
    step = current_step()
    assert (await open_browser().sign_in(demo["supervisor"], step=step)).status_code == 303
    again = await open_browser().sign_in(demo["supervisor"], step=step)
    assert again.status_code == 400
    assert "/console/sign-in/code" in again.text
    later = await open_browser().sign_in(demo["supervisor"], step=step + 1)
    assert later.status_code == 303


async def test_it_slows_guesses_at_the_code(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    account = demo["supervisor"]
    await browser.post("/console/sign-in", email=account.email, password=account.password)
    await browser.get("/console/sign-in/code")
    statuses = [(await browser.post("/console/sign-in/code", code=f"{n:06}")).status_code for n in range(7)]
    assert statuses == [400] * 5 + [429] * 2
    right = code_at(account.totp_secret, current_step())
    assert (await browser.post("/console/sign-in/code", code=right)).status_code == 429
    standing_clock.advance(seconds=1)
    assert (await browser.post("/console/sign-in/code", code=right)).status_code == 303


async def test_strangers_guesses_do_not_slow_a_browser_that_was_here_before(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    account = demo["supervisor"]
    hers, stranger = open_browser(), open_browser()
    await hers.sign_in(account)
    await hers.post("/console/sign-out")
    for _ in range(7):
        last = await stranger.post("/console/sign-in", email=account.email, password="a wrong password")
    assert last.status_code == 429
    standing_clock.advance(seconds=0)
    response = await hers.post("/console/sign-in", email=account.email, password=account.password)
    assert response.status_code == 303


async def test_a_token_never_gains_rights(open_browser: OpenBrowser, demo: Demo, runtime: Runtime) -> None:
    browser = open_browser()
    account = demo["supervisor"]
    await browser.post("/console/sign-in", email=account.email, password=account.password)
    halfway = browser.client.cookies["rootan"]
    await browser.get("/console/sign-in/code")
    await browser.post("/console/sign-in/code", code=code_at(account.totp_secret, current_step()))
    assert browser.client.cookies["rootan"] != halfway
    thief = open_browser()
    thief.client.cookies.set("rootan", halfway)
    assert (await thief.get("/console/referrals")).headers["location"] == "/console/sign-in"


async def test_signing_out_ends_the_session_on_the_server(anong: Browser, open_browser: OpenBrowser) -> None:
    token = anong.client.cookies["rootan"]
    response = await anong.post("/console/sign-out")
    assert response.headers["location"] == "/console/sign-in"
    assert "storage" in response.headers["clear-site-data"]
    thief = open_browser()
    thief.client.cookies.set("rootan", token)
    assert (await thief.get("/console/account")).status_code == 303


async def test_signing_out_everywhere_ends_every_device(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    first, second = open_browser(), open_browser()
    await first.sign_in(demo["supervisor"])
    standing_clock.advance(seconds=30)
    await second.sign_in(demo["supervisor"])
    await first.post("/console/sign-out-everywhere")
    assert (await second.get("/console/account")).headers["location"] == "/console/sign-in"


async def test_the_session_ends_after_half_an_hour(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    await browser.sign_in(demo["supervisor"])
    standing_clock.advance(minutes=29)
    assert (await browser.get("/console/account")).status_code == 200
    standing_clock.advance(minutes=29)
    assert (await browser.get("/console/referrals/rows")).status_code == 200
    standing_clock.advance(minutes=1)
    assert (await browser.get("/console/account")).headers["location"] == "/console/sign-in"
    fragment = await browser.client.get("/console/referrals/rows", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["hx-trigger"]) == (401, "ended")


async def test_being_here_without_opening_pages_keeps_the_session(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    await browser.sign_in(demo["supervisor"])
    for _ in range(4):
        standing_clock.advance(minutes=20)
        assert (await browser.post("/console/still-here")).status_code == 204


async def test_it_shows_the_demo_code_in_the_demo_only(
    open_browser: OpenBrowser,
    open_browser_on: OpenBrowserOn,
    demo: Demo,
    runtime: Runtime,
    standing_clock: MovableClock,
    database: Database,
    keys: DataKeys,
    tmp_path: Path,
) -> None:
    account = demo["supervisor"]
    code = code_at(account.totp_secret, current_step())
    shown = code[:3] + " " + code[3:]
    for env, expected in (("development", False), ("demo", True)):
        settings = Settings(data_dir=tmp_path / "var", env=env)
        browser = open_browser_on(type(runtime)(settings, database, keys))
        await browser.post("/console/sign-in", email=account.email, password=account.password)
        assert (shown in (await browser.get("/console/sign-in/code")).text) == expected


async def test_sign_ins_are_audited_also_when_refused(
    open_browser: OpenBrowser, demo: Demo, database: Database, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    await browser.post("/console/sign-in", email=demo["supervisor"].email, password="a wrong password")
    await browser.sign_in(demo["supervisor"])
    await browser.post("/console/sign-out")
    assert sorted(await _audited(database)) == [
        ("account.sign_in", "ok"),
        ("account.sign_in", "refused"),
        ("account.sign_out", "ok"),
    ]
