"""A campaign from a pack, edited by keyboard beside both phones, then sent to oneself on the simulator to try it."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from app.console.texts import say
from campaigns.sender.trying import TRY_CAMPAIGN
from simulator.faults import Platform
from tests.app.conftest import Demo
from tests.app.console.browser.desk import Desk, open_desk
from tests.support import housing
from tests.support.house import Front, House

pytestmark = pytest.mark.browser
front, phones, house = housing.front, housing.phones, housing.house
# A busy machine draws late.
SLOW_MS = 20_000
# What htmx says of a look at the phones that a newer one, or another page, took the place of.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
WORDS = "เจอประกาศแบบนี้ไหมคะ"


@pytest.fixture
async def desk(chromium: Browser, house: House, front: Front) -> AsyncIterator[Desk]:
    assert house.service is not None
    desk = await open_desk(chromium, front.address)
    yield desk
    await desk.page.context.close()
    await house.phones.reset()
    assert [said for said in desk.complaints if not said.startswith(REPLACED)] == []


async def test_a_pack_is_edited_beside_both_phones_and_tried_on_both(
    desk: Desk, demo: Demo, house: House
) -> None:
    page = desk.page
    page.set_default_timeout(SLOW_MS)
    await desk.come_in(house.database, demo["campaign_manager"], "/console/campaigns/new")
    await page.locator("form:has(input[value='job_scams/new_year']) button").press("Enter")
    await page.wait_for_url("**/write")
    await _edit(page)
    await _arrange(page)
    await page.locator("#save").press("Enter")
    await expect(page.get_by_text(say("campaign_compose.saved"))).to_be_visible(timeout=SLOW_MS)
    await page.locator(".save-bar a[href*=test]").press("Enter")
    await page.wait_for_url("**/write/test*")
    platforms: tuple[Platform, ...] = ("telegram", "line")
    people = [await _connect(page, house, kind) for kind in platforms]
    await page.locator("#send-test").press("Enter")
    await expect(page.locator("#tests li.pending")).to_have_count(2, timeout=SLOW_MS)
    rows = await house.rows("SELECT id FROM campaign_test ORDER BY id")
    await house.handlers[TRY_CAMPAIGN]([row.id for row in rows])
    await expect(page.locator("#tests li.sent")).to_have_count(2, timeout=SLOW_MS)
    for person in people:
        said = str(await house.phones.timeline(person))
        assert WORDS in said
        assert "ทดสอบ" in said
    assert await house.value("SELECT count(*) FROM message") == 0
    assert await house.value("SELECT count(*) FROM audit_event WHERE action = 'campaign.try'") == 1


async def _edit(page: Page) -> None:
    """Words typed on the left stand on both phones, and a line too long is told of."""
    box = page.locator("#f-b-0-text-th")
    await box.focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(WORDS)
    for phone in ("line", "telegram"):
        await expect(page.locator(f"#phone-{phone} .chat")).to_contain_text(WORDS, timeout=SLOW_MS)
    await page.locator("input[name=language][value=th]").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#f-b-0-text-en")).to_be_visible()
    await expect(box).to_be_hidden()
    await expect(page.locator("#phone-line .chat")).to_contain_text(
        "Looking for extra work?", timeout=SLOW_MS
    )
    await page.locator("#f-notice-en").focus()
    await page.keyboard.type(" and much more than any lock screen of any phone can ever show to anybody")
    await expect(page.locator("#n-notice-en .stop")).to_be_visible(timeout=SLOW_MS)
    await page.locator("#f-notice-en").fill("One question for you")
    await expect(page.locator("#n-notice-en .stop")).to_have_count(0, timeout=SLOW_MS)


async def _arrange(page: Page) -> None:
    """Blocks go down, away and back by keyboard alone; the focus goes with them."""
    titles = page.locator(".block-head h2")
    quiz = say("campaign_compose.kind_quiz")
    await page.locator("#f-b-0-text-en").focus()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(titles.first).to_have_text(re.compile(quiz), timeout=SLOW_MS)
    await expect(page.locator("#b-1-up")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(titles.last).to_have_text(re.compile(quiz), timeout=SLOW_MS)
    await page.locator("#b-1-remove").press("Enter")
    await expect(titles).to_have_count(1, timeout=SLOW_MS)
    await expect(page.locator("#undo")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(titles).to_have_count(2, timeout=SLOW_MS)
    await expect(page.locator("#unsaved")).to_be_visible()


async def _connect(page: Page, house: House, kind: Platform) -> str:
    """Prove a chat by its code; returns the person behind it on the simulator."""
    await page.locator(f"form[action*='/{kind}/prove'] button").press("Enter")
    code = await page.locator("code.code").text_content(timeout=SLOW_MS)
    person = await house.phones.create_person(kind, "Malee")
    await house.phones.say(person.id, code or "")
    await page.get_by_role("link", name=say("campaign_try.again")).press("Enter")
    await expect(page.locator(f"form[action*='/{kind}/drop']")).to_have_count(1, timeout=SLOW_MS)
    return person.id
