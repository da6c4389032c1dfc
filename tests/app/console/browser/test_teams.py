"""The pages of teams in a real browser, on a phone and on an office screen."""

from datetime import date, time

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from app.console.texts import say
from app.runtime import Runtime
from core.accounts.sessions import start_session
from core.clock import bangkok, utc_now
from referrals.teams.roster import add_member, create_team
from referrals.teams.rules import add_rule
from referrals.teams.shifts import add_shifts
from tests.app.conftest import Browser

pytestmark = pytest.mark.browser
WIDTHS = (360, 1440)


@pytest.fixture
async def team(runtime: Runtime, boon: Browser, anong: Browser) -> str:
    """A team with two people, shifts of this week and rules."""
    today: date = bangkok(utc_now()).date()
    async with runtime.database.unit_of_work() as session:
        team_id = await create_team(session, "สายด่วนกลาง")
        north = await create_team(session, "เชียงรายและชายแดนเหนือ")
        for browser, leads in ((boon, True), (anong, False)):
            await add_member(session, team_id, browser.account_id, leads=leads)
            await add_shifts(
                session, team_id=team_id, account_id=browser.account_id, day=today, starts=time(8),
                ends=time(16 if leads else 23), on_call=not leads,
            )  # fmt: skip
        for kinds, places in ((("child_abuse", "detention"), ()), ((), ("province:TH-57", "country:MM"))):
            await add_rule(
                session, team_id=north, kinds=kinds, places=places, languages=(), priorities=("P0", "P1"),
                by=boon.account_id,
            )  # fmt: skip
    return str(team_id)


async def test_every_page_fits_on_a_phone_and_on_a_screen(
    chromium: Chromium, address: str, boon: Browser, team: str, runtime: Runtime
) -> None:
    pages = (
        "/console/teams", f"/console/teams/{team}", "/console/teams/rules?place=เชียงราย&priority=P0&language=th",
        "/console/teams/days", "/console/account/addresses",
    )  # fmt: skip
    complaints: list[str] = []
    for width in WIDTHS:
        context = await chromium.new_context(viewport={"width": width, "height": 800})
        async with runtime.database.unit_of_work() as session:
            token = await start_session(session, boon.account_id, confirmed=True)
        await context.add_cookies([{"name": "rootan", "value": token, "url": address}])
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        for path in pages:
            await page.goto(address + path)
            await expect(page.locator("h1")).to_be_visible()
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, wide)
        if width == WIDTHS[0]:
            await _add_shift(page, f"{address}/console/teams/{team}")
        await context.close()
    assert complaints == []


async def _add_shift(page: Page, team: str) -> None:
    await page.goto(team)
    await page.get_by_label(say("shift.who")).select_option(label="Boon")
    await page.get_by_label(say("shift.starts")).fill("00:00")
    await page.get_by_label(say("shift.ends")).fill("07:00")
    await page.get_by_role("button", name=say("shift.save")).click()
    await expect(page.get_by_text("00:00–07:00").first).to_be_visible()
