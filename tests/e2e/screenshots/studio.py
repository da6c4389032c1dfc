"""Two phones in a browser, as narrow as a cheap one, and as long as what they show."""

import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize

from simulator.client import SimulatorClient
from tests.e2e.phones import give_phones, new_person

_WINDOW: ViewportSize = {"width": 900, "height": 900}
_SHARPNESS = 1.5
_QUALITY = 50
_STILL_MS, _PATIENCE = 500, 60
_DRESS = """
.photo :is(.top, .switch, .behind, .write, .commands, .via, .tabs, .dull) { display: none !important; }
.photo body { background: #fff; }
.desk { width: 748px; grid-template-columns: 360px 360px; gap: 0 12px; margin: 0; padding: 8px; }
.holder { align-self: start; }
.phone { width: 360px; border: 0; border-radius: 18px; box-shadow: none; }
.photo .phone { height: auto; min-height: 0; }
.photo .chat { overflow: visible; }
.photo .lock-line { position: static; }
"""
_HIDE = """(chat, seen) => {
  const rows = [...chat.querySelectorAll('[data-message]')];
  const fresh = rows.filter(row => !seen.includes(row.dataset.message));
  for (const row of rows) row.classList.toggle('dull', !fresh.includes(row));
  for (const line of chat.querySelectorAll('.day')) line.classList.toggle('dull', seen.length > 0);
  return rows.map(row => row.dataset.message);
}"""
_PHOTO = "on => document.documentElement.classList.toggle('photo', on)"
# Rows of choices and carousels are pushed sideways by hand; anything else must fit.
_CUT = """phone => {
  const edge = phone.getBoundingClientRect().right + 1;
  const sliding = '.chips, .carousel, .reply-keys';
  const told = [];
  for (const part of phone.querySelectorAll('.chat *')) {
    if (part.closest('.photo .dull') || !part.textContent.trim()) continue;
    if (part.matches('.inline-key, .chip, .key, .fx-words p, .text') === false) continue;
    const over = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1;
    const out = !part.closest(sliding) && part.getBoundingClientRect().right > edge;
    if ((over && getComputedStyle(part).display !== 'inline') || out) told.push(part.textContent.trim());
  }
  for (const chip of phone.querySelectorAll('.chip'))
    if (chip.getBoundingClientRect().width > phone.clientWidth - 20) told.push(chip.textContent.trim());
  return told;
}"""


class Studio:
    """A new person on each platform; remembers what earlier pictures showed."""

    def __init__(self, page: Page, phones: tuple[Locator, Locator], people: tuple[str, str]) -> None:
        self.page = page
        self.phones = {"line": phones[0], "telegram": phones[1]}
        self.people = dict(zip(self.phones, people, strict=True))
        self.seen: dict[str, list[str]] = {"line": [], "telegram": []}
        self.cut: list[str] = []

    async def rest(self, platform: str, before: str) -> None:
        """Return once the phone shows something new and has stood still for a while; TimeoutError tells which."""
        chat = self.phones[platform].locator(".chat")
        last = before
        for _ in range(_PATIENCE):
            await self.page.wait_for_timeout(_STILL_MS)
            now = await chat.inner_text()
            typing = await chat.locator(".typing").count()
            answered = await chat.locator(".row, .gone").last.evaluate(
                "row => !row.classList.contains('mine')"
            )
            if now != before and now == last and not typing and answered:
                return
            last = now
        raise TimeoutError(f"{platform}: nothing new after {before[-60:]!r}")

    async def shown(self, platform: str) -> str:
        return await self.phones[platform].locator(".chat").inner_text()

    async def pass_over(self) -> None:
        """What stands in the chats now is in no picture."""
        for platform, phone in self.phones.items():
            self.seen[platform] = await phone.locator(".chat").evaluate(_HIDE, self.seen[platform])

    async def shoot(self, path: Path) -> None:
        """What came since the picture before, both phones side by side."""
        await self.page.mouse.move(0, 0)
        await self.page.evaluate(_PHOTO, True)
        for platform, phone in self.phones.items():
            known = await phone.locator(".chat").evaluate(_HIDE, self.seen[platform])
            self.seen[platform] = known
            self.cut += [f"{path.stem}, {platform}: {text}" for text in await phone.evaluate(_CUT)]
        taken = await self.page.locator(".desk").screenshot()
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.open(io.BytesIO(taken)).convert("RGB").save(path, "WEBP", quality=_QUALITY, method=6)
        await self.page.evaluate(_PHOTO, False)


async def open_studio(browser: Browser, address: str, simulator: SimulatorClient) -> Studio:
    context = await browser.new_context(
        viewport=_WINDOW, base_url=address, device_scale_factor=_SHARPNESS, bypass_csp=True
    )
    page = await context.new_page()
    people = [await new_person(simulator, "line"), await new_person(simulator, "telegram")]
    phones = await give_phones(page, people[0], people[1])
    await page.add_style_tag(content=_DRESS)
    return Studio(page, phones, (people[0].id, people[1].id))
