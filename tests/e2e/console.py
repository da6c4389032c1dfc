"""What staff do in the console."""

import pyotp
from playwright.async_api import Locator, Page, expect

from tests.e2e.demo import Account

QUEUE = "/console/referrals"


async def sign_in(page: Page, account: Account) -> None:
    """Password, then the code; by keyboard alone."""
    await page.goto("/console")
    await expect(page.locator("input[name=email]")).to_be_focused()
    await page.keyboard.type(account.email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(account.password)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sign-in/code")
    await expect(page.locator("input[name=code]")).to_be_focused()
    await page.keyboard.type(pyotp.TOTP(account.totp_secret).now())
    await page.keyboard.press("Enter")
    await expect(page.locator("header.frame")).to_be_visible()


def rows(page: Page) -> Locator:
    return page.locator(".row-link")


async def open_newest(page: Page, words: str) -> None:
    """Open the newest waiting referral whose row holds these words."""
    await page.goto(QUEUE)
    await rows(page).filter(has_text=words).last.click()
    await page.wait_for_url(f"**{QUEUE}/*")


async def take(page: Page, words: str) -> None:
    """Open the newest waiting referral of these words and claim it."""
    await open_newest(page, words)
    await page.get_by_role("button", name="รับเรื่อง").click()
    await expect(page.locator("#text")).to_be_visible()


async def reply(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.get_by_role("button", name="ส่งคำตอบ").click()
    await expect(line(page, text)).to_be_visible()


def line(page: Page, text: str) -> Locator:
    """The line of the thread that holds this text."""
    return page.locator("#thread .line").filter(has_text=text)


async def close(page: Page) -> None:
    """Done once the queue is back or the case says that it ended, or waits for a supervisor."""
    work = page.locator(".tabs label").last
    if await work.is_visible():
        await work.click()
    await page.locator("summary", has_text="ปิดเรื่อง").click()
    await page.locator("#outcome").select_option("advised")
    await page.get_by_role("button", name="ปิดเรื่อง").click()
    await expect(page.locator("#queue, .told.still:visible").first).to_be_visible()
