"""Somebody in danger: neutral words, staff at once, and a way back."""

import re
import time

import pytest
from playwright.async_api import Page, expect

from simulator.client import SimulatorClient
from tests.e2e.console import QUEUE, rows
from tests.e2e.phones import answers, new_person, newest, press, two_phones, write

pytestmark = pytest.mark.browser
LIVE_SECONDS = 2.0
PLEA = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป ออกไปไหนไม่ได้"
# Words that somebody who looks over the shoulder must not read in what we write.
TELLING = ("ค้ามนุษย์", "เหยื่อ", "กักขัง", "อันตราย", "ด่วน", "ช่วยเหลือคุณ")


async def seconds_until_listed(officer: Page, simulator: SimulatorClient) -> float:
    """How long it takes from a cry for help in a chat until it stands in an open queue."""
    person, listed = await new_person(simulator, "line"), rows(officer).filter(has_text="P0")
    before = await listed.count()
    began = time.perf_counter()
    await simulator.say(person.id, PLEA)
    await expect(listed).to_have_count(before + 1)
    return time.perf_counter() - began


async def test_a_plea_opens_the_most_urgent_referral_and_can_be_taken_back(
    window: Page, officer: Page, simulator: SimulatorClient
) -> None:
    await officer.goto(QUEUE)
    await expect(officer.locator("body[data-listening]")).to_have_count(1)
    # The machine is shared: what counts is what the service can, so the best of three.
    assert min([await seconds_until_listed(officer, simulator) for _ in range(3)]) <= LIVE_SECONDS
    urgent = rows(officer).filter(has_text="P0")
    before = await urgent.count()
    line, _ = await two_phones(window, simulator)
    await write(line, PLEA)
    await expect(answers(line).first).to_contain_text("เราส่งเรื่องให้เจ้าหน้าที่แล้ว")
    await expect(newest(line)).to_contain_text("ตอนนี้พิมพ์คุยสะดวกไหม")
    await expect(line.locator(".chips")).to_contain_text("ยกเลิก")
    said = " ".join(await answers(line).all_inner_texts())
    assert [word for word in TELLING if word in said] == []
    receipt = re.search(r"เลขติดตาม\s((?:\d{4} ?){4})", said)
    assert receipt is not None
    assert len(receipt[1].replace(" ", "").strip()) == 16
    await expect(urgent).to_have_count(before + 1)
    row = urgent.last
    await expect(row).to_contain_text("ถูกกัก ออกไปไหนไม่ได้")
    address = await row.get_attribute("href")

    await press(line, "ยกเลิก")
    await expect(newest(line)).to_contain_text("ยกเลิกเรื่องที่ส่งไว้ใช่ไหมคะ")
    await expect(urgent).to_have_count(before + 1)
    await press(line, "ใช่ ยกเลิก")
    await expect(newest(line)).to_contain_text("ยกเลิกแล้ว")
    # Whoever took the phone could have pressed it: for a day it still waits, marked, with the others.
    assert address is not None
    taken_back = officer.locator(f'a.row-link[href="{address}"]')
    await expect(taken_back).to_contain_text("ผู้แจ้งยกเลิก")
    await officer.goto(address)
    await expect(officer.locator(".facts")).to_contain_text("ผู้แจ้งยกเลิก")
    await expect(officer.locator("#text")).to_have_count(0)
    await expect(officer.get_by_role("button", name="รับเรื่อง")).to_be_visible()
    await officer.goto(f"{QUEUE}?view=ended")
    await expect(officer.locator(f'a[href="{address}"]')).to_contain_text("ผู้แจ้งยกเลิก")
