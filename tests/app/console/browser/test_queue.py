import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from app.console.texts import say
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.closing import OUTCOMES
from referrals.intake import append_citizen_words
from referrals.models import Referral
from tests.app.conftest import Demo
from tests.app.console.browser.desk import LIVE_MS, Desk, arrive, open_desk, until_listening
from tests.conftest import MovableClock

pytestmark = pytest.mark.browser
QUEUE = "/console/referrals"


async def test_by_keyboard_alone_a_report_arrives_is_claimed_answered_and_closed(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    """From the sign-in to the end of a case, on an office screen, without a mouse."""
    page = desk.page
    await page.set_viewport_size({"width": 1440, "height": 900})
    await desk.sign_in(demo["hotline_officer"])
    await expect(page.locator(".empty")).to_be_visible()
    await until_listening(page)
    earlier = await arrive(database, keys, "Ek", "...", "P3")
    await expect(page.locator(f"#row-{earlier}")).to_be_visible(timeout=LIVE_MS)
    urgent = await arrive(database, keys, "Dao", "ออกไปไหนไม่ได้", "P2")
    await expect(page.locator(".row-link").first).to_have_id(f"row-{urgent}", timeout=LIVE_MS)

    await page.keyboard.press("j")
    await expect(page.locator(f"#row-{urgent}")).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("c")
    await page.wait_for_url(f"**{QUEUE}/{urgent}")
    await expect(page.locator(".line.citizen .words")).to_have_text("ออกไปไหนไม่ได้")

    await page.keyboard.press("r")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("ตอนนี้พิมพ์คุยสะดวกไหม")
    await expect(page.locator("#text-count")).to_have_text("22")
    await desk.tab_to(page.locator(".answer-foot button"))
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.staff .words")).to_have_text("ตอนนี้พิมพ์คุยสะดวกไหม")
    await expect(page.locator(".delivery.pending")).to_be_visible()

    await page.keyboard.press("r")
    await page.keyboard.type("ยังพิมพ์ไม่จบ")
    await until_listening(page)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, urgent)
        await session.execute(sa.update(Message).values(reason="held"))
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "เขากลับมาแล้ว")]
        )
    await expect(page.locator(".line.citizen .words").last).to_have_text("เขากลับมาแล้ว", timeout=LIVE_MS)
    await expect(page.locator(".delivery.waiting")).to_be_visible()
    assert await page.input_value("#text") == "ยังพิมพ์ไม่จบ"
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")

    await desk.tab_to(page.locator("summary", has_text=say("close.title")))
    await page.keyboard.press("Enter")
    await desk.tab_to(page.locator("#outcome"))
    for _ in OUTCOMES:
        if await page.input_value("#outcome") != "advised":
            await page.keyboard.press("ArrowDown")
    await expect(page.locator("#outcome")).to_have_value("advised")
    await desk.tab_to(page.locator(".close .btn"))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{QUEUE}")
    await expect(page.locator(f"#row-{earlier}")).to_be_visible()
    await expect(page.locator(f"#row-{urgent}")).to_have_count(0)


async def test_the_bell_rings_for_what_is_most_urgent_alone_and_says_nothing(
    chromium: Browser, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    desk = await open_desk(chromium, address)
    page = desk.page
    await page.context.grant_permissions(["notifications"], origin=address)
    await page.add_init_script(
        "window.noted = []; window.Notification = class { static permission = 'granted';"
        " constructor(title, more) { window.noted.push(title + ' · ' + more.body); } };"
    )
    await desk.come_in(database, demo["hotline_officer"], QUEUE)
    await until_listening(page)
    await page.locator("#bell summary").click()
    await page.locator("#bell-on").click()
    await expect(page.locator("#bell-state")).to_have_text(say("urgent.is_on"))
    await page.locator("#bell-test").click()
    await expect(page.locator("body[data-rung='1']")).to_have_count(1)
    title = await page.title()
    lesser = await arrive(database, keys, "Ek", "ออกไปไหนไม่ได้", "P1")
    await expect(page.locator(f"#row-{lesser}")).to_be_visible(timeout=LIVE_MS)
    urgent = await arrive(database, keys, "Dao", "ออกไปไหนไม่ได้")
    await expect(page.locator("body[data-rung='2']")).to_have_count(1, timeout=LIVE_MS)
    assert await page.title() == f"(1) {title}"
    assert set(await page.evaluate("window.noted")) == {f"{say('brand.name')} · {say('urgent.note')}"}
    # What was known when the page opened rings no more; the browser remembers what was chosen.
    await page.reload()
    await expect(page.locator("#bell-off")).to_be_visible(visible=False)
    assert await page.evaluate("document.body.dataset.rung") is None
    await page.locator(f"#row-{urgent}").focus()
    await page.keyboard.press("c")
    await page.wait_for_url(f"**/console/referrals/{urgent}")
    await page.goto(f"{address}/console/referrals")
    await expect(page.locator("#rows")).to_be_visible()
    assert await page.title() == title
    assert desk.complaints == []
    await page.context.close()


async def test_two_people_at_one_case_see_each_other(
    chromium: Browser,
    desk: Desk,
    address: str,
    demo: Demo,
    database: Database,
    keys: DataKeys,
    standing_clock: MovableClock,
) -> None:
    referral_id = await arrive(database, keys, "Dao", "...")
    other = await open_desk(chromium, address)
    place = other.page.locator(f'[data-presence="{referral_id}"]').first
    await desk.page.clock.install()
    await desk.come_in(database, demo["hotline_officer"], f"{QUEUE}/{referral_id}")
    await desk.page.click(".claim button")
    await expect(desk.page.locator("#text")).to_be_visible()
    await other.come_in(database, demo["supervisor"], f"{QUEUE}?view=held")
    await until_listening(other.page)
    await expect(place).to_have_text(say("presence.reading", name="Anong"), timeout=LIVE_MS)
    await desk.page.fill("#text", "สวัสดีค่ะ")
    # One page is heard once in ten seconds.
    standing_clock.advance(seconds=11)
    await desk.page.clock.fast_forward(11_000)
    await expect(place).to_have_text(say("presence.typing", name="Anong"), timeout=LIVE_MS)
    await desk.page.goto(f"{address}/console/account")
    await expect(place).to_have_text("", timeout=LIVE_MS)
    assert other.complaints == []
    await other.page.context.close()


async def test_keys_open_their_list_the_search_and_the_filters(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    referral_id = await arrive(database, keys, "Dao", "...")
    page = desk.page
    await desk.come_in(database, demo["supervisor"], QUEUE)
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.keyboard.press("/")
    await expect(page.locator("#find")).to_be_focused()
    await page.locator(".filters summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(page.locator("#f-P0")).to_be_checked()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**priority=P0**")
    await expect(page.locator(f"#row-{referral_id}")).to_be_visible()
