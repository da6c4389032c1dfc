"""Looking at pages with a real browser: which are pages at all, what bars the way on them, what runs over."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize
from playwright.async_api import Error as PlaywrightError

from app.console.speaking import LANGUAGE
from core.languages import Language
from core.permissions import Role
from tests.e2e.console_pages.answers import send
from tests.e2e.console_pages.staging import Stage
from tests.e2e.console_pages.visits import Visit

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
NARROW: ViewportSize = {"width": 360, "height": 780}
WIDE: ViewportSize = {"width": 1440, "height": 900}
# What a browser says of an answer that shows nothing, or is a file to keep.
_NO_PAGE = ("ERR_ABORTED", "Download is starting")
_GRAVE = {"serious", "critical"}
# What a change of ground can spoil, and what a change of width.
_COLOURS = ["color-contrast", "link-in-text-block"]
_PLACES = [
    *_COLOURS, "target-size", "scrollable-region-focusable", "button-name", "link-name", "label", "select-name",
]  # fmt: skip
Look = tuple[ViewportSize, str, list[str] | None]
# All rules once, on the smallest screen; the long form looks at both widths on both grounds.
BRIEF: tuple[Look, ...] = ((NARROW, "light", None),)
LONG: tuple[Look, ...] = (
    (WIDE, "light", None), (WIDE, "dark", _COLOURS), (NARROW, "dark", _COLOURS), (NARROW, "light", _PLACES),
)  # fmt: skip
_BARRIERS = """async only => {
  const options = { resultTypes: ["violations"] };
  if (only) options.runOnly = { type: "rule", values: only };
  const found = await axe.run(document, options);
  return found.violations.map(v => [v.impact, v.id, v.nodes.map(n => `${n.target.join(" ")} ${n.any.map(a => a.message).join(" ")}`)]);
}"""
_OVER = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= innerWidth) return [];
  return [wide, ...[...document.querySelectorAll("main *, header *")].filter(
    e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map(e => `${e.tagName}.${e.className}`)];
}"""


class Found(NamedTuple):
    """What was found on a page: grave barriers, what runs over at 360 px, and whether it says what can be done on it."""

    barriers: list[str]
    over: list[str]
    helps: bool


class Eyes:
    """A browser of the tests with a window for each who looks."""

    def __init__(self, browser: Browser, stage: Stage, scripts: Iterable[Path] = ()) -> None:
        self._browser = browser
        self._stage = stage
        self._scripts = tuple(scripts)
        self._windows: dict[tuple[Role | None, bool, Language], Page] = {}

    async def window(self, visit: Visit) -> Page:
        """Return the window of who makes this visit."""
        who = (visit.role, visit.halfway, visit.language)
        if who not in self._windows:
            context = await self._browser.new_context(
                base_url=self._stage.address, viewport=WIDE, locale="th-TH", reduced_motion="reduce"
            )
            for script in self._scripts:
                await context.add_init_script(path=script)
            await self._sign_in(context, visit)
            self._windows[who] = await context.new_page()
        return self._windows[who]

    async def _sign_in(self, context: BrowserContext, visit: Visit) -> None:
        await context.add_cookies([{"name": LANGUAGE, "value": visit.language, "url": self._stage.address}])
        if visit.role is None:
            return
        token = await self._stage.token(visit.role, confirmed=not visit.halfway)
        await context.add_cookies([{"name": "rootan", "value": token, "url": self._stage.address}])

    async def open(self, visit: Visit) -> Page | None:
        """Open the page; None where the address answers with no page of its own, but a part, a file or a way on."""
        page = await self.window(visit)
        await page.set_viewport_size(WIDE)
        if visit.form:
            await page.goto(visit.address)
            status = await send(page, visit.form)
            assert (status >= 400) == visit.is_refused, f"{visit.name}: {status}"
            return page
        try:
            answer = await page.goto(visit.address)
        except PlaywrightError as error:
            if not any(said in str(error) for said in _NO_PAGE):
                raise
            return None
        assert answer is not None, visit.name
        body = await answer.body() if answer.request.redirected_from is None else b""
        if not body[:40].lower().startswith(b"<!doctype html"):
            return None
        assert answer.ok or visit.is_refused, f"{visit.name}: {answer.status}"
        return page

    async def close(self) -> None:
        for page in self._windows.values():
            await page.context.close()


@asynccontextmanager
async def open_eyes(browser: Browser, stage: Stage, scripts: Iterable[Path] = ()) -> AsyncIterator[Eyes]:
    eyes = Eyes(browser, stage, scripts)
    try:
        yield eyes
    finally:
        await eyes.close()


async def examine(page: Page, visit: Visit, looks: tuple[Look, ...] = BRIEF) -> Found:
    """Look at an open page in these widths and on these grounds, the last of them narrow: what runs over shows there."""
    barriers: list[str] = []
    over: list[str] = []
    for width, ground, only in looks:
        await page.set_viewport_size(width)
        await page.evaluate("ground => { document.documentElement.dataset.bsTheme = ground }", ground)
        where = f"{visit.name} {width['width']} {ground}"
        barriers += _grave(where, await page.evaluate(_BARRIERS, only))
    if ran := await page.evaluate(_OVER):
        over.append(f"{visit.name}: {ran}")
    return Found(barriers, over, await page.locator(".page-help").count() > 0)


def _grave(where: str, violations: list[Any]) -> list[str]:
    return [
        f"{where}: {rule} ({impact}) {nodes[:3]}" for impact, rule, nodes in violations if impact in _GRAVE
    ]
