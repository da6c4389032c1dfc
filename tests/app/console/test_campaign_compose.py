"""The composer: blocks, both phones, faults in words, and nothing lost when two write at once."""

import html
from collections.abc import Mapping
from html.parser import HTMLParser
from io import BytesIO
from typing import get_args
from uuid import UUID

import httpx
import pytest
from PIL import Image

from app.console.campaign_compose_hints import notes_of
from app.console.texts import load_texts, say
from campaigns.composer.checking import faults_of
from campaigns.composer.fault import FaultCode
from campaigns.drafting import read_campaign
from campaigns.plans.blocks import ButtonsBlock, QuizBlock, TextBlock, Wording
from campaigns.plans.plan import Plan, Step, Trial
from campaigns.plans.times import Drip
from campaigns.ready.planning import programmes
from core.db.database import Database
from core.languages import WHOLE, Language
from tests.app.conftest import Browser

NEW = "/console/campaigns/new"


async def begin(browser: Browser, **given: str) -> str:
    """Begin a campaign and return its address."""
    await browser.get(NEW)
    begun = await browser.post(NEW, **({"title": "เตือนงานหลอก"} | given))
    assert begun.status_code == 303, begun.text
    return begun.headers["location"].removesuffix("/write")


async def send(browser: Browser, address: str, fields: Mapping[str, str], **headers: str) -> httpx.Response:
    return await browser.client.post(
        address, data={"csrf": browser.csrf, **fields}, headers={"Origin": browser.origin, **headers}
    )


class _Fields(HTMLParser):
    """What a browser would send of the composer's form as it stands on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._open = ""
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        self._within = self._within or given.get("id") == "compose"
        if not self._within:
            return
        ticks = given.get("type") in {"checkbox", "radio"}
        if tag == "input" and name and (not ticks or "checked" in given):
            self.found[name] = given.get("value") or ""
        elif tag in {"textarea", "select"}:
            self._open, self.found[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.found[self._open] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            self.found[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The first line's end is the page's own.
            self.found[self._open] = self.found[self._open].removeprefix("\n")
        if tag in {"textarea", "select"}:
            self._open = ""
        if tag == "form":
            self._within = False


def fields_in(page: str) -> dict[str, str]:
    parser = _Fields()
    parser.feed(page)
    return parser.found


def drawn_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 400), "#0f766e").save(out, "PNG")
    return out.getvalue()


FIELDS = {
    "title": "เตือนงานหลอก", "subject": "job_scams", "revision": "1", "language": "th", "notice.th": "มีเรื่องสั้น ๆ",
    "b.0.kind": "text", "b.0.id": "text1", "b.0.text.th": "บรรทัดแรก\r\nบรรทัดสอง", "b.0.text.en": "First line",
}  # fmt: skip


async def test_what_is_written_is_kept_as_blocks(malee: Browser, database: Database) -> None:
    address = await begin(malee)
    page = await malee.get(f"{address}/write")
    assert page.status_code == 200
    saved = await send(malee, f"{address}/write", FIELDS)
    assert saved.status_code == 303, saved.text
    async with database.unit_of_work() as session:
        view = await read_campaign(session, UUID(address.rsplit("/", 1)[1]))
    (wording,) = view.plan.steps[0].wordings
    assert wording.blocks == (TextBlock("text1", {"th": "บรรทัดแรก\nบรรทัดสอง", "en": "First line"}),)
    assert (view.revision, view.plan.subject) == (2, "job_scams")
    assert say("campaign_compose.saved") in (await malee.get(saved.headers["location"])).text


@pytest.mark.parametrize("language", WHOLE)
def test_every_fault_has_its_words(language: Language) -> None:
    codes = get_args(FaultCode)
    assert len(codes) > 40
    assert {f"campaign_fault.{code}" for code in codes} <= load_texts(language).keys()


def test_too_many_messages_are_told_with_all_that_the_fault_knows() -> None:
    blocks = tuple(TextBlock(f"text{n}", {"th": "ก"}) for n in range(6))
    wording = Wording(blocks, {"th": "มีเรื่องสั้น ๆ"})
    faults = faults_of(Plan(steps=(Step((wording,)),)), media={})
    told = [note.text for note in notes_of(wording, faults, "0.")["page"]]
    assert f"LINE: {say('campaign_fault.too_many_messages', count='6', limit='5')}" in told


async def test_both_phones_and_faults_in_words_come_back_while_typing(
    malee: Browser, database: Database
) -> None:
    address = await begin(malee)
    fields = FIELDS | {"b.0.text.th": "{name}", "notice.th": "อ" * 61, "b.1.kind": "link", "b.1.id": "link1"}
    seen = await send(malee, f"{address}/write/preview", fields, **{"HX-Request": "true"})
    assert seen.status_code == 200, seen.text
    assert 'data-phone="line"' in seen.text
    assert 'data-phone="telegram"' in seen.text
    assert 'id="n-b-0-text-th" hx-swap-oob="true"' in seen.text
    for words in (
        say("campaign_fault.variable_no_fallback", words="{name}"),
        say("campaign_fault.notice_too_long", length="61", limit="60"),
        say("campaign_fault.address_wrong"),
    ):
        assert words in seen.text.replace("&amp;", "&")
    async with database.unit_of_work() as session:
        view = await read_campaign(session, UUID(address.rsplit("/", 1)[1]))
    assert view.revision == 1


async def test_blocks_move_go_and_come_back_without_being_kept(malee: Browser) -> None:
    address = await begin(malee)
    fields = FIELDS | {"b.1.kind": "text", "b.1.id": "text2", "b.1.text.th": "ข้อสอง"}
    moved = await send(malee, f"{address}/write/arrange", fields | {"do": "up:1"}, **{"HX-Request": "true"})
    assert moved.text.index("ข้อสอง") < moved.text.index("บรรทัดแรก")
    assert 'data-focus="b-0-down"' in moved.text
    gone = await send(
        malee, f"{address}/write/arrange", fields | {"do": "remove:1"}, **{"HX-Request": "true"}
    )
    assert "ข้อสอง</textarea>" not in gone.text
    removed = html.unescape(gone.text.split('name="removed" value="')[1].split('"')[0])
    back = await send(malee, f"{address}/write/arrange", FIELDS | {"do": "undo", "removed": removed})
    assert "ข้อสอง</textarea>" in back.text
    assert "<!doctype html>" in back.text


async def test_who_saves_late_hears_of_it_and_loses_nothing(malee: Browser, database: Database) -> None:
    address = await begin(malee)
    assert (await send(malee, f"{address}/write", FIELDS)).status_code == 303
    late = await send(malee, f"{address}/write", FIELDS | {"b.0.text.th": "ของฉันเอง"})
    assert late.status_code == 409
    assert "ของฉันเอง</textarea>" in late.text
    assert say("campaign_compose.save_over") in late.text
    assert 'name="revision" value="2"' in late.text
    over = await send(malee, f"{address}/write", FIELDS | {"b.0.text.th": "ของฉันเอง", "revision": "2"})
    assert over.status_code == 303
    async with database.unit_of_work() as session:
        view = await read_campaign(session, UUID(address.rsplit("/", 1)[1]))
    assert view.plan.steps[0].wordings[0].blocks == (
        TextBlock("text1", {"th": "ของฉันเอง", "en": "First line"}),
    )


async def test_a_pack_and_a_copy_begin_with_all_their_messages(malee: Browser, database: Database) -> None:
    address = await begin(malee, ready="job_scams/new_year")
    copied = await begin(malee, copied=address.rsplit("/", 1)[1])
    async with database.unit_of_work() as session:
        first, second = [
            await read_campaign(session, UUID(one.rsplit("/", 1)[1])) for one in (address, copied)
        ]
    assert first.plan == second.plan
    assert len(first.plan.steps) == 3
    last = await malee.get(f"{address}/write?step=2")
    assert last.status_code == 200
    blocks = first.plan.steps[2].wordings[0].blocks
    assert isinstance(blocks[0], QuizBlock)
    assert isinstance(blocks[1], ButtonsBlock)


@pytest.mark.parametrize("ready", ["job_scams/new_year", "anti_violence/"])
async def test_what_is_opened_and_saved_unchanged_stays_as_it_is(
    malee: Browser, database: Database, ready: str
) -> None:
    """Every message of a pack goes through the form and back."""
    found = next(name for name in _ready() if name.startswith(ready))
    address = await begin(malee, ready=found)
    campaign_id = UUID(address.rsplit("/", 1)[1])
    async with database.unit_of_work() as session:
        before = await read_campaign(session, campaign_id)
    for step in range(len(before.plan.steps)):
        page = await malee.get(f"{address}/write?step={step}")
        saved = await send(malee, f"{address}/write?step={step}", fields_in(page.text))
        assert saved.status_code == 303, saved.text
    async with database.unit_of_work() as session:
        after = await read_campaign(session, campaign_id)
    assert (after.plan, after.revision) == (before.plan, 1)


def _ready() -> list[str]:
    return [f"{one.id}/{occasion.id}" for one in programmes().values() for occasion in one.occasions]


async def test_nobody_else_of_the_house_opens_a_message(
    malee: Browser, somchai: Browser, anong: Browser
) -> None:
    address = await begin(malee)
    assert (await anong.get(f"{address}/write")).status_code == 403
    assert (await somchai.get(f"{address}/write")).status_code == 403


async def test_a_picture_needs_words_and_stays_while_a_campaign_may_show_it(malee: Browser) -> None:
    address = "/console/campaigns/media"
    await malee.get(address)
    file = {"picture": ("p.png", drawn_picture(), "image/png")}
    form = {"csrf": malee.csrf, "name": "โปสเตอร์", "alt_th": "", "alt_en": ""}
    headers = {"Origin": malee.origin}
    refused = await malee.client.post(address, data=form, files=file, headers=headers)
    assert refused.status_code == 400
    assert "โปสเตอร์" in refused.text
    kept = await malee.client.post(
        address, data=form | {"alt_th": "คนสองคนอ่านประกาศ"}, files=file, headers=headers
    )
    assert kept.status_code == 303, kept.text
    library = (await malee.get(address)).text
    assert "คนสองคนอ่านประกาศ" in library
    media_id = library.split('id="m-')[1].split('"')[0]
    shown = await malee.get("/media/" + library.split('src="/media/')[1].split('"')[0])
    assert shown.headers["content-type"] == "image/jpeg"
    removed = await malee.post(f"{address}/{media_id}/remove")
    assert removed.status_code == 303
    assert say("campaign_media.empty") in (await malee.get(address)).text


async def test_a_message_to_follow_and_a_wording_to_compare_keep_what_was_typed(
    malee: Browser, database: Database
) -> None:
    address = await begin(malee)
    campaign_id = UUID(address.rsplit("/", 1)[1])
    added = await send(malee, f"{address}/write/messages", FIELDS | {"do": "add_message"})
    assert added.headers["location"].startswith(f"{address}/write?step=1&variant=&")
    compared = await send(malee, f"{address}/write/messages", FIELDS | {"do": "add_wording", "revision": "2"})
    assert "step=0&variant=b" in compared.headers["location"]
    async with database.unit_of_work() as session:
        plan = (await read_campaign(session, campaign_id)).plan
    assert isinstance(plan.schedule, Drip)
    assert plan.schedule.days == (0, 7)
    assert plan.trial == Trial()
    assert [wording.variant for wording in plan.steps[0].wordings] == ["a", "b"]
    assert plan.steps[0].wordings[0].blocks == plan.steps[0].wordings[1].blocks != ()
    dropped = FIELDS | {"do": "drop_wording", "revision": "3"}
    await send(malee, f"{address}/write/messages?step=0&variant=b", dropped)
    await send(malee, f"{address}/write/messages?step=1", FIELDS | {"do": "drop_message", "revision": "4"})
    async with database.unit_of_work() as session:
        plan = (await read_campaign(session, campaign_id)).plan
    assert plan.trial is None
    assert isinstance(plan.schedule, Drip)
    assert plan.schedule.days == (0,)
    assert [[wording.variant for wording in step.wordings] for step in plan.steps] == [[""]]


async def test_a_misspelt_word_is_a_hint(malee: Browser) -> None:
    address = await begin(malee)
    fields = FIELDS | {"b.0.text.th": "ขออนุญาติเล่าให้ฟัง"}
    told = await send(malee, f"{address}/write/spelling", fields, **{"HX-Request": "true"})
    assert say("campaign_compose.spelling_meant", words="อนุญาติ", meant="อนุญาต") in told.text


async def test_tests_go_to_nobody_who_proved_no_chat(malee: Browser) -> None:
    address = await begin(malee)
    refused = await malee.post(f"{address}/write/test", to=str(malee.account_id))
    assert refused.status_code == 400
    assert say("problem.test_nobody.what") in refused.text
