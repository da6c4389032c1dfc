"""The page in a real browser: narrow, by keyboard, with and without scripts, and what it leaves behind."""

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from app.examiner import Examiner
from app.examining.apart import ExaminerApart
from app.main import create_app
from app.runtime import Runtime
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from screening.licences.reading import read_register
from screening.licences.register import replace_register
from screening.reputation import confirm_handle, enter_handle
from tests.app.public.conftest import LURE, PLAIN_AD, PLEA
from tests.app.public.posters import draw_poster, needs_reading
from tests.screening.conftest import Ground, written
from tests.support.browser import open_browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
SMALL = {"width": 360, "height": 640}
REGISTER = (Path(__file__).parents[3] / "docs" / "samples" / "licences-fictional.csv").read_bytes()
ELSEWHERE = "https://www.google.co.th/"


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser


@contextlib.asynccontextmanager
async def _serve(runtime: Runtime, *, apart: bool = False, **config: object) -> AsyncIterator[str]:
    """Run the application on a real server; yields its address.

    Its examiner is in this process unless `apart`: as a process of its own it takes longer to begin than most tests.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = runtime.settings.model_copy(update={"base_url": address})
    examiner = ExaminerApart(runtime) if apart else Examiner(runtime)
    application = create_app(dataclasses.replace(runtime, settings=settings), examiner)
    server = uvicorn.Server(
        uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=1, **config)  # type: ignore[arg-type]
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield address
    finally:
        server.should_exit = True
        await serving
        if isinstance(examiner, ExaminerApart):
            await examiner.close()


@pytest.fixture
async def address(runtime: Runtime) -> AsyncIterator[str]:
    async with _serve(runtime) as address:
        yield address


@contextlib.asynccontextmanager
async def _context(chromium: Browser, address: str, **more: object) -> AsyncIterator[BrowserContext]:
    """A cheap phone; whatever the page's policy or script complains of fails the test."""
    context = await chromium.new_context(viewport=SMALL, base_url=address, **more)  # type: ignore[arg-type]
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
    yield context
    await context.close()
    # What was refused with an explanation, or cut off by a test, is a failure to the browser's console.
    assert [one for one in complaints if not one.startswith("Failed to load resource: ")] == []


@pytest.fixture
async def page(chromium: Browser, address: str) -> AsyncIterator[Page]:
    async with _context(chromium, address) as context:
        yield await context.new_page()


@pytest.fixture
async def plain(chromium: Browser, address: str) -> AsyncIterator[Page]:
    """A browser without scripts."""
    async with _context(chromium, address, java_script_enabled=False) as context:
        yield await context.new_page()


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def test_a_text_is_checked_by_keyboard_alone(page: Page) -> None:
    await page.goto("/check")
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "text":
            break
    await page.keyboard.type("รับแอดมินตอบแชต ปอยเปต ไม่ต้องใช้พาสปอร์ต")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".band")).to_contain_text("อันตราย")
    assert await page.evaluate("document.activeElement.id") == "result"
    await expect(page.locator("mark").first).to_be_visible()


async def test_without_scripts_everything_works_by_plain_posts(plain: Page) -> None:
    await plain.goto("/check")
    await plain.fill("#text", PLAIN_AD)
    await plain.click(".send")
    await expect(plain.locator(".band")).to_contain_text("ยังบอกไม่ได้")
    await plain.click("button[value='fee.yes']")
    await expect(plain.locator(".lead")).to_contain_text("อย่าเพิ่งโอน")
    await plain.fill("#text", LURE)
    await plain.click(".send")
    await plain.click("button[name=switch]")
    await expect(plain.locator(".band")).to_contain_text("Danger")
    assert plain.url.endswith("/check")


async def test_a_confirmed_handle_and_the_register_stand_on_the_card(
    page: Page, database: Database, keys: DataKeys
) -> None:
    ground = Ground(database, keys)
    officer, supervisor = await ground.member("hotline_officer"), await ground.member("supervisor")
    async with database.unit_of_work() as session:
        handle = await enter_handle(
            session, keys, kind="line_id", value=written("line_id", "@admin99"), by=officer
        )
        await confirm_handle(session, handle, by=supervisor)
        await replace_register(session, read_register(REGISTER), as_of=date(2026, 11, 1))
    await page.goto("/check")
    await page.fill("#text", f"{LURE} ใบอนุญาตเลขที่ ตย.11/2599")
    await page.click(".send")
    facts = page.locator(".card .fact")
    await expect(facts).to_have_count(2)
    await expect(facts.nth(0)).to_contain_text("เจ้าหน้าที่ตรวจแล้ว มีคนถูกหลอกผ่าน @admin99")
    await expect(facts.nth(1)).to_contain_text("ไม่พบเลขใบอนุญาต ตย.11/2599 ในทะเบียน (ข้อมูล ณ 1/11/2569)")
    assert await fits(page)


@needs_reading
@pytest.mark.parametrize("scripts", [True, False])
async def test_a_picture_is_read_and_judged(
    chromium: Browser, address: str, tmp_path: Path, *, scripts: bool
) -> None:
    (tmp_path / "ประกาศ.png").write_bytes(draw_poster())
    async with _context(chromium, address, java_script_enabled=scripts) as context:
        page = await context.new_page()
        await page.goto("/check")
        await page.set_input_files("#pictures", tmp_path / "ประกาศ.png")
        await page.click(".send")
        await expect(page.locator(".band")).to_contain_text("อันตราย", timeout=40_000)
        await expect(page.locator(".given summary")).to_contain_text("คำที่เราอ่านได้จากรูป")
        assert await fits(page)


@needs_reading
async def test_while_a_picture_is_read_the_page_says_so(page: Page, tmp_path: Path) -> None:
    (tmp_path / "poster.png").write_bytes(draw_poster())
    await page.goto("/check")
    await page.evaluate(
        "window.said = []; new MutationObserver(() => said.push(document.getElementById('progress').textContent))"
        ".observe(document.getElementById('progress'), { childList: true })"
    )
    await page.set_input_files("#pictures", tmp_path / "poster.png")
    await page.click(".send")
    await expect(page.locator(".send")).to_be_disabled()
    await expect(page.locator("#result")).to_be_visible(timeout=40_000)
    said = await page.evaluate("said")
    assert "กำลังส่งรูป" in said[0]
    assert "กำลังอ่านรูป" in said[-1]


async def test_a_large_photo_is_made_small_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    """Somebody's data is spared, and what the camera wrote into the file stays on the phone."""
    sent: list[bytes] = []

    async def look(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        await route.continue_()

    await page.route("**/check", look)
    await page.goto("/check")
    await page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 2800, height: 1400 });
          const brush = canvas.getContext("2d");
          const noise = brush.createImageData(2800, 1400);
          for (let at = 0; at < noise.data.length; at += 4) {
            noise.data[at] = (at * 2654435761) >>> 24;
            noise.data[at + 3] = 255;
          }
          brush.putImageData(noise, 0, 0);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.97));
          const files = new DataTransfer();
          files.items.add(new File([blob], "secret-name.jpg", { type: "image/jpeg" }));
          document.getElementById("pictures").files = files.files;
          window.before = blob.size;
        }"""
    )
    before = await page.evaluate("before")
    assert before > 1_500_000
    await page.click(".send")
    await expect(page.locator("#result, #problem").first).to_be_visible(timeout=60_000)
    assert 0 < len(sent[-1]) < before / 2
    assert b"secret-name" not in sent[-1]


async def test_a_plea_leaves_nothing_in_title_address_or_history(page: Page) -> None:
    await page.goto("about:blank")
    await page.goto("/check")
    before = await page.evaluate("history.length")
    await page.fill("#text", PLEA)
    await page.click(".send")
    await expect(page.locator(".help")).to_be_visible()
    await expect(page.locator(".help a[href='tel:191']")).to_be_visible()
    assert await page.title() == "ตรวจงาน · รู้ทัน"
    assert page.url.endswith("/check")
    assert await page.evaluate("history.length") == before
    assert "โดนขัง" not in await page.locator("body").inner_text()


async def test_the_way_out_leads_elsewhere_and_back_does_not_return(page: Page) -> None:
    await page.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="<title>elsewhere</title>"))
    await page.goto("about:blank")
    await page.goto("/check")
    await page.fill("#text", PLEA)
    await page.click(".send")
    await expect(page.locator(".help")).to_be_visible()
    await page.click("[data-exit]")
    await page.wait_for_url(ELSEWHERE)
    await page.go_back()
    assert page.url == "about:blank"


async def test_without_scripts_there_is_a_way_out_too(plain: Page) -> None:
    await plain.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="<title>elsewhere</title>"))
    await plain.goto("/check")
    await plain.click("[data-exit]")
    await plain.wait_for_url(ELSEWHERE)


async def test_the_first_page_fits_a_small_phone_with_nothing_else_above_the_fold(page: Page) -> None:
    await page.goto("/check")
    assert await fits(page)
    button = await page.locator(".send").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= SMALL["height"]
    for target in await page.locator("a:visible:not(.skip), button:visible, textarea").all():
        box = await target.bounding_box()
        assert box is not None
        assert box["height"] >= 24
        assert box["width"] >= 24


@pytest.mark.parametrize("text", [LURE, PLEA, PLAIN_AD, "คำเดียวยาว" * 300, "A" * 400, "ภาษา\u202eกลับ"])
async def test_every_answer_fits_a_small_phone(page: Page, text: str) -> None:
    await page.goto("/check")
    await page.fill("#text", text)
    await page.click(".send")
    await expect(page.locator("#result")).to_be_visible()
    assert await fits(page)


_CONTRAST = """() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).map(Number).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!colour.endsWith(", 0)")) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility()) continue;
    const one = light(getComputedStyle(node).color);
    const other = light(ground(node));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) poor.push(`${node.tagName} ${node.className} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["", LURE, PLAIN_AD, PLEA])
async def test_every_word_can_be_read_by_day_and_night(
    chromium: Browser, address: str, scheme: str, text: str
) -> None:
    async with _context(chromium, address, color_scheme=scheme) as context:
        page = await context.new_page()
        await page.goto("/check")
        await page.fill("#text", text)
        await page.click(".send")
        await expect(page.locator("#result, #problem").first).to_be_visible()
        assert await page.evaluate(_CONTRAST) == []


async def test_the_page_can_not_be_framed(page: Page, address: str) -> None:
    async def frame(route: Route) -> None:
        await route.fulfill(body=f"<iframe src='{address}/check'></iframe>", content_type="text/html")

    await page.route("http://frame.test/**", frame)
    refused = asyncio.get_running_loop().create_future()
    page.on("requestfailed", lambda request: refused.done() or refused.set_result(request.failure))
    await page.goto("http://frame.test/")
    assert "BLOCKED_BY" in str(await asyncio.wait_for(refused, 10)).upper()


async def test_what_was_typed_is_still_there_when_the_network_is_away(page: Page) -> None:
    await page.goto("/check")
    await page.fill("#text", LURE)
    await page.route("**/check", lambda route: route.abort())
    await page.click(".send")
    await expect(page.locator("#progress")).to_contain_text("ส่งไม่ถึง")
    await expect(page.locator("#text")).to_have_value(LURE)
    await page.unroute("**/check")
    await page.click(".send")
    await expect(page.locator(".band")).to_be_visible()


async def test_behind_a_trusted_proxy_each_forwarded_address_has_its_own_pace(
    runtime: Runtime, chromium: Browser
) -> None:
    """As `rootan serve` sets uvicorn up by ROOTAN_TRUSTED_PROXIES."""
    async with (
        _serve(runtime, apart=True, proxy_headers=True, forwarded_allow_ips=["127.0.0.1"]) as address,
        _context(chromium, address) as context,
    ):

        async def ask(who: str) -> int:
            answer = await context.request.post(
                "/check", form={"text": "งาน"}, headers={"X-Forwarded-For": who}
            )
            return answer.status

        # The bucket fills while it is emptied.
        first = [await ask("198.51.100.1")]
        while first[-1] == 200 and len(first) < 120:
            first.append(await ask("198.51.100.1"))
        assert (first[0], first[-1]) == (200, 429)
        assert await ask("198.51.100.2") == 200
