"""Two people type at once, faster than the answers come."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from simulator.client import SimulatorClient
from tests.e2e.phones import two_phones

pytestmark = pytest.mark.browser


async def delay(route: Route) -> None:
    await asyncio.sleep(0.4)
    await route.continue_()


async def test_sending_takes_neither_the_focus_nor_the_words_typed_since(
    window: Page, simulator: SimulatorClient
) -> None:
    line, telegram = await two_phones(window, simulator)
    await window.route("**/say", delay)
    box, other = (phone.get_by_role("textbox", name="พิมพ์ข้อความ") for phone in (line, telegram))
    await box.click()
    await window.keyboard.type("หนึ่ง")
    await window.keyboard.press("Enter")
    await other.click()
    await window.keyboard.type("สอง", delay=300)
    await expect(box).to_have_value("")
    await expect(other).to_be_focused()
    await window.keyboard.press("Enter")
    await expect(telegram.locator(".row.mine")).to_contain_text("สอง")

    await box.click()
    await window.keyboard.type("สาม")
    await window.keyboard.press("Enter")
    await window.keyboard.press("Enter")
    await expect(box).to_have_value("")
    await window.keyboard.type("สี่")
    await window.keyboard.press("Enter")
    await window.keyboard.type("ห้า")
    await expect(line.locator(".row.mine")).to_have_count(3)
    await expect(box).to_have_value("ห้า")
