"""Takes the pictures of docs/conversations.md from a demo of its own: `python -m tests.e2e.screenshots [story …]`."""

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from core.clock import bangkok, utc_now
from simulator.client import SimulatorClient
from tests.e2e.console import reply, sign_in, take
from tests.e2e.demo import Demo
from tests.e2e.phones import press, said, write
from tests.e2e.screenshots.page import FOLDER, PAGE, compose
from tests.e2e.screenshots.stories import BEGIN, PICTURE, all_stories, picture
from tests.e2e.screenshots.studio import Studio, open_studio
from tests.scenarios.telling import Line, Scenario
from tests.support.browser import open_browser

_RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
_CASE = re.compile(r"/console/referrals/[0-9a-f-]{36}")
# What comes after the answer, by a job.
_LATER = "จนเห็น"
_LATE_MS = 60_000
_STAFF, _ASKED = "เจ้าหน้าที่", "ขอคุยกับเจ้าหน้าที่"
_OPEN_MENU = "เปิดเมนู"
_SENT_TO, _STEP = "ส่งต่อ", "ขั้น"
_UNANSWERED = {_STAFF, _OPEN_MENU, _SENT_TO, _STEP}
# Sends a form of the officer's own page.
_POST = """async ([path, fields]) => {
  const body = new URLSearchParams({ csrf: document.body.dataset.csrf, ...fields });
  const answer = await fetch(path, { method: "POST", body });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
}"""


class Stage:
    """A story under way in a demo, with an officer who can be asked to answer."""

    def __init__(self, studio: Studio, simulator: SimulatorClient, officer: Page) -> None:
        self.studio = studio
        self.simulator = simulator
        self.officer = officer

    def case(self) -> str:
        """Where the officer is at work."""
        found = _CASE.search(self.officer.url)
        assert found is not None, self.officer.url
        return found.group()

    async def do(self, platform: str, line: Line) -> None:
        if line.key == _LATER:
            await expect(said(self.studio.phones[platform], line.words)).to_be_visible(timeout=_LATE_MS)
            return
        before = await self.studio.shown(platform)
        await ACTS[line.key](self, platform, line.words)
        if line.key not in _UNANSWERED:
            await self.studio.rest(platform, before)


async def _say(stage: Stage, platform: str, words: str) -> None:
    receipts = _RECEIPT.findall(await stage.studio.shown(platform))
    await write(stage.studio.phones[platform], words.replace("{เลขติดตาม}", receipts[-1] if receipts else ""))


async def _press(stage: Stage, platform: str, label: str) -> None:
    await press(stage.studio.phones[platform], label)


async def _place(stage: Stage, platform: str, words: str) -> None:
    latitude, _, longitude = words.partition(",")
    await stage.simulator.send_location(stage.studio.people[platform], float(latitude), float(longitude))


async def _open_menu(stage: Stage, platform: str, _words: str) -> None:
    await stage.studio.phones[platform].locator(".rich-menu summary").click()


async def _staff(stage: Stage, _platform: str, words: str) -> None:
    """To who asked last and is not answered yet; whether it may be shown at once is not waited for."""
    await take(stage.officer, _ASKED)
    await reply(stage.officer, words)


async def _send_to(stage: Stage, _platform: str, name: str) -> None:
    """The case that staff answered last, to an agency of the demo, as the person agreed."""
    case = stage.case()
    await stage.officer.goto(f"{case}/agencies/new")
    link = await stage.officer.locator("main a", has_text=name).first.get_attribute("href")
    agency = (link or "").rpartition("agency=")[2]
    await stage.officer.evaluate(_POST, [f"{case}/agencies/consent", {"agency": agency, "said": "yes"}])
    await stage.officer.evaluate(_POST, [f"{case}/agencies", {"agency": agency, "fields": "standing"}])


async def _step(stage: Stage, _platform: str, words: str) -> None:
    """A step of that case, of today, as staff were told: track, step, and fields as name=value."""
    track, step, *told = words.split()
    today = bangkok(utc_now()).date().isoformat()
    fields = {"track": track, "step": step, "happened_on": today, **dict(one.split("=") for one in told)}
    await stage.officer.evaluate(_POST, [f"{stage.case()}/tracks", fields])


ACTS: dict[str, Callable[[Stage, str, str], Awaitable[None]]] = {
    "คน": _say,
    "กด": _press,
    "ตำแหน่ง": _place,
    _STAFF: _staff,
    _SENT_TO: _send_to,
    _STEP: _step,
    _OPEN_MENU: _open_menu,
}


async def play(story: Scenario, stage: Stage) -> None:
    for only, line in story.lines:
        if line.key == PICTURE:
            await stage.studio.shoot(FOLDER / f"{picture(line.words).name}.webp")
            continue
        if line.key == BEGIN:
            await stage.studio.pass_over()
            continue
        for platform in (only,) if only else story.platforms:
            try:
                await stage.do(platform, line)
            except Exception as error:
                error.add_note(f"{story.path.name}:{line.number} on {platform}")
                raise


async def photograph(browser: Browser, demo: Demo, wanted: list[str]) -> list[str]:
    """What was cut or ran over."""
    cut: list[str] = []
    officer = await (await browser.new_context(base_url=demo.address)).new_page()
    await sign_in(officer, demo.account("anong"))
    async with demo.simulator() as simulator:
        for story in all_stories():
            if wanted and story.path.stem not in wanted:
                continue
            studio = await open_studio(browser, demo.address, simulator)
            await play(story, Stage(studio, simulator, officer))
            cut += studio.cut
            await studio.page.context.close()
    return cut


async def main(wanted: list[str]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="rootan-pictures-", ignore_cleanup_errors=True) as folder:
        demo = Demo(Path(folder))
        try:
            await demo.start()
            async with open_browser() as browser:
                cut = await photograph(browser, demo, wanted)
            await demo.stop()
        finally:
            await demo.kill()
    PAGE.write_text(compose(), "utf-8")
    return cut


if __name__ == "__main__":
    found = asyncio.run(main(sys.argv[1:]))
    sys.exit("\n".join(["Cut, or wider than the phone:", *found]) if found else 0)
