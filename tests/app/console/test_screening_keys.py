"""Rating by keyboard alone, in a real browser: one key, one rating, and the next offer stands there."""

import asyncio
import dataclasses
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import expect

from app.console.texts import say
from app.faces.drawing import VENDOR
from app.main import create_app
from app.runtime import Runtime
from core.accounts.roster import find_account
from core.accounts.sessions import start_session
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Demo
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground
from tests.support.browser import open_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (VENDOR / "htmx.min.js").is_file(), reason="static libraries are missing: run `make setup`"
    ),
]


@pytest.fixture
async def address(runtime: Runtime) -> AsyncIterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = runtime.settings.model_copy(update={"base_url": address})
    application = create_app(dataclasses.replace(runtime, settings=settings))
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield address
    server.should_exit = True
    await serving


async def test_one_key_rates_an_offer_and_leads_on_to_the_next(
    address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    ground = Ground(database, keys)
    [older] = await ground.send(OFFER, await ground.person())
    [newer] = await ground.send(OTHER_OFFER, await ground.person())
    async with database.unit_of_work() as session:
        account = await find_account(session, demo["hotline_officer"].email)
        assert account is not None
        token = await start_session(session, account.id, confirmed=True)
    async with open_browser() as chromium:
        context = await chromium.new_context(viewport={"width": 360, "height": 740})
        await context.add_cookies([{"name": "rootan", "value": token, "url": address}])
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        await page.goto(f"{address}/console/screening/next")
        await page.wait_for_url(f"**/offers/{newer}")
        await page.keyboard.press("s")
        await page.wait_for_url(f"**/offers/{older}?skip={newer}")
        await page.keyboard.press("y")
        await expect(page.locator("h1")).to_have_text(say("screening.done"))
        await page.get_by_role("link", name=say("screening.again")).click()
        await page.wait_for_url(f"**/offers/{newer}")
        await page.keyboard.press("2")
        await expect(page.locator("h1")).to_have_text(say("screening.done"))
        assert complaints == []
    rows = await ground.rows("SELECT screening_id, band, judged_band FROM screening_label ORDER BY id")
    assert [row["screening_id"] for row in rows] == [older, newer]
    assert rows[0]["band"] == rows[0]["judged_band"]
    assert rows[1]["band"] == "caution"
