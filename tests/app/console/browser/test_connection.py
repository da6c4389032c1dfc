import pytest
from playwright.async_api import Browser, expect

from app.runtime import Runtime
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Demo
from tests.app.console.browser.desk import arrive, open_desk, serve, until_listening

pytestmark = pytest.mark.browser


async def test_a_lost_connection_shows_and_heals(
    chromium: Browser, runtime: Runtime, demo: Demo, database: Database, keys: DataKeys
) -> None:
    async with serve(runtime) as address:
        desk = await open_desk(chromium, address)
        await desk.come_in(database, demo["hotline_officer"], "/console/referrals")
        await until_listening(desk.page)
        await expect(desk.page.locator("#lost")).to_be_hidden()
    await expect(desk.page.locator("#lost")).to_be_visible(timeout=10_000)
    referral_id = await arrive(database, keys, "Dao", "...")
    async with serve(runtime, int(address.rpartition(":")[2])):
        await expect(desk.page.locator(f"#row-{referral_id}")).to_be_visible(timeout=20_000)
        await expect(desk.page.locator("#lost")).to_be_hidden()
        await desk.page.context.close()
