"""The public page of the running service: somebody with a cheap phone and no account."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.app.public.posters import draw_poster, needs_reading
from tests.e2e.conftest import listen
from tests.e2e.demo import Demo

pytestmark = pytest.mark.browser
LURE = "รับแอดมินตอบแชต ปอยเปต เดินทางฟรี ไม่ต้องใช้พาสปอร์ต แอดไลน์ @admin99"


@pytest.fixture
async def stranger(browser: Browser, demo: Demo, heard: list[str]) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 360, "height": 640}, base_url=demo.address)
    yield await listen(context, heard).new_page()
    await context.close()


async def test_a_pasted_text_gets_the_chats_verdict(stranger: Page) -> None:
    await stranger.goto("/check")
    await stranger.get_by_label("วางข้อความชวนทำงาน").fill(LURE)
    await stranger.get_by_role("button", name="ตรวจ").click()
    await expect(stranger.get_by_role("heading", name="อันตราย")).to_be_visible()
    await expect(stranger.locator(".lead")).to_have_text("อย่าเพิ่งไป อย่าเพิ่งโอน")
    await expect(stranger.locator("mark", has_text="ปอยเปต").first).to_be_visible()
    await expect(stranger.get_by_role("link", name="1694")).to_be_visible()
    assert stranger.url.endswith("/check")


@needs_reading
async def test_a_picture_gets_one_too(stranger: Page, tmp_path: Path) -> None:
    (tmp_path / "poster.png").write_bytes(draw_poster())
    await stranger.goto("/check?lang=en")
    await stranger.get_by_label("Or send a picture of it").set_input_files(tmp_path / "poster.png")
    await stranger.get_by_role("button", name="Check").click()
    await expect(stranger.get_by_role("heading", name="Danger")).to_be_visible(timeout=40_000)
    await expect(stranger.locator(".given")).to_contain_text("ปอยเปต")


async def test_whoever_pleads_for_help_reads_numbers_first(stranger: Page) -> None:
    await stranger.goto("/check")
    await stranger.fill("#text", "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป")
    await stranger.keyboard.press("Tab")
    await stranger.keyboard.press("Tab")
    await stranger.keyboard.press("Enter")
    await expect(stranger.locator(".help").get_by_role("link", name="191")).to_be_visible()
    assert await stranger.title() == "ตรวจงาน · รู้ทัน"
