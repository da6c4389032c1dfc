import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from app.sandbox.desk import HERE
from simulator.client import SimulatorClient
from tests.e2e.console import sign_in
from tests.e2e.demo import Demo
from tests.support.browser import open_browser

expect.set_options(timeout=20_000)
WINDOW = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not (HERE.parent / "static" / "vendor" / "htmx.min.js").is_file():
        pytest.skip("static libraries are missing: run `make setup`")
    async with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
async def demo(browser: Browser) -> AsyncIterator[Demo]:
    """Stops, as Ctrl-C does, while the browser still holds its live channels open."""
    # Not below pytest's own folder, which every test run closes to other users, the database's among them.
    with tempfile.TemporaryDirectory(prefix="rootan-e2e-", ignore_cleanup_errors=True) as folder:
        demo = Demo(Path(folder))
        try:
            await demo.start()
            yield demo
            await demo.stop()
        finally:
            await demo.kill()


@pytest.fixture(scope="session")
async def simulator(demo: Demo) -> AsyncIterator[SimulatorClient]:
    async with demo.simulator() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def heard() -> list[str]:
    """What the browser's console complained of on any page."""
    return []


@pytest.fixture
def foreseen() -> list[str]:
    """Parts of complaints that a test brings about on purpose, however late the browser makes them."""
    return []


@pytest.fixture(autouse=True)
def no_complaint(heard: list[str], foreseen: list[str], demo: Demo) -> Iterator[None]:
    yield
    complaints = [said for said in heard if not any(part in said for part in foreseen)]
    heard[:] = []
    assert complaints == [], demo.said[-3_000:]


def listen(context: BrowserContext, heard: list[str]) -> BrowserContext:
    context.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    return context


@pytest.fixture
async def window(browser: Browser, demo: Demo, heard: list[str]) -> AsyncIterator[Page]:
    """A page of somebody who is not signed in."""
    context = await browser.new_context(viewport=WINDOW, base_url=demo.address)
    yield await listen(context, heard).new_page()
    await context.close()


@pytest.fixture(scope="session")
async def officer(browser: Browser, demo: Demo, heard: list[str]) -> Page:
    """Anong, hotline officer, signed in by keyboard alone. Her page stays open until the browser closes."""
    context = await browser.new_context(viewport=WINDOW, base_url=demo.address)
    page = await listen(context, heard).new_page()
    await sign_in(page, demo.account("anong"))
    return page


@pytest.fixture(scope="session")
async def colleague(browser: Browser, demo: Demo, heard: list[str]) -> Page:
    """Boon, supervisor, in a browser without scripts: what he sees stands still until he acts."""
    context = await browser.new_context(viewport=WINDOW, base_url=demo.address, java_script_enabled=False)
    page = await listen(context, heard).new_page()
    await sign_in(page, demo.account("boon"))
    return page


@pytest.fixture(scope="session")
async def campaigner(browser: Browser, demo: Demo, heard: list[str]) -> Page:
    """Malee, campaign manager."""
    context = await browser.new_context(viewport=WINDOW, base_url=demo.address)
    page = await listen(context, heard).new_page()
    await sign_in(page, demo.account("malee"))
    return page


@pytest.fixture(scope="session")
async def approver(browser: Browser, demo: Demo, heard: list[str]) -> Page:
    """Chai, who approves campaigns."""
    context = await browser.new_context(viewport=WINDOW, base_url=demo.address)
    page = await listen(context, heard).new_page()
    await sign_in(page, demo.account("chai"))
    return page
