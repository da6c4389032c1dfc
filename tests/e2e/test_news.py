"""A campaign from a pack to its outcome: agreed to in the menu, approved by a second person, paused, resumed, its quiz
answered rightly and wrongly.

It is called urgent, with a reason and a second person, so that it goes out at whatever hour this runs.
"""

from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from campaigns.plans.blocks import QuizBlock, TextBlock
from campaigns.ready.planning import make_ready
from core.clock import bangkok, utc_now
from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.e2e.demo import Demo
from tests.e2e.phones import answers, give_phones, new_person, newest, press, said, write

pytestmark = pytest.mark.browser
READY = ("job_scams", "school_break")
FEW = "ไม่ถึง 20 คน"
PATIENCE = 90_000


async def agree(phone: Locator) -> None:
    """Through the menu, as a person would."""
    await write(phone, "เมนู")
    await press(phone, "ข่าวสาร")
    await expect(said(phone, "อยากรับไหมคะ")).to_be_visible()
    await press(phone, "รับข่าว")
    await expect(newest(phone)).to_contain_text("เราจะส่งข่าวให้")


async def draft_from_pack(page: Page) -> str:
    """Take what is ready, its first message alone; return the campaign's address."""
    await page.goto("/console/campaigns")
    await page.get_by_role("link", name="ทำแคมเปญใหม่").click()
    ready = page.locator("form").filter(has=page.locator(f"input[value='{'/'.join(READY)}']"))
    await ready.get_by_role("button").click()
    await page.wait_for_url("**/write")
    address = page.url.partition("?")[0].removesuffix("/write")
    await page.goto(f"{address}/write?step=1")
    await page.get_by_role("button", name="เอาข้อความนี้ออก").click()
    await expect(page.get_by_role("button", name="เอาข้อความนี้ออก")).to_have_count(0)
    return address


async def choose(page: Page, address: str) -> None:
    """Everybody who agreed, as soon as it is let go, at any hour."""
    await page.goto(f"{address}/audience")
    await expect(page.locator("#count")).to_contain_text(FEW)
    await page.goto(f"{address}/times")
    await page.get_by_role("radio", name="ทันทีที่กดให้ส่ง").check()
    await page.get_by_role("checkbox", name="เรื่องด่วน").check()
    await page.get_by_role("button", name="บันทึกเวลา").click()
    await expect(page.locator("#told")).to_have_count(0)


async def submit(page: Page, address: str) -> None:
    await page.goto(f"{address}/approval")
    await page.locator("#reason").fill("พบคนถูกหลอกให้โอนเงินค่าสมัครงานคืนนี้")
    await page.get_by_role("button", name="ส่งขออนุมัติ").click()
    await expect(page.locator("#content")).to_contain_text("รอคนที่มีสิทธิ์อนุมัติ")


async def approve(page: Page, address: str, words: str) -> None:
    """As the second person: the words stand on both phones, then yes."""
    await page.goto(f"{address}/approval")
    in_thai = page.locator(".shown").first.locator(".shown-phone")
    await expect(in_thai).to_have_count(2)
    for phone in await in_thai.all():
        await expect(phone).to_contain_text(words)
    await page.get_by_role("button", name="อนุมัติตามที่เห็น").click()
    await expect(page.locator(".campaign-state").first).to_have_text("อนุมัติแล้ว")


async def has_heard(simulator: SimulatorClient, person: Person, text: str) -> bool:
    items = (await simulator.timeline(person.id)).items
    return any(text in str(item.message) for item in items if item.author != "person")


async def test_a_campaign_goes_from_a_pack_to_its_outcome_with_a_second_persons_yes(
    window: Page, campaigner: Page, approver: Page, demo: Demo, simulator: SimulatorClient
) -> None:
    plan = make_ready(*READY, bangkok(utc_now() - timedelta(days=1)).date()).plan
    text, quiz = plan.steps[0].wordings[0].blocks[:2]
    assert isinstance(text, TextBlock)
    assert isinstance(quiz, QuizBlock)
    words = text.text["th"].splitlines()[0]
    wrong, right = sorted(quiz.choices, key=lambda choice: choice.right)
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
    await demo.grow_older("2 minutes")

    address = await draft_from_pack(campaigner)
    await choose(campaigner, address)
    await submit(campaigner, address)
    await approve(approver, address, words)

    await simulator.add_fault("line", "multicast", "server_error")
    await campaigner.goto(f"{address}/times")
    await campaigner.get_by_role("button", name="ให้ส่งตามเวลานี้").click()
    await campaigner.get_by_role("button", name="พักการส่ง").click()
    await expect(campaigner.locator(".campaign-state").first).to_have_text("พักไว้")
    await simulator.clear_faults()
    await campaigner.get_by_role("button", name="ส่งต่อ").click()
    await expect(campaigner.locator("#progress")).to_contain_text("ส่งเสร็จ", timeout=PATIENCE)
    await expect(campaigner.locator("#progress")).to_contain_text(FEW)

    for one, choice in ((phone, right), (telegram, wrong)):
        await expect(said(one, words)).to_be_visible()
        await expect(one.locator(".lock-line b")).not_to_contain_text("ลวง")
        await press(one, choice.label["th"])
        await expect(newest(one)).to_contain_text(choice.reply["th"].splitlines()[0])
    assert all([await has_heard(simulator, person, words) for person in (*lines, *telegrams)])
    assert not any([await has_heard(simulator, person, words) for person in (held, stranger)])

    await campaigner.goto(f"{address}/report")
    await expect(campaigner.locator("#content")).to_contain_text("ส่งถึงไหน")
    await expect(campaigner.locator("#content")).to_contain_text(FEW)
    before = await answers(phone).count()
    await write(phone, "หยุด")
    await expect(newest(phone)).to_contain_text("หยุดส่งข่าวแล้ว")
    await expect(answers(phone)).to_have_count(before + 1)
