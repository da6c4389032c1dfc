from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from app.sandbox.desk import HERE
from tests.app.sandbox.standin import AFTER_PRESS, StandIn, a_picture, run_page, run_stand_in
from tests.support.browser import open_browser

VENDOR = HERE.parent / "static" / "vendor"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (VENDOR / "htmx.min.js").is_file(), reason="static libraries are missing: run `make setup`"
    ),
]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
async def bot() -> AsyncIterator[StandIn]:
    """Thinks for a moment, so that its dots can be seen."""
    async with run_stand_in(think_s=0.5) as bot:
        yield bot


@pytest.fixture
async def address(bot: StandIn) -> AsyncIterator[str]:
    async with run_page(bot.simulator) as address:
        yield f"{address}/sandbox"


@pytest.fixture
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The open page; whatever its policy or its script complains of fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    yield page
    await context.close()
    assert complaints == []


def phone(page: Page, number: int) -> Locator:
    return page.locator(f".number-{number}")


async def write(phone: Locator, text: str) -> None:
    await phone.get_by_role("textbox").fill(text)
    await phone.get_by_role("textbox").press("Enter")


async def test_a_message_on_line_gets_its_card_and_a_pressed_button_its_answer(page: Page) -> None:
    line = phone(page, 0)
    await write(line, "แอดมินปอยเปต ไม่ต้องมีพาสปอร์ต")
    await expect(line.locator(".row.mine").last).to_contain_text("แอดมินปอยเปต")
    await expect(line.get_by_role("textbox")).to_have_value("")
    await expect(line.get_by_role("status", name="กำลังพิมพ์")).to_be_visible()
    card = line.locator(".fx-bubble").last
    await expect(card).to_contain_text("อย่าเพิ่งไป อย่าเพิ่งโอน")
    band = card.locator(".fx-header > .fx-box")
    await expect(band).to_have_css("background-color", "rgb(180, 35, 24)")
    await expect(line.locator(".lock-line")).to_contain_text("ผลตรวจข้อความของคุณพร้อมแล้ว")
    await expect(card.get_by_role("button", name="แจ้งเรื่องนี้")).to_be_in_viewport()
    await card.get_by_role("button", name="แจ้งเรื่องนี้").click()
    await expect(line.locator(".row.mine").last).to_contain_text("แจ้งเรื่องนี้")
    await expect(line.locator(".row.theirs").last).to_contain_text(AFTER_PRESS)
    await expect(line.locator(".via").last).to_have_text("push · นับโควตา")


async def test_a_message_on_telegram_gets_marked_text_with_buttons(page: Page) -> None:
    telegram = phone(page, 1)
    await write(telegram, "ไปทำงานดูไบ")
    answer = telegram.locator(".row.theirs").last
    await expect(answer.locator(".run.bold").first).to_have_text("⛔ อันตราย")
    await expect(answer.locator(".text.quote")).to_have_text("“ไม่มีพาสปอร์ตก็ไปได้”")
    await answer.get_by_role("button", name="คุยกับเจ้าหน้าที่").click()
    await expect(telegram.locator(".row.theirs").last).to_contain_text(AFTER_PRESS)


async def test_the_panel_follows_one_message(page: Page) -> None:
    await write(phone(page, 0), "เส้นทางของฉัน")
    journey = page.locator(".journey").first
    await expect(journey).to_contain_text("เส้นทางของฉัน")
    await expect(journey).to_contain_text("ตอบด้วย reply token")
    webhook = journey.locator(".step.in")
    await webhook.locator("summary").click()
    await expect(webhook.locator(".proof dt")).to_have_text("x-line-signature")
    await expect(webhook.locator("pre").first).to_contain_text('"replyToken"')
    await write(phone(page, 1), "อีกข้อความ")
    await expect(page.locator(".journey").first).to_contain_text("อีกข้อความ")
    await expect(page.locator(".journey").nth(1).locator(".step.in pre").first).to_contain_text(
        '"replyToken"'
    )


async def test_a_sample_is_inserted_with_one_press_and_not_yet_sent(page: Page) -> None:
    line = phone(page, 0)
    before = await line.locator(".row").count()
    await line.get_by_text("ข้อความตัวอย่าง", exact=True).click()
    await line.get_by_role("button", name="แพ็กสบู่ มัดจำก่อน").click()
    assert "มัดจำอุปกรณ์" in await line.get_by_role("textbox").input_value()
    await expect(line.get_by_role("textbox")).to_be_focused()
    assert await line.locator(".row").count() == before


async def test_a_picture_can_be_sent_and_seen(page: Page) -> None:
    line = phone(page, 0)
    await line.locator("input[type=file]").set_input_files(
        {"name": "ป้าย.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    shown = line.locator(".row.mine").last.locator("img")
    await expect(shown).to_have_js_property("naturalWidth", 60)


async def test_another_person_takes_the_phone(page: Page) -> None:
    await page.get_by_label("มือถือของ").first.select_option(label="เอก · LINE")
    line = phone(page, 0)
    await expect(line.locator(".way-in")).to_contain_text("ยังไม่ได้เพิ่มบัญชีนี้เป็นเพื่อน")
    await line.locator(".way-in button").click()
    await expect(line.locator(".way-in")).to_have_count(0)
    await expect(page.locator(".journey").first).to_contain_text("เพิ่มเพื่อน")


async def test_everything_is_reached_by_keyboard(page: Page) -> None:
    line = phone(page, 0)
    await write(line, "ทักด้วยแป้นพิมพ์")
    await expect(line.locator(".fx-bubble").last).to_be_visible()
    button = line.locator(".fx-bubble").last.get_by_role("button", name="คุยกับเจ้าหน้าที่")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(line.locator(".row.theirs").last).to_contain_text(AFTER_PRESS)


async def test_a_narrow_screen_shows_one_phone_and_the_panel_below(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 780})
    await expect(phone(page, 0)).to_be_visible()
    await expect(phone(page, 1)).to_be_hidden()
    await page.locator(".tabs label").nth(1).click()
    await expect(phone(page, 0)).to_be_hidden()
    await write(phone(page, 1), "จากจอแคบ")
    await expect(phone(page, 1).locator(".row.theirs").last).to_contain_text("อันตราย")
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    below = await page.locator(".behind").bounding_box()
    above = await phone(page, 1).bounding_box()
    assert below is not None
    assert above is not None
    assert below["y"] >= above["y"] + above["height"]
