"""Referring a case in a real browser: by keyboard alone, and what the agency writes comes without a reload."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from playwright.async_api import expect

from app.console.texts import say
from core.accounts.roster import find_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.agencies.pairings import pair
from referrals.referring import answering, messages
from referrals.referring.models import PacketLink
from tests.app.conftest import Demo
from tests.app.console.browser.desk import LIVE_MS, Desk, arrive, until_listening
from tests.app.console.offices import Offices

pytestmark = pytest.mark.browser


async def test_a_case_goes_to_an_agency_by_keyboard_and_its_answer_comes_by_itself(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    case = await arrive(database, keys, "Dao", "ช่วยด้วย")
    offices, page = Offices(database, keys), desk.page
    await desk.come_in(database, demo["supervisor"], f"/console/referrals/{case}")
    await page.get_by_role("button", name=say("case.claim")).click()
    async with database.unit_of_work() as session:
        boon = await find_account(session, demo["supervisor"].email)
    assert boon is not None
    await offices.open(boon.id)
    async with database.unit_of_work() as session:
        await pair(session, None, offices.police, by=boon.id)
    await offices.agree(case, "police")
    await page.goto(f"{desk.address}/console/referrals/{case}/agencies/new?agency={offices.police}")
    await page.locator("[name=w_needs]").focus()
    await page.keyboard.type("ขอให้ไปที่จุดนัด")
    await desk.tab_to(page.get_by_role("button", name=say("refer.look")))
    await page.keyboard.press("Enter")
    await expect(page.locator(".as-read")).to_contain_text("ขอให้ไปที่จุดนัด")
    await desk.tab_to(page.get_by_role("button", name=say("refer.send")))
    await page.keyboard.press("Enter")
    await expect(page.locator("h1 .state")).to_have_text(say("along.state.sent"))
    await until_listening(page)
    await page.locator("#message").fill("กำลังพิมพ์")
    request_id = UUID(page.url.rpartition("/")[2])
    await offices.do(messages.write, request_id, offices.police, text="รับทราบ กำลังไป")
    await expect(page.locator("#exchange")).to_contain_text("รับทราบ กำลังไป", timeout=4 * LIVE_MS)
    await expect(page.locator("#message")).to_have_value("กำลังพิมพ์")
    # The code of a packet is shown once: news that come meanwhile neither take it away nor make another.
    await page.get_by_role("button", name=say("packet_link.make")).click()
    code = await page.locator(".new-key code").last.inner_text()
    await until_listening(page)
    await offices.do(answering.open_request, request_id, offices.police)
    await expect(page.locator("#changed")).to_be_visible(timeout=4 * LIVE_MS)
    await expect(page.locator(".new-key code").last).to_have_text(code)
    async with database.unit_of_work() as session:
        assert len(list(await session.scalars(sa.select(PacketLink)))) == 1
