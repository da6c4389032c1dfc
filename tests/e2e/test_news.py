"""News of a campaign: agreed to in the menu, sent once to all who agreed, stopped by one word."""

import pytest
from playwright.async_api import Locator, Page, expect

from campaigns.broadcast import is_quiet
from core.clock import utc_now
from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.e2e.demo import Demo
from tests.e2e.phones import answers, give_phones, new_person, newest, press, said, write

pytestmark = pytest.mark.browser
NOTICE = "มีข่าวจากรู้ทัน"
FEW = "ไม่ถึง 20 คน"


async def agree(phone: Locator) -> None:
    """Through the menu, as a person would."""
    await write(phone, "เมนู")
    await press(phone, "ข่าวสาร")
    await expect(said(phone, "อยากรับไหมคะ")).to_be_visible()
    await press(phone, "รับข่าว")
    await expect(newest(phone)).to_contain_text("เราจะส่งข่าวให้")


async def broadcast(page: Page, title: str, text: str) -> None:
    await page.goto("/console/broadcasts")
    await page.get_by_role("link", name="เขียนข้อความใหม่").click()
    await page.locator("#title").fill(title)
    await page.locator("#text").fill(text)
    await page.get_by_role("button", name="ตรวจก่อนส่ง").click()
    await expect(page.locator("#content")).to_contain_text(NOTICE)
    await expect(page.locator("#content")).to_contain_text(FEW)
    await page.get_by_role("button", name="ส่งเลย").click()
    await expect(page.locator("#progress")).to_contain_text("ส่งเสร็จ")


async def figures(page: Page) -> set[str]:
    return set(await page.locator(".tally dd").all_inner_texts())


async def has_heard(simulator: SimulatorClient, person: Person, text: str) -> bool:
    items = (await simulator.timeline(person.id)).items
    return any(text in str(item.message) for item in items if item.author != "person")


async def test_news_cannot_start_at_night(campaigner: Page) -> None:
    await campaigner.goto("/console/broadcasts/new")
    await campaigner.locator("#title").fill("กลางคืน")
    await campaigner.locator("#text").fill("ข่าว")
    await campaigner.get_by_role("button", name="ตรวจก่อนส่ง").click()
    start = campaigner.get_by_role("button", name="ส่งเลย")
    await (expect(start).to_be_disabled() if is_quiet(utc_now()) else expect(start).to_be_enabled())


async def test_one_text_reaches_all_who_agreed_and_nobody_else(
    window: Page, campaigner: Page, demo: Demo, simulator: SimulatorClient
) -> None:
    if is_quiet(utc_now()):
        pytest.skip("between 21.00 and 8.00 in Bangkok no news goes out")
    lines = [await new_person(simulator, "line") for _ in range(3)]
    telegrams = [await new_person(simulator, "telegram") for _ in range(2)]
    held, stranger = await new_person(simulator, "line"), await new_person(simulator, "line")
    phone, telegram = await give_phones(window, lines[0], telegrams[0])
    await agree(phone)
    await agree(telegram)
    for person in (*lines[1:], *telegrams[1:], held):
        await simulator.say(person.id, "รับข่าว")
    await simulator.say(held.id, "คุยกับเจ้าหน้าที่")
    await simulator.say(stranger.id, "สวัสดี")
    await simulator.settle()
    await expect(said(phone, "เราจะส่งข่าวให้")).to_be_visible()

    await demo.grow_older("2 minutes")
    first = "ช่วงนี้มีคนชวนไปทำงานชายแดน ถามชื่อบริษัทก่อนตอบ"
    await broadcast(campaigner, "เตือนงานชายแดน", first)
    assert await figures(campaigner) == {FEW}
    for one in (phone, telegram):
        await expect(newest(one)).to_contain_text(first)
        await expect(one.locator(".lock-line b")).to_contain_text(NOTICE)
        await expect(one.locator(".lock-line b")).not_to_contain_text("ชายแดน")
    await expect(phone.locator(".via").last).to_have_text("multicast · นับโควตา")
    calls = [call for call in await simulator.traffic(200) if call.url.endswith("/message/multicast")]
    assert len(calls) == 1
    assert all(person.id in calls[0].request_body for person in lines)
    assert held.id not in calls[0].request_body
    assert all([await has_heard(simulator, person, first) for person in (*lines, *telegrams)])
    assert not any([await has_heard(simulator, person, first) for person in (held, stranger)])

    before = await answers(phone).count()
    await write(phone, "หยุด")
    await expect(newest(phone)).to_contain_text("หยุดส่งข่าวแล้ว")
    second = "อย่าโอนเงินก่อนเริ่มงาน"
    await broadcast(campaigner, "เตือนอีกครั้ง", second)
    assert await has_heard(simulator, telegrams[1], second)
    await expect(answers(phone)).to_have_count(before + 1)
