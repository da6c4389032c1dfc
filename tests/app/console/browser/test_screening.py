"""Rating by keyboard alone, in a real browser: one key, one rating, and the next offer stands there."""

import pytest
from playwright.async_api import expect

from app.console.texts import say
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Demo
from tests.app.console.browser.desk import Desk
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground

pytestmark = pytest.mark.browser


async def test_one_key_rates_an_offer_and_leads_on_to_the_next(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    ground = Ground(database, keys)
    [older] = await ground.send(OFFER, await ground.person())
    [newer] = await ground.send(OTHER_OFFER, await ground.person())
    page = desk.page
    await page.set_viewport_size({"width": 360, "height": 740})
    await desk.come_in(database, demo["hotline_officer"], "/console/screening/next")
    await page.wait_for_url(f"**/offers/{newer}")
    await page.keyboard.press("s")
    await page.wait_for_url(f"**/offers/{older}?skip={newer}")
    await page.keyboard.press("y")
    await expect(page.locator("h1")).to_have_text(say("screening.done"))
    await page.get_by_role("link", name=say("screening.again")).click()
    await page.wait_for_url(f"**/offers/{newer}")
    await page.keyboard.press("2")
    await expect(page.locator("h1")).to_have_text(say("screening.done"))
    rows = await ground.rows("SELECT screening_id, band, judged_band FROM screening_label ORDER BY id")
    assert [row["screening_id"] for row in rows] == [older, newer]
    assert rows[0]["band"] == rows[0]["judged_band"]
    assert rows[1]["band"] == "caution"
