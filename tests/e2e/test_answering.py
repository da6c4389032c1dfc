"""Staff and a person talk: live queue, one holder, answers under the rule of not writing first."""

import pytest
from playwright.async_api import Page, expect

from simulator.client import SimulatorClient
from tests.e2e.console import QUEUE, close, line, reply, rows, take
from tests.e2e.demo import Demo
from tests.e2e.phones import answers, newest, press, said, two_phones, write

pytestmark = pytest.mark.browser
ASK = "คุยกับเจ้าหน้าที่"
STORY = "เพื่อนชวนไปทำงานชายแดน พี่ช่วยดูให้หน่อย"
QUESTION = "สวัสดีค่ะ เขาบอกชื่อบริษัทไหมคะ"
SENT = "รับข้อความแล้ว"


async def test_a_referral_arrives_live_has_one_holder_and_both_sides_hear_each_other(
    window: Page, officer: Page, colleague: Page, heard: list[str], simulator: SimulatorClient
) -> None:
    await officer.goto(QUEUE)
    before = await rows(officer).count()
    phone, _ = await two_phones(window, simulator)
    await write(phone, ASK)
    await expect(said(phone, "เลขติดตาม")).to_be_visible()
    await expect(rows(officer)).to_have_count(before + 1)
    await write(phone, STORY)
    await rows(officer).last.click()
    await expect(officer.locator("#thread")).to_contain_text("เห็นเมื่อรับเรื่อง")
    await expect(officer.locator("#thread")).not_to_contain_text(STORY)
    await colleague.goto(officer.url)

    await officer.get_by_role("button", name="รับเรื่อง").click()
    await expect(line(officer, STORY)).to_be_visible()
    await colleague.get_by_role("button", name="รับเรื่อง").click()
    await expect(colleague.get_by_role("alert")).to_contain_text("Anong รับเรื่องนี้ไปก่อนแล้ว")
    await expect(colleague.locator("#text")).to_have_count(0)
    heard[:] = [complaint for complaint in heard if "409" not in complaint]

    await reply(officer, QUESTION)
    await expect(newest(phone)).to_contain_text(QUESTION)
    await expect(line(officer, QUESTION).locator(".delivery")).to_contain_text(SENT)
    await write(phone, "ชื่อบริษัทเขาไม่บอกค่ะ")
    await expect(line(officer, "ชื่อบริษัทเขาไม่บอกค่ะ")).to_be_visible()
    await close(officer)


async def test_we_do_not_write_first(
    window: Page, officer: Page, demo: Demo, simulator: SimulatorClient
) -> None:
    for phone in await two_phones(window, simulator):
        await write(phone, ASK)
        await expect(said(phone, "เลขติดตาม")).to_be_visible()
        await take(officer, "ขอคุยกับเจ้าหน้าที่")

        await demo.grow_older("2 minutes")
        await simulator.settle()
        before = await answers(phone).count()
        await reply(officer, QUESTION)
        await expect(answers(phone)).to_have_count(before + 1)
        await expect(newest(phone)).to_contain_text("มีข้อความถึงคุณ")
        await expect(newest(phone)).not_to_contain_text(QUESTION)
        await expect(phone.locator(".lock-line b")).to_have_text("มีข้อความถึงคุณ")
        await press(phone, "เปิดอ่าน")
        await expect(newest(phone)).to_contain_text(QUESTION)

        await demo.grow_older("20 minutes")
        await simulator.settle()
        before = await answers(phone).count()
        await reply(officer, "ยังอยู่ไหมคะ")
        state = line(officer, "ยังอยู่ไหมคะ").locator(".delivery")
        await expect(state).to_have_text("รอให้เขาเปิดอ่าน")
        await simulator.settle()
        assert await answers(phone).count() == before
        await write(phone, "อยู่ค่ะ")
        await expect(answers(phone).filter(has_text="ยังอยู่ไหมคะ")).to_be_visible()
        await expect(state).to_contain_text(SENT)
        await close(officer)
