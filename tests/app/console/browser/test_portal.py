"""The portal of agencies in a real browser: a request from the first look to a step and a file, on a phone and a screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from app.console.texts import say
from core.accounts.sessions import start_session
from core.clock import bangkok, utc_now
from tests.app.console.browser.desk import serve
from tests.app.console.portal_house import CASES, SUMMARY, House, open_house
from tests.support.postgres import TestCluster

pytestmark = pytest.mark.browser
WIDTHS = (360, 1440)


@pytest.fixture
async def house(cluster: TestCluster, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(cluster, tmp_path) as opened:
        yield opened


async def test_an_officer_takes_a_request_tells_a_step_and_brings_a_file_in(
    house: House, chromium: Chromium
) -> None:
    request_id = await house.send()
    complaints: list[str] = []
    async with serve(house.runtime) as address:
        for width in WIDTHS:
            context = await chromium.new_context(viewport={"width": width, "height": 800})
            async with house.database.unit_of_work() as session:
                token = await start_session(session, house.officers["police"].account_id, confirmed=True)
            await context.add_cookies([{"name": "rootan", "value": token, "url": address}])
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
            )
            if width == WIDTHS[0]:
                await _take(page, f"{address}/console/portal")
                await _tell_step(page)
                await _bring_file(page, f"{address}/console/portal/exchange", str(request_id))
            await _fits(page, address, str(request_id), width)
            await context.close()
    assert complaints == []


async def _take(page: Page, home: str) -> None:
    await page.goto(home)
    await page.locator(".row-link").click()
    await expect(page.get_by_text(SUMMARY)).to_be_visible()
    await page.get_by_role("button", name=say("portal_case.accept"), exact=True).click()
    await expect(page.get_by_role("button", name=say("portal_case.begin"))).to_be_visible()


async def _tell_step(page: Page) -> None:
    """The day of today stands in the form; what is needed is asked for by the browser already."""
    await page.get_by_role("link", name=say("step.victim.protected")).click()
    await page.get_by_role("button", name=say("step_form.save")).click()
    clock = page.locator("#happened_at")
    assert await clock.evaluate("element => element.validity.valueMissing")
    await clock.fill("00:00")
    await page.get_by_role("button", name=say("step_form.save")).click()
    await expect(page.locator(".portal-steps").get_by_text(say("step.victim.protected"))).to_be_visible()


async def _bring_file(page: Page, exchange: str, case: str) -> None:
    today = bangkok(utc_now()).date()
    content = (
        f"outside_id,case,track,step,happened_on\r\nn-1,{case},prosecution,complaint,{today}\r\n#end,1\r\n"
    )
    await page.goto(exchange)
    await page.set_input_files(
        "#file", {"name": "steps.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    await page.get_by_role("button", name=say("portal_exchange.check")).click()
    await page.get_by_role("button", name=say("portal_exchange.apply", n="1")).click()
    await expect(page.get_by_text(say("portal_exchange.applied", n="1"))).to_be_visible()


async def _fits(page: Page, address: str, request_id: str, width: int) -> None:
    case = f"{CASES}/{request_id}"
    step = f"{case}/steps/new?track=prosecution&step=to_prosecutor"
    for path in ("/console/portal", f"{CASES}?which=working", case, step, "/console/portal/exchange"):
        await page.goto(address + path)
        await expect(page.locator("h1")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (path, wide)
