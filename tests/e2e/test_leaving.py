"""Report, leave, be somebody else's phone for a while, come back by the word, read where it stands. Guards 6, 9."""

import contextlib
import re

import pytest
from playwright.async_api import Locator, Page, expect

from bots.copy import copy
from simulator.client import SimulatorClient
from tests.e2e.console import QUEUE, reply, rows
from tests.e2e.phones import answers, newest, press, said, two_phones, write

pytestmark = pytest.mark.browser
WORD = "มะม่วงสีฟ้า"
HOME = copy().say("th", "decoy.home")
CRY = "ช่วยด้วย โดนขังอยู่ในห้อง"
ANSWER = "พรุ่งนี้สิบโมงคุยได้ไหมคะ"
HIDES = "เขาปิดหน้าจริงอยู่"


async def choose_word(phone: Locator) -> None:
    await write(phone, "ตั้งคำลับ")
    await expect(said(phone, "ตั้งคำไว้เปิดแชตนี้")).to_be_visible()
    await write(phone, WORD)
    await expect(newest(phone)).to_contain_text("อีกครั้ง")
    await write(phone, WORD)
    await expect(said(phone, "จำไว้แล้ว")).to_be_visible()


async def report(phone: Locator) -> None:
    """Tell as little as one may, and get the receipt."""
    receipt = answers(phone).filter(has_text="เลขติดตาม")
    await write(phone, "แจ้งเรื่อง")
    await expect(said(phone, "เราถามทีละข้อ")).to_be_visible()
    for _ in range(24):
        before = await answers(phone).count()
        await press(phone, "ข้าม")
        # On Telegram the key pressed may be that of the question answered last, which is about to go: press again.
        with contextlib.suppress(AssertionError):
            await expect(answers(phone)).not_to_have_count(before, timeout=4_000)
        if await receipt.count():
            return
    raise AssertionError("no receipt after so many taps")


async def test_whoever_takes_the_phone_finds_small_talk(
    window: Page, officer: Page, simulator: SimulatorClient, foreseen: list[str]
) -> None:
    # A key that is about to go, pressed once more, is refused by the platform.
    foreseen += ["409", "#trouble"]
    for phone, clears in zip(await two_phones(window, simulator), (False, True), strict=True):
        await officer.goto(QUEUE)
        before = await rows(officer).count()
        await choose_word(phone)
        await report(phone)
        await expect(rows(officer)).to_have_count(before + 1)
        await rows(officer).last.click()
        await officer.get_by_role("button", name="รับเรื่อง").click()

        await press(phone, "กลับหน้าแรก")
        if clears:
            await expect(phone.locator(".row")).to_have_count(1)
        await expect(newest(phone)).to_contain_text(HOME)
        await expect(officer.locator(".may-talk")).to_contain_text(HIDES)
        await reply(officer, ANSWER)
        await write(phone, "เมนู")
        await write(phone, CRY)
        await expect(newest(phone)).to_contain_text(copy().lines("th", "decoy.other")[0])
        await expect(officer.locator("#thread")).to_contain_text(CRY)
        await expect(officer.locator(".delivery").last).to_have_text("รอให้เขาเปิดอ่าน")
        assert await answers(phone).filter(has_text=ANSWER).count() == 0

        await write(phone, WORD)
        await expect(said(phone, "กลับมาแล้ว")).to_be_visible()
        await expect(answers(phone).filter(has_text=ANSWER)).to_be_visible()
        await expect(officer.locator(".may-talk")).to_have_count(0)
        await expect(officer.locator("#thread")).not_to_contain_text(WORD)
        await write(phone, "ดูคำตอบ")
        await expect(newest(phone)).to_contain_text(re.compile("เจ้าหน้าที่|รับเรื่อง"))
