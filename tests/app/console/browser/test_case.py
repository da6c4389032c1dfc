import asyncio

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, Route, expect

from app.console.texts import say
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.cleaning.apart import clean
from referrals.evidence import keep_evidence, note_evidence, refuse_evidence
from referrals.intake import open_referral
from referrals.live import announce_change
from referrals.models import Referral
from tests.app.conftest import Demo
from tests.app.console.browser.desk import LIVE_MS, Desk, arrive, open_desk, until_listening
from tests.referrals.cleaning.samples import photograph

pytestmark = pytest.mark.browser


async def test_the_officer_sees_above_the_answer_box_whether_the_person_can_talk(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    referral_id = await arrive(database, keys, "Dao", "ยาวมาก\n" * 60)
    await desk.come_in(database, demo["hotline_officer"], f"/console/referrals/{referral_id}")
    await page.click(".claim button")
    await page.fill("#text", "ยังพิมพ์ไม่จบ")
    await expect(page.locator(".may-talk")).to_have_count(0)
    await until_listening(page)
    for said in ("can_talk", "cannot_talk"):
        async with database.unit_of_work() as session:
            referral = await session.get_one(Referral, referral_id)
            await open_referral(
                session, keys, contact_id=referral.contact_id, identity_id=referral.identity_id, channel="line",
                source="crisis", priority="P0", kinds=(), reasons=(said,), receipt="2",
            )  # fmt: skip
        await expect(page.locator(".may-talk")).to_have_text(say(f"reason.{said}"), timeout=LIVE_MS)
    await page.evaluate("document.getElementById('thread').scrollTop = -9999")
    told, box = await page.locator(".may-talk").bounding_box(), await page.locator(".answer").bounding_box()
    assert told is not None
    assert box is not None
    assert 0 <= box["y"] - (told["y"] + told["height"]) < 40
    assert await page.input_value("#text") == "ยังพิมพ์ไม่จบ"


@pytest.mark.parametrize(
    ("form", "ends"), [(".close .btn", "close"), ("form[action$='/release'] button", "release")]
)
async def test_news_that_comes_while_a_case_is_given_up_does_not_keep_the_officer_there(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys, form: str, ends: str
) -> None:
    page = desk.page
    referral_id = await arrive(database, keys, "Dao", "...", "P2")
    await desk.come_in(database, demo["hotline_officer"], f"/console/referrals/{referral_id}")
    await page.click(".claim button")
    await page.locator("summary", has_text=say("close.title")).click()
    await page.select_option("#outcome", "advised")
    on_its_way, may_arrive = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        on_its_way.set()
        await may_arrive.wait()
        await route.continue_()

    await page.route(f"**/{ends}", hold)
    await page.click(form, no_wait_after=True)
    await on_its_way.wait()
    news = page.expect_response(lambda response: response.headers.get("hx-refresh") == "true")
    async with news, database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(priority="P3"))
        await announce_change(session, referral_id)
    await asyncio.sleep(0.5)
    may_arrive.set()
    await page.wait_for_url("**/console/referrals")


async def test_a_case_is_worked_on_from_claim_to_reopening(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    referral_id = await arrive(database, keys, "Dao", "ออกไปไหนไม่ได้", "P2")
    await desk.come_in(database, demo["hotline_officer"], f"/console/referrals/{referral_id}")
    await page.keyboard.press("c")
    await expect(page.locator("#reach")).to_contain_text(say("reach.waits.will"))
    await page.keyboard.press("r")
    await page.keyboard.type("สวัสดีค่ะ")
    await page.locator("#ready").select_option(index=3)
    await page.focus("#ready")
    await page.keyboard.press("Enter")
    assert (await page.input_value("#text")).startswith("สวัสดีค่ะ\n")
    await page.click(".answer .btn-primary")
    await expect(page.locator(".line.staff .words")).to_contain_text("สวัสดีค่ะ")

    await page.locator("summary", has_text=say("note.add")).click()
    await page.check("input[value=me]")
    await page.fill("#note", "โทรหาบ้านพักแล้ว")
    await page.locator("#note ~ .btn").click()
    await expect(page.locator(".note.me .words")).to_have_text("โทรหาบ้านพักแล้ว")

    # Somebody else changes the case while a note is being written: nothing of it is lost.
    await page.locator("summary", has_text=say("note.add")).click()
    await page.fill("#note", "ยังพิมพ์ไม่จบ")
    await until_listening(page)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(bot_dialogue="intake"))
        await announce_change(session, referral_id)
    await expect(page.locator("#changed")).to_be_visible(timeout=LIVE_MS)
    assert await page.input_value("#note") == "ยังพิมพ์ไม่จบ"
    await page.locator("#changed a").click()

    await page.locator("summary", has_text=say("close.title")).click()
    await page.select_option("#outcome", "helped")
    assert await page.input_value("#closing")
    assert await page.input_value("#follow_up_on")
    await page.click(".close .btn")
    await page.wait_for_url("**/console/referrals")
    await page.goto(f"{address}/console/referrals/{referral_id}")
    await page.fill("#reopen-why", "เขาเขียนมาอีก")
    await page.locator("#reopen-why ~ .btn").click()
    await expect(page.locator("#text")).to_be_visible()
    await expect(page.locator(".because").last).to_contain_text("เขาเขียนมาอีก")


async def test_of_two_people_who_claim_one_learns_who_was_first(
    chromium: Browser, desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    referral_id = await arrive(database, keys, "Dao", "...")
    other = await open_desk(chromium, address)
    for each, role in ((desk, "hotline_officer"), (other, "supervisor")):
        await each.come_in(database, demo[role], f"/console/referrals/{referral_id}")  # type: ignore[index]
    # Before the news of the first claim can reach the second page.
    await other.page.context.set_offline(True)
    await desk.page.click(".claim button")
    await expect(desk.page.locator("#text")).to_be_visible()
    await other.page.context.set_offline(False)
    button = other.page.locator(".claim button")
    if await button.is_visible():
        await button.click()
    await expect(other.page.locator(".told").first).to_contain_text("Anong")
    await other.page.context.close()


async def test_what_comes_with_a_report_appears_live_and_a_picture_opens_alone(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    referral_id = await arrive(database, keys, "Dao", "ส่งรูปให้ดู")
    await desk.come_in(database, demo["hotline_officer"], f"/console/referrals/{referral_id}")
    await page.click(".claim button")
    await page.fill("#text", "กำลังพิมพ์อยู่")
    await until_listening(page)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        pieces = [
            await note_evidence(session, identity_id=referral.identity_id, event_id=new_id(), kind=kind)
            for kind in ("picture", "sound", "document")
        ]
    async with database.unit_of_work() as session:
        assert pieces[0] is not None
        assert pieces[2] is not None
        await keep_evidence(session, keys, pieces[0], clean(photograph(size=(2400, 3000))))
        await refuse_evidence(session, pieces[2], "refused", "hidden_data")
    await expect(page.locator(".evidence li a")).to_have_count(1, timeout=LIVE_MS)
    await expect(page.locator(".evidence li")).to_have_count(3)
    # What was being typed stays.
    await expect(page.locator("#text")).to_have_value("กำลังพิมพ์อยู่")
    async with page.context.expect_page() as opening:
        await page.click(".evidence li a")
    shown = await opening.value
    await expect(shown.locator("img")).to_be_visible()
    assert await shown.locator("img").evaluate("picture => picture.naturalWidth") == 3000


async def test_words_without_a_blank_run_over_on_no_part_of_a_case(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    """What ordinary words look like on every page is looked at by tests/e2e/console_pages."""
    referral_id = await arrive(database, keys, "Dao", "ยาวมากไม่มีวรรค" * 200)
    case = f"/console/referrals/{referral_id}"
    await desk.come_in(database, demo["supervisor"], case)
    await desk.page.click(".claim button")
    await expect(desk.page.locator("#text")).to_be_visible()
    for path in ("/console/referrals?view=mine", case, f"{case}?tab=report", f"{case}?tab=desk"):
        await desk.page.goto(desk.address + path)
        for width in (360, 1440):
            await desk.page.set_viewport_size({"width": width, "height": 740})
            assert await desk.page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
