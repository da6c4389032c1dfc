"""Narrow screens, no mouse, and texts that try to break the page."""

import pytest
from playwright.async_api import Page, expect

from simulator.client import SimulatorClient
from tests.e2e.console import QUEUE, close, line, rows, take
from tests.e2e.phones import give_phones, new_person, newest, press, said, two_phones, write

pytestmark = pytest.mark.browser
OFFER = "รับแอดมินตอบแชต ปอยเปต เดินทางฟรี ไม่ต้องใช้พาสปอร์ต แอดไลน์ @admin99"
RIGHT_TO_LEFT = "\u202eข้อความกลับด้าน\u202c \u2067ซ้อน"
AWKWARD = {
    "long": "กำลังจะไปทำงาน" * 1_430,
    "emoji": "😀" * 60,
    "NUL": "ก่อน\0หลัง",
    "right to left": RIGHT_TO_LEFT,
}


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def test_the_sandbox_fits_a_small_phone(window: Page, simulator: SimulatorClient) -> None:
    await window.set_viewport_size({"width": 360, "height": 780})
    line, telegram = await two_phones(window, simulator)
    await write(line, OFFER)
    await expect(said(line, "⛔ อันตราย")).to_be_visible()
    assert await fits(window)
    await window.locator(".tabs label").nth(1).click()
    await write(telegram, OFFER)
    await expect(said(telegram, "⛔ อันตราย")).to_be_visible()
    assert await fits(window)


async def test_the_console_fits_a_small_phone(
    window: Page, officer: Page, campaigner: Page, simulator: SimulatorClient
) -> None:
    await window.set_viewport_size({"width": 360, "height": 780})
    await window.goto("/console")
    assert await fits(window)
    person = await new_person(simulator, "line")
    await simulator.say(person.id, "คุยกับเจ้าหน้าที่")
    await simulator.say(person.id, "เขาส่งลิงก์มา https://example.org/" + "a" * 300)
    wide = officer.viewport_size
    assert wide is not None
    try:
        for page, addresses in (
            (officer, (QUEUE, "/console/account")),
            (campaigner, ("/console/campaigns", "/console/campaigns/new")),
        ):
            await page.set_viewport_size({"width": 360, "height": 780})
            for address in addresses:
                await page.goto(address)
                assert await fits(page), address
        await take(officer, "ขอคุยกับเจ้าหน้าที่")
        await expect(officer.locator("#thread")).to_contain_text("example.org")
        assert await fits(officer)
        await close(officer)
    finally:
        await officer.set_viewport_size(wide)
        await campaigner.set_viewport_size(wide)


async def test_the_main_path_of_the_console_needs_no_mouse(officer: Page, simulator: SimulatorClient) -> None:
    person = await new_person(simulator, "line")
    await simulator.say(person.id, "คุยกับเจ้าหน้าที่")
    await officer.goto(QUEUE)
    await expect(rows(officer).first).to_be_visible()
    for _ in range(await rows(officer).count()):
        await officer.keyboard.press("j")
    await officer.keyboard.press("Enter")
    await officer.wait_for_url(f"**{QUEUE}/*")
    await officer.keyboard.press("c")
    await expect(officer.locator("#text")).to_be_visible()
    for _ in range(30):
        if await officer.evaluate("document.activeElement.id") == "text":
            break
        await officer.keyboard.press("Tab")
    await officer.keyboard.type("พิมพ์ได้เลยค่ะ")
    await officer.keyboard.press("Tab")
    await officer.keyboard.press("Enter")
    await expect(line(officer, "พิมพ์ได้เลยค่ะ").locator(".delivery")).to_contain_text("รับข้อความแล้ว")
    await close(officer)


async def test_awkward_texts_do_no_harm(window: Page, officer: Page, simulator: SimulatorClient) -> None:
    person = await new_person(simulator, "telegram")
    _, phone = await give_phones(window, await new_person(simulator, "line"), person)
    await write(phone, "คุยกับเจ้าหน้าที่")
    await expect(said(phone, "เลขติดตาม")).to_be_visible()
    for text in AWKWARD.values():
        await simulator.say(person.id, text[:20_000])
    await simulator.settle()
    await expect(phone.locator(".row.mine").last).to_contain_text("ซ้อน")
    await take(officer, "ขอคุยกับเจ้าหน้าที่")
    await expect(line(officer, "ข้อความกลับด้าน")).to_be_visible()
    await expect(line(officer, "กำลังจะไปทำงาน").locator(".words")).to_have_text(AWKWARD["long"][:20_000])
    await expect(line(officer, AWKWARD["emoji"])).to_be_visible()
    await expect(line(officer, "ก่อนหลัง")).to_be_visible()
    thread = await officer.locator("#thread").inner_text()
    assert not {"\u202e", "\u2067", "\0"} & set(thread)
    for page in (window, officer):
        assert await fits(page)
        size = page.viewport_size
        await page.set_viewport_size({"width": 360, "height": 780})
        assert await fits(page)
        assert size is not None
        await page.set_viewport_size(size)
    await write(phone, "ยกเลิก")
    await press(phone, "ใช่ ยกเลิก")
    await expect(newest(phone)).to_contain_text("ขอยกเลิก")
    await close(officer)
