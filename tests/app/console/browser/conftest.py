"""One Chromium for all of the console's tests that need one."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from app.faces.drawing import VENDOR
from app.runtime import Runtime
from tests.app.console.browser.desk import Desk, open_desk, serve
from tests.support.browser import open_browser


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if not (VENDOR / "htmx.min.js").is_file():
        pytest.skip("static libraries are missing: run `make setup`")
    async with open_browser() as browser:
        yield browser


@pytest.fixture
async def address(runtime: Runtime) -> AsyncIterator[str]:
    async with serve(runtime) as address:
        yield address


@pytest.fixture
async def desk(chromium: Browser, address: str) -> AsyncIterator[Desk]:
    desk = await open_desk(chromium, address)
    yield desk
    await desk.page.context.close()
    assert desk.complaints == []
