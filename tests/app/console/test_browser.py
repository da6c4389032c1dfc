import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.async_api import Browser, Page, Route, expect

from app.console.texts import say
from app.examiner import Examiner
from app.faces.drawing import VENDOR
from app.main import create_app
from app.runtime import Runtime
from core.accounts.demo import DemoAccount
from core.accounts.second_factor import code_at, current_step
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.cleaning.apart import clean
from referrals.evidence import keep_evidence, note_evidence, refuse_evidence
from referrals.intake import append_citizen_words, open_referral
from referrals.live import announce_change
from referrals.models import Referral
from tests.app.conftest import Demo
from tests.referrals.cleaning.samples import photograph
from tests.support.browser import open_browser
from tests.support.cast import make_person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (VENDOR / "htmx.min.js").is_file(), reason="static libraries are missing: run `make setup`"
    ),
]

# Well before a page asks by itself: a thread every 10 s, the queue every 30 s.
_LIVE_MS = 5_000


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser


@contextlib.asynccontextmanager
async def _serve(runtime: Runtime, port: int = 0) -> AsyncIterator[str]:
    """Run the application on a real server; yields its address."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = runtime.settings.model_copy(update={"base_url": address})
    application = create_app(dataclasses.replace(runtime, settings=settings), Examiner(runtime))
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield address
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def address(runtime: Runtime) -> AsyncIterator[str]:
    async with _serve(runtime) as address:
        yield address


class Desk:
    """A member of staff at a screen; whatever the page's policy or script complains of is kept."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None
        )

    async def sign_in(self, demo: DemoAccount) -> None:
        await self.page.goto(f"{self.address}/console")
        await self.page.fill("#email", demo.email)
        await self.page.fill("#password", demo.password)
        await self.page.keyboard.press("Enter")
        await self.page.fill("#code", code_at(demo.totp_secret, current_step()))
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/console/*")


async def _desk(chromium: Browser, address: str, width: int = 1280, height: int = 800) -> Desk:
    context = await chromium.new_context(viewport={"width": width, "height": height})
    return Desk(await context.new_page(), address)


@pytest.fixture
async def desk(chromium: Browser, address: str) -> AsyncIterator[Desk]:
    desk = await _desk(chromium, address)
    yield desk
    await desk.page.context.close()
    assert desk.complaints == []


async def _until_listening(page: Page) -> None:
    """What happens before the page listens is seen only at its next look."""
    await expect(page.locator("body[data-listening]")).to_have_count(1, timeout=10_000)


async def _arrive(database: Database, keys: DataKeys, name: str, words: str, priority: str = "P0") -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority=priority, kinds=("detention",), reasons=("crisis_words",), receipt=name,
        )  # type: ignore[arg-type]  # fmt: skip
        await append_citizen_words(session, keys, identity_id=person.identity_id, words=[(new_id(), words)])
    return referral_id


async def test_a_referral_arrives_live_is_claimed_by_keyboard_and_answered(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    await desk.sign_in(demo["hotline_officer"])
    await expect(page.locator(".empty")).to_be_visible()
    await _until_listening(page)
    earlier = await _arrive(database, keys, "Ek", "...", "P2")
    await expect(page.locator(f"#row-{earlier}")).to_be_visible(timeout=_LIVE_MS)
    urgent = await _arrive(database, keys, "Dao", "ออกไปไหนไม่ได้")
    await expect(page.locator(".row-link").first).to_have_id(f"row-{urgent}", timeout=_LIVE_MS)

    await page.keyboard.press("j")
    await expect(page.locator(f"#row-{urgent}")).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("c")
    await page.wait_for_url(f"**/console/referrals/{urgent}")
    await expect(page.locator(".line.citizen .words")).to_have_text("ออกไปไหนไม่ได้")

    await page.fill("#text", "ตอนนี้พิมพ์คุยสะดวกไหม")
    await expect(page.locator("#text-count")).to_have_text("22")
    await page.click(".answer button")
    await expect(page.locator(".line.staff .words")).to_have_text("ตอนนี้พิมพ์คุยสะดวกไหม")
    await expect(page.locator(".delivery.pending")).to_be_visible()

    await page.fill("#text", "ยังพิมพ์ไม่จบ")
    await _until_listening(page)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, urgent)
        await session.execute(sa.update(Message).values(reason="held"))
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "เขากลับมาแล้ว")]
        )
    await expect(page.locator(".line.citizen .words").last).to_have_text("เขากลับมาแล้ว", timeout=_LIVE_MS)
    await expect(page.locator(".delivery.waiting")).to_be_visible()
    assert await page.input_value("#text") == "ยังพิมพ์ไม่จบ"


async def test_the_officer_sees_above_the_answer_box_whether_the_person_can_talk(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    referral_id = await _arrive(database, keys, "Dao", "ยาวมาก\n" * 60)
    await desk.sign_in(demo["hotline_officer"])
    await page.goto(f"{address}/console/referrals/{referral_id}")
    await page.click(".claim button")
    await page.fill("#text", "ยังพิมพ์ไม่จบ")
    await expect(page.locator(".may-talk")).to_have_count(0)
    await _until_listening(page)
    for said in ("can_talk", "cannot_talk"):
        async with database.unit_of_work() as session:
            referral = await session.get_one(Referral, referral_id)
            await open_referral(
                session, keys, contact_id=referral.contact_id, identity_id=referral.identity_id, channel="line",
                source="crisis", priority="P0", kinds=(), reasons=(said,), receipt="2",
            )  # fmt: skip
        await expect(page.locator(".may-talk")).to_have_text(say(f"reason.{said}"), timeout=_LIVE_MS)
    await page.evaluate("document.getElementById('thread').scrollTop = -9999")
    told, box = await page.locator(".may-talk").bounding_box(), await page.locator(".answer").bounding_box()
    assert told is not None
    assert box is not None
    assert 0 <= box["y"] - (told["y"] + told["height"]) < 40
    assert await page.input_value("#text") == "ยังพิมพ์ไม่จบ"
    assert await page.evaluate(CONTRAST) == []


@pytest.mark.parametrize(
    ("form", "ends"), [(".close .btn", "close"), ("form[action$='/release'] button", "release")]
)
async def test_news_that_comes_while_a_case_is_given_up_does_not_keep_the_officer_there(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys, form: str, ends: str
) -> None:
    page = desk.page
    referral_id = await _arrive(database, keys, "Dao", "...", "P2")
    await desk.sign_in(demo["hotline_officer"])
    await page.goto(f"{address}/console/referrals/{referral_id}")
    await page.click(".claim button")
    await page.locator("summary", has_text=say("close.title")).click()
    await page.select_option("#outcome", "advised")
    on_its_way, may_arrive = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        on_its_way.set()
        await may_arrive.wait()
        await route.continue_()

    await page.route(f"**/{ends}", hold)
    await page.click(form, no_wait_after=True)
    await on_its_way.wait()
    news = page.expect_response(lambda response: response.headers.get("hx-refresh") == "true")
    async with news, database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(priority="P3"))
        await announce_change(session, referral_id)
    await asyncio.sleep(0.5)
    may_arrive.set()
    await page.wait_for_url("**/console/referrals")


async def test_a_case_is_worked_on_from_claim_to_reopening(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    referral_id = await _arrive(database, keys, "Dao", "ออกไปไหนไม่ได้", "P2")
    await desk.sign_in(demo["hotline_officer"])
    await page.goto(f"{address}/console/referrals/{referral_id}")
    await page.keyboard.press("c")
    await expect(page.locator("#reach")).to_contain_text(say("reach.waits.will"))
    await page.keyboard.press("r")
    await page.keyboard.type("สวัสดีค่ะ")
    await page.locator("#ready").select_option(index=3)
    await page.focus("#ready")
    await page.keyboard.press("Enter")
    assert (await page.input_value("#text")).startswith("สวัสดีค่ะ\n")
    await page.click(".answer .btn-primary")
    await expect(page.locator(".line.staff .words")).to_contain_text("สวัสดีค่ะ")

    await page.locator("summary", has_text=say("note.add")).click()
    await page.check("input[value=me]")
    await page.fill("#note", "โทรหาบ้านพักแล้ว")
    await page.locator("#note ~ .btn").click()
    await expect(page.locator(".note.me .words")).to_have_text("โทรหาบ้านพักแล้ว")

    # Somebody else changes the case while a note is being written: nothing of it is lost.
    await page.locator("summary", has_text=say("note.add")).click()
    await page.fill("#note", "ยังพิมพ์ไม่จบ")
    await _until_listening(page)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(bot_dialogue="intake"))
        await announce_change(session, referral_id)
    await expect(page.locator("#changed")).to_be_visible(timeout=_LIVE_MS)
    assert await page.input_value("#note") == "ยังพิมพ์ไม่จบ"
    await page.locator("#changed a").click()

    await page.locator("summary", has_text=say("close.title")).click()
    await page.select_option("#outcome", "helped")
    assert await page.input_value("#closing")
    assert await page.input_value("#follow_up_on")
    await page.click(".close .btn")
    await page.wait_for_url("**/console/referrals")
    await page.goto(f"{address}/console/referrals/{referral_id}")
    await page.fill("#reopen-why", "เขาเขียนมาอีก")
    await page.locator("#reopen-why ~ .btn").click()
    await expect(page.locator("#text")).to_be_visible()
    await expect(page.locator(".because").last).to_contain_text("เขาเขียนมาอีก")


async def test_of_two_people_who_claim_one_learns_who_was_first(
    chromium: Browser, desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    referral_id = await _arrive(database, keys, "Dao", "...")
    other = await _desk(chromium, address)
    await desk.sign_in(demo["hotline_officer"])
    await other.sign_in(demo["supervisor"])
    for each in (desk, other):
        await each.page.goto(f"{address}/console/referrals/{referral_id}")
    # Before the news of the first claim can reach the second page.
    await other.page.context.set_offline(True)
    await desk.page.click(".claim button")
    await expect(desk.page.locator("#text")).to_be_visible()
    await other.page.context.set_offline(False)
    button = other.page.locator(".claim button")
    if await button.is_visible():
        await button.click()
    await expect(other.page.locator(".told").first).to_contain_text("Anong")
    await other.page.context.close()


async def test_a_lost_connection_shows_and_heals(
    chromium: Browser, runtime: Runtime, demo: Demo, database: Database, keys: DataKeys
) -> None:
    async with _serve(runtime) as address:
        desk = await _desk(chromium, address)
        await desk.sign_in(demo["hotline_officer"])
        await asyncio.sleep(0.5)
        await expect(desk.page.locator("#lost")).to_be_hidden()
    await expect(desk.page.locator("#lost")).to_be_visible(timeout=10_000)
    referral_id = await _arrive(database, keys, "Dao", "...")
    async with _serve(runtime, int(address.rpartition(":")[2])):
        await expect(desk.page.locator(f"#row-{referral_id}")).to_be_visible(timeout=20_000)
        await expect(desk.page.locator("#lost")).to_be_hidden()
        await desk.page.context.close()


@pytest.mark.parametrize("width", [360, 1440])
async def test_no_page_is_wider_than_the_screen_and_every_field_has_its_label(
    chromium: Browser, address: str, demo: Demo, database: Database, keys: DataKeys, width: int
) -> None:
    referral_id = await _arrive(database, keys, "Dao", "ยาวมากไม่มีวรรค" * 200)
    for role, paths in {
        "supervisor": [
            "/console/referrals",
            f"/console/referrals/{referral_id}",
            f"/console/referrals/{referral_id}?tab=report",
            f"/console/referrals/{referral_id}?tab=desk",
            "/console/tasks",
            "/console/telephone",
            "/console/ready-answers",
            "/console/account",
        ],
        "campaign_manager": ["/console/campaigns", "/console/campaigns/new"],
        "administrator": ["/console/staff"],
    }.items():
        desk = await _desk(chromium, address, width, 740)
        await desk.sign_in(demo[role])  # type: ignore[index]
        for path in paths:
            await desk.page.goto(address + path)
            if await desk.page.locator(".claim button").is_visible():
                await desk.page.click(".claim button")
                await expect(desk.page.locator("#text")).to_be_visible()
            assert await desk.page.evaluate("document.documentElement.scrollWidth") <= width, path
            unlabelled = await desk.page.evaluate(
                "[...document.querySelectorAll('input:not([type=hidden]), textarea:not([hidden]), select')]"
                ".filter(e => !e.labels.length && !e.getAttribute('aria-label')).map(e => e.name)"
            )
            assert unlabelled == [], path
        assert desk.complaints == []
        await desk.page.context.close()


async def test_text_reaches_contrast_on_every_page(
    desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    """WCAG AA: 4.5 for text, measured on what is drawn."""
    urgent = await _arrive(database, keys, "Dao", "...")
    await _arrive(database, keys, "Ek", "...", "P1")
    await desk.sign_in(demo["supervisor"])
    for path in (
        "/console/referrals", f"/console/referrals/{urgent}", "/console/telephone", "/console/ready-answers",
        "/console/account",
    ):  # fmt: skip
        await desk.page.goto(address + path)
        assert await desk.page.evaluate(CONTRAST) == [], path


CONTRAST = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (let at = e; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('.skip, [hidden]')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${e.className || e.tagName} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


async def test_what_comes_with_a_report_appears_live_and_a_picture_opens_alone(
    desk: Desk, demo: Demo, database: Database, keys: DataKeys
) -> None:
    page = desk.page
    await desk.sign_in(demo["hotline_officer"])
    referral_id = await _arrive(database, keys, "Dao", "ส่งรูปให้ดู")
    await page.goto(f"{desk.address}/console/referrals/{referral_id}")
    await page.click(".claim button")
    await page.fill("#text", "กำลังพิมพ์อยู่")
    await _until_listening(page)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        pieces = [
            await note_evidence(session, identity_id=referral.identity_id, event_id=new_id(), kind=kind)
            for kind in ("picture", "sound", "document")
        ]
    async with database.unit_of_work() as session:
        assert pieces[0] is not None
        assert pieces[2] is not None
        await keep_evidence(session, keys, pieces[0], clean(photograph(size=(2400, 3000))))
        await refuse_evidence(session, pieces[2], "refused", "hidden_data")
    await expect(page.locator(".evidence li a")).to_have_count(1, timeout=_LIVE_MS)
    await expect(page.locator(".evidence li")).to_have_count(3)
    # What was being typed stays.
    await expect(page.locator("#text")).to_have_value("กำลังพิมพ์อยู่")
    async with page.context.expect_page() as opening:
        await page.click(".evidence li a")
    shown = await opening.value
    await expect(shown.locator("img")).to_be_visible()
    assert await shown.locator("img").evaluate("picture => picture.naturalWidth") == 3000


async def test_the_bell_rings_for_what_is_most_urgent_alone_and_says_nothing(
    chromium: Browser, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    desk = await _desk(chromium, address)
    page = desk.page
    await page.context.grant_permissions(["notifications"], origin=address)
    await page.add_init_script(
        "window.noted = []; window.Notification = class { static permission = 'granted';"
        " constructor(title, more) { window.noted.push(title + ' · ' + more.body); } };"
    )
    await desk.sign_in(demo["hotline_officer"])
    await _until_listening(page)
    await page.locator("#bell summary").click()
    await page.locator("#bell-on").click()
    await expect(page.locator("#bell-state")).to_have_text(say("urgent.is_on"))
    await page.locator("#bell-test").click()
    await expect(page.locator("body[data-rung='1']")).to_have_count(1)
    title = await page.title()
    lesser = await _arrive(database, keys, "Ek", "ออกไปไหนไม่ได้", "P1")
    await expect(page.locator(f"#row-{lesser}")).to_be_visible(timeout=_LIVE_MS)
    urgent = await _arrive(database, keys, "Dao", "ออกไปไหนไม่ได้")
    await expect(page.locator("body[data-rung='2']")).to_have_count(1, timeout=_LIVE_MS)
    assert await page.title() == f"(1) {title}"
    assert set(await page.evaluate("window.noted")) == {f"{say('brand.name')} · {say('urgent.note')}"}
    # What was known when the page opened rings no more; the browser remembers what was chosen.
    await page.reload()
    await expect(page.locator("#bell-off")).to_be_visible(visible=False)
    assert await page.evaluate("document.body.dataset.rung") is None
    await page.locator(f"#row-{urgent}").focus()
    await page.keyboard.press("c")
    await page.wait_for_url(f"**/console/referrals/{urgent}")
    await page.goto(f"{address}/console/referrals")
    await expect(page.locator("#rows")).to_be_visible()
    assert await page.title() == title
    assert desk.complaints == []
    await page.context.close()


async def test_two_people_at_one_case_see_each_other_and_filters_work_by_keyboard(
    chromium: Browser, desk: Desk, address: str, demo: Demo, database: Database, keys: DataKeys
) -> None:
    referral_id = await _arrive(database, keys, "Dao", "...")
    other = await _desk(chromium, address)
    await other.sign_in(demo["supervisor"])
    await _until_listening(other.page)
    await desk.sign_in(demo["hotline_officer"])
    await desk.page.goto(f"{address}/console/referrals/{referral_id}")
    await desk.page.click(".claim button")
    place = other.page.locator(f'[data-presence="{referral_id}"]').first
    await other.page.goto(f"{address}/console/referrals?view=held")
    await expect(place).to_have_text(say("presence.reading", name="Anong"), timeout=_LIVE_MS)
    await desk.page.fill("#text", "สวัสดีค่ะ")
    # One page is heard once in ten seconds.
    await expect(place).to_have_text(say("presence.typing", name="Anong"), timeout=15_000)
    await desk.page.goto(f"{address}/console/account")
    await expect(place).to_have_text("", timeout=_LIVE_MS)

    await other.page.keyboard.press("?")
    await expect(other.page.locator("#keys")).to_be_visible()
    await other.page.keyboard.press("Escape")
    await expect(other.page.locator("#keys")).to_be_hidden()
    await other.page.keyboard.press("/")
    await expect(other.page.locator("#find")).to_be_focused()
    await other.page.locator(".filters summary").focus()
    await other.page.keyboard.press("Enter")
    await other.page.keyboard.press("Tab")
    await other.page.keyboard.press("Space")
    await expect(other.page.locator("#f-P0")).to_be_checked()
    await other.page.keyboard.press("Enter")
    await other.page.wait_for_url("**priority=P0**")
    await expect(other.page.locator(f"#row-{referral_id}")).to_be_visible()
    assert other.complaints == []
    await other.page.context.close()
