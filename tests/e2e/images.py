"""Takes the README's pictures from a demo of its own: `python -m tests.e2e.images`."""

import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from app.sandbox.words import SAMPLES
from tests.e2e.console import QUEUE, reply, rows, sign_in
from tests.e2e.demo import Demo
from tests.e2e.phones import answers, give_phones, new_person, newest, press, said, write
from tests.support.browser import ARGUMENTS, installed_browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZE = {"width": 1280, "height": 900}
_COLOURS = 256


async def take_images() -> None:
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder))
        try:
            await demo.start()
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=installed_browser(), args=ARGUMENTS
                )
                await _show_phones(browser, demo)
                await _show_case(browser, demo)
                await browser.close()
            await demo.stop()
        finally:
            await demo.kill()


async def _page(browser: Browser, demo: Demo) -> Page:
    return await (await browser.new_context(viewport=SIZE, base_url=demo.address)).new_page()


async def _show_phones(browser: Browser, demo: Demo) -> None:
    """An offer judged on LINE; on Telegram one that is asked about."""
    page = await _page(browser, demo)
    await page.goto("/sandbox")
    line, telegram = page.locator(".number-0"), page.locator(".number-1")
    for phone in (telegram, line):
        await write(phone, "สวัสดีค่ะ")
        await expect(said(phone, "เรื่องข้อมูลของคุณ")).to_be_visible()
    await write(telegram, SAMPLES[1].text)
    await expect(said(telegram, "อันตราย")).to_be_visible()
    await write(line, SAMPLES[0].text)
    await expect(line.locator(".fx-bubble")).to_be_visible()
    await page.wait_for_timeout(500)
    await line.locator(".chat").evaluate(
        "chat => { const card = chat.querySelector('.fx-bubble').getBoundingClientRect();"
        " chat.scrollTop += card.top - chat.getBoundingClientRect().top - 48 }"
    )
    await telegram.locator(".chat").evaluate(
        "chat => { const rows = chat.querySelectorAll('.row.theirs'); const last = rows[rows.length - 1];"
        " chat.scrollTop += last.getBoundingClientRect().top - chat.getBoundingClientRect().top - 48 }"
    )
    await page.mouse.click(1_200, 860)
    await _save(page, "sandbox")


async def _show_case(browser: Browser, demo: Demo) -> None:
    """A plea that staff took and answered."""
    phones, page = await _page(browser, demo), await _page(browser, demo)
    async with demo.simulator() as simulator:
        people = [await new_person(simulator, "line"), await new_person(simulator, "telegram")]
    _, telegram = await give_phones(phones, people[0], people[1])
    await write(telegram, "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป ออกไปไหนไม่ได้")
    await press(telegram, "สะดวก")
    await expect(newest(telegram)).to_contain_text("พิมพ์มาได้เลย")
    await write(telegram, "มีคนเฝ้าข้างล่าง พิมพ์ได้แป๊บเดียว")
    await sign_in(page, demo.account("anong"))
    await page.goto(QUEUE)
    await rows(page).filter(has_text="P0").first.click()
    await page.get_by_role("button", name="รับเรื่อง").click()
    await reply(page, "เราอ่านแล้วค่ะ พิมพ์สั้น ๆ ได้เลย เห็นป้ายหรือชื่อตึกอะไรบ้างคะ")
    await expect(answers(telegram).last).to_contain_text("ชื่อตึก")
    await write(telegram, "ป้ายโรงแรมสีแดง อยู่ชั้นสาม หลังตลาด")
    await expect(page.locator("#thread")).to_contain_text("ชั้นสาม")
    await _save(page, "console")


async def _save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(await page.screenshot()))
    IMAGES.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(_COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    asyncio.run(take_images())
