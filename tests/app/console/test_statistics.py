import io
import zipfile
from datetime import timedelta
from uuid import UUID

import pypdfium2
import pytest
import sqlalchemy as sa

from app.console.texts import say
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import open_referral
from referrals.models import Referral
from referrals.queue import claim
from tests.app.conftest import Browser
from tests.support.cast import make_person

_ADDRESS = "/console/statistics"
HIDDEN = '<span aria-hidden="true">•</span><span class="visually-hidden">ซ่อน</span>'


async def open_reports(
    database: Database, keys: DataKeys, number: int, *, place: str | None = None, kinds: tuple[str, ...] = ()
) -> list[UUID]:
    """Open reports of as many people."""
    opened = []
    async with database.unit_of_work() as session:
        for _ in range(number):
            person = await make_person(session, keys, name=new_id().hex)
            referral_id = await open_referral(
                session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
                source="report", priority="P2", kinds=kinds, reasons=("can_talk",), receipt=new_id().hex,
            )  # type: ignore[arg-type]  # fmt: skip
            (await session.get_one(Referral, referral_id)).place = place
            opened.append(referral_id)
    return opened


async def test_it_counts_reports_and_hides_small_cells(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    await open_reports(database, keys, 12, place="province:TH-10", kinds=("detention",))
    await open_reports(database, keys, 7, place="province:TH-50")
    await open_reports(database, keys, 2, place="province:TH-83")
    page = (await boon.get(_ADDRESS)).text
    assert "<b>21</b>" in page
    assert 'กรุงเทพมหานคร</th><td class="number">12</td>' in page
    assert f'ภูเก็ต</th><td class="number veiled">{HIDDEN}</td>' in page
    # Or 21 - 12 - 7 would tell.
    assert f'เชียงใหม่</th><td class="number veiled">{HIDDEN}</td>' in page
    assert "ภูเก็ต: ซ่อน" in page


async def test_with_few_reports_it_explains_and_names_instead_of_a_wall_of_hidden_cells(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    for kind, place, priority in (("detention", "10", "P0"), ("suicide", "50", "P1"), ("danger", "83", "P2")):
        opened = await open_reports(database, keys, 3, place=f"province:TH-{place}", kinds=(kind,))
        async with database.unit_of_work() as session:
            await session.execute(
                sa.update(Referral).where(Referral.id.in_(opened)).values(priority=priority)
            )
    page = (await boon.get(_ADDRESS)).text
    assert say("figures.hides_most") in page
    kinds = page[page.index('id="t-kinds"') : page.index('id="t-channels"')]
    assert say("figures.all_hidden") in kinds
    assert kinds.count("<li>") == 3
    assert HIDDEN not in kinds


async def test_it_says_nothing_but_that_there_are_few(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    await open_reports(database, keys, 3, place="province:TH-83", kinds=("suicide",))
    page = (await boon.get(_ADDRESS)).text
    assert "<b>น้อยกว่า 5</b>" in page
    assert "ภูเก็ต: " not in page
    assert "<table" not in page


async def test_an_empty_period_says_what_to_do(boon: Browser) -> None:
    page = (await boon.get(_ADDRESS)).text
    assert "ไม่มีเรื่องเข้ามาในช่วงนี้" in page
    assert "เลือกช่วงเวลาที่ยาวขึ้น" in page


async def test_filters_narrow_the_figures(boon: Browser, database: Database, keys: DataKeys) -> None:
    await open_reports(database, keys, 12, place="province:TH-10", kinds=("detention",))
    await open_reports(database, keys, 7, place="province:TH-50")
    for query, total in (
        ("kind=detention", 12), ("place=province:TH-50", 7), ("channel=line", 19), ("channel=phone", 0),
        ("period=last_month", 0), (f"team={new_id()}", 0),
    ):  # fmt: skip
        assert f"<b>{total}</b>" in (await boon.get(f"{_ADDRESS}?{query}")).text, query


async def test_it_says_how_soon_reports_were_claimed(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    for referral_id in await open_reports(database, keys, 6):
        async with database.unit_of_work() as session:
            await claim(session, referral_id, boon.account_id)
            row = await session.get_one(Referral, referral_id)
            row.opened_at -= timedelta(minutes=25)
    page = (await boon.get(f"{_ADDRESS}?period=custom&since=2020-01-01&until=2020-01-02")).text
    assert "<b>0</b>" in page
    today, yesterday = bangkok(utc_now()).date(), bangkok(utc_now()).date() - timedelta(days=1)
    page = (await boon.get(f"{_ADDRESS}?period=custom&since={yesterday}&until={today}")).text
    assert 'P2 เร็ว</th><td class="number">6</td><td class="number">0</td>' in page
    assert "25 นาที" in page


@pytest.mark.parametrize(
    "query",
    [
        "period=custom", "period=custom&since=2026-02-01&until=2026-01-01", "period=custom&since=2020-01-01&until=2026-01-01",
        "period=custom&since=x&until=y", "team=everybody", "place=province:TH-00", "place=<script>",
    ],
)  # fmt: skip
async def test_it_refuses_what_it_can_not_count(boon: Browser, query: str) -> None:
    assert (await boon.get(f"{_ADDRESS}?{query}")).status_code == 400
    assert (await boon.get(f"{_ADDRESS}/file?{query}")).status_code == 400


async def test_officers_and_auditors_see_no_figures(anong: Browser) -> None:
    assert (await anong.get(_ADDRESS)).status_code == 403
    assert (await anong.get(f"{_ADDRESS}/file?form=pdf")).status_code == 403


async def test_the_files_hold_the_same_figures(boon: Browser, database: Database, keys: DataKeys) -> None:
    await open_reports(database, keys, 12, place="province:TH-10")
    await open_reports(database, keys, 7, place="province:TH-50")
    await open_reports(database, keys, 2, place="province:TH-83")
    csv = (await boon.get(f"{_ADDRESS}/file?form=csv")).content.decode("utf-8-sig")
    assert "กรุงเทพมหานคร,12\r\n" in csv
    assert "ภูเก็ต,ซ่อน\r\n" in csv
    with zipfile.ZipFile(io.BytesIO((await boon.get(f"{_ADDRESS}/file?form=xlsx")).content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
        assert "กรุงเทพมหานคร" in words
        assert all("<f>" not in book.read(name).decode() for name in book.namelist() if "worksheets/" in name)
    paper = pypdfium2.PdfDocument((await boon.get(f"{_ADDRESS}/file?form=pdf")).content)
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "กรุงเทพมหานคร" in text
    assert "Boon" in text
