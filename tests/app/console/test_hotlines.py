"""The directory's pages: who may do what, that what was typed stays, and that every change can be read afterwards."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.console.hotline_form import form_of
from app.console.hotlines import say_day, say_field
from app.console.texts import load_texts, say
from core.audit.chain import AuditEvent
from core.db.database import Database
from referrals.directory.hotlines import Hotline, hotline, lay_open, shipped_hotlines
from referrals.hotline_desk.book import open_for_readers
from referrals.hotline_desk.checking import KINDS
from tests.app.conftest import Browser
from tests.conftest import MovableClock


@pytest.fixture(autouse=True)
def _laid_away() -> Iterator[None]:
    yield
    lay_open(None)


def typed(key: str, **changed: Any) -> dict[str, Any]:
    form = form_of(hotline(key), owner_id="")
    fields: dict[str, Any] = dict(form.texts) | {"kinds": sorted(form.kinds)}
    for line, days in form.days.items():
        fields[f"days_{line}"] = sorted(days)
    if form.only_in_thailand:
        fields["only_in_thailand"] = "1"
    return fields | changed


async def send(browser: Browser, path: str, seen: int, fields: dict[str, Any]) -> Any:
    data = {"csrf": browser.csrf, "seen": str(seen)} | fields
    return await browser.client.post(path, data=data, headers={"Origin": browser.origin})


async def test_everybody_at_the_desk_reads_it_and_supervisors_alone_change_it(
    anong: Browser, boon: Browser, somchai: Browser, malee: Browser
) -> None:
    for browser in (anong, boon, somchai):
        page = (await browser.get("/console/hotlines")).text
        assert all(h.number in page for h in shipped_hotlines())
        assert ("/console/hotlines/new" in page) == (browser is boon)
    assert (await malee.get("/console/hotlines")).status_code == 403
    for browser in (anong, somchai):
        assert (await browser.post("/console/hotlines/191/verify", seen=0, source="x")).status_code == 403
        assert (await browser.get("/console/hotlines/191/edit")).status_code == 403


async def test_a_changed_hour_needs_its_source_and_reaches_the_dialogues(
    boon: Browser, database: Database, standing_clock: MovableClock
) -> None:
    refused = await send(boon, "/console/hotlines/1694/edit", 0, typed("1694", closes_1="18:00"))
    assert refused.status_code == 400
    assert say("hotline.fault.source") in refused.text
    assert 'value="18:00"' in refused.text
    fields = typed("1694", closes_1="18:00", source="โทรถาม")
    assert (await send(boon, "/console/hotlines/1694/edit", 0, fields)).status_code == 303
    async with database.unit_of_work() as session:
        await open_for_readers(session)
    assert hotline("1694").hours[0].closes.hour == 18
    page = (await boon.get("/console/hotlines/1694")).text
    assert "โทรถาม" in page
    assert "8.30–16.30" in page
    assert "8.30–18.00" in page
    assert "Boon" in page


async def test_who_edits_an_older_state_is_told_and_keeps_what_they_typed(boon: Browser) -> None:
    assert (
        await send(boon, "/console/hotlines/191/edit", 0, typed("191", holds_days="90"))
    ).status_code == 303
    late = await send(boon, "/console/hotlines/191/edit", 0, typed("191", holds_days="77"))
    assert late.status_code == 409
    assert say("problem.stale_hotline.what") in late.text
    assert 'value="77"' in late.text


@pytest.fixture
def late(standing_clock: MovableClock) -> None:
    """A day on which every verification is overdue; sessions begin after it."""
    standing_clock.advance(days=200)


async def test_a_verification_asks_for_its_source(late: None, boon: Browser) -> None:
    assert 'class="standing expired"' in (await boon.get("/console/hotlines")).text
    empty = await boon.post("/console/hotlines/1300/verify", seen=0, source="  ")
    assert empty.status_code == 400
    assert (await boon.post("/console/hotlines/1300/verify", seen=0, source="โทรลองแล้ว")).status_code == 303
    page = (await boon.get("/console/hotlines/1300")).text
    assert 'class="standing current"' in page
    assert "11 มิ.ย. 2570" in page


async def test_a_number_is_added_withdrawn_and_brought_back(boon: Browser) -> None:
    fields = typed("1111", number="02-123-4567", source="หนังสือของมูลนิธิ", mark="V")
    assert (await send(boon, "/console/hotlines/new", 0, fields)).headers["location"].endswith("/02-123-4567")
    twice = await send(boon, "/console/hotlines/new", 0, fields)
    assert (twice.status_code, "02-123-4567" in twice.text) == (400, True)
    assert (await boon.post("/console/hotlines/02-123-4567/withdraw", seen=1)).status_code == 303
    assert say("hotline.standing.withdrawn") in (await boon.get("/console/hotlines")).text
    assert (await boon.post("/console/hotlines/02-123-4567/restore", seen=2)).status_code == 303
    assert say("hotline.standing.withdrawn") not in (await boon.get("/console/hotlines")).text


async def test_what_the_bot_names_is_not_withdrawn(boon: Browser) -> None:
    assert "/withdraw" not in (await boon.get("/console/hotlines/1669")).text
    refused = await boon.post("/console/hotlines/1669/withdraw", seen=0)
    assert refused.status_code == 409
    assert say("problem.hotline_stays.what") in refused.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"answers": "sometimes"}, 400),
        ({"holds_days": "²"}, 400),
        ({"opens_1": "25:99"}, 400),
        ({"days_1": ["9"]}, 400),
        ({"owner_id": "me"}, 400),
        ({"number": "x" * 401}, 400),
        ({"mark": "U"}, 409),
    ],
)
async def test_nonsense_changes_nothing(
    boon: Browser, database: Database, fields: dict[str, Any], status: int
) -> None:
    refused = await send(boon, "/console/hotlines/1694/edit", 0, typed("1694", source="x", **fields))
    assert refused.status_code == status
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM hotline_version")) == 0


async def test_an_entry_that_does_not_exist_is_not_found(boon: Browser) -> None:
    for path in ("999", "999/edit"):
        assert (await boon.get(f"/console/hotlines/{path}")).status_code == 404
    assert (await boon.post("/console/hotlines/999/verify", seen=0, source="x")).status_code == 404
    assert (await send(boon, "/console/hotlines/999/edit", 0, typed("191"))).status_code == 404


async def test_reads_changes_and_refusals_leave_their_rows(boon: Browser, database: Database) -> None:
    await boon.get("/console/hotlines/191")
    await boon.post("/console/hotlines/191/verify", seen=0, source="โทรลอง")
    await boon.post("/console/hotlines/191/withdraw", seen=1)
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_kind == "hotline").order_by(AuditEvent.at)
        )
        seen = [(row.action, row.outcome) for row in rows]
    assert seen == [
        ("hotline.read", "ok"), ("hotline.verify", "ok"), ("hotline.withdraw", "refused"),
    ]  # fmt: skip


def test_every_field_need_and_state_of_an_entry_has_its_words() -> None:
    texts = set(load_texts())
    assert {f"hotline.need.{kind}" for kind in KINDS} <= texts
    for name in Hotline.__struct_fields__:
        assert f"hotline.column.{name}" in texts
        assert say_field(hotline("1694"), name)
    assert re.fullmatch(r"\d+ \S+ 25\d\d", say_day(hotline("1694").verified_at))
