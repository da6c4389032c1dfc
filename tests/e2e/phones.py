"""What people do with the two phones of the sandbox."""

from itertools import count

from playwright.async_api import Locator, Page, expect

from simulator.client import SimulatorClient
from simulator.faults import Platform
from simulator.phone import Person

_numbers = count(1)


async def new_person(simulator: SimulatorClient, platform: Platform) -> Person:
    """Somebody who never wrote before."""
    return await simulator.create_person(platform, f"ทดลอง {next(_numbers)}")


async def give_phones(page: Page, left: Person, right: Person) -> tuple[Locator, Locator]:
    """Open the sandbox with these two people."""
    await page.goto(f"/sandbox?left={left.id}&right={right.id}")
    return page.locator(".number-0"), page.locator(".number-1")


async def two_phones(page: Page, simulator: SimulatorClient) -> tuple[Locator, Locator]:
    """A new person on LINE and a new one on Telegram."""
    return await give_phones(
        page, await new_person(simulator, "line"), await new_person(simulator, "telegram")
    )


async def write(phone: Locator, text: str) -> None:
    """Type and send; done once the words stand in the chat and the box is empty."""
    box = phone.get_by_role("textbox", name="พิมพ์ข้อความ")
    mine = phone.locator(".row.mine")
    before = await mine.count()
    await box.fill(text)
    await box.press("Enter")
    await expect(mine).to_have_count(before + 1)
    await expect(box).to_have_value("")


async def press(phone: Locator, label: str) -> None:
    """The newest button of this label."""
    await phone.get_by_role("button", name=label, exact=True).last.click()


def answers(phone: Locator) -> Locator:
    return phone.locator(".row.theirs:not(.typing)")


def newest(phone: Locator) -> Locator:
    return answers(phone).last


def said(phone: Locator, words: str) -> Locator:
    """The newest answer that holds these words; a privacy notice may follow the first."""
    return answers(phone).filter(has_text=words).last
