import asyncio
import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.texts import say
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.models import SavedView
from referrals.intake import append_citizen_words, open_referral
from referrals.listing import reading
from referrals.listing.filters import VIEWS
from referrals.models import Referral
from referrals.queue import claim
from tests.app.conftest import Browser
from tests.support.cast import make_person


async def _open(
    database: Database, keys: DataKeys, name: str, priority: str, *, minutes_ago: int = 0
) -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority=priority, kinds=(), reasons=("asked_for_staff",), receipt=name,
        )  # fmt: skip
        await session.execute(
            sa.update(Referral)
            .where(Referral.id == referral_id)
            .values(opened_at=Referral.opened_at - timedelta(minutes=minutes_ago))
        )
    return referral_id


async def test_it_lists_the_most_urgent_then_the_longest_waiting_first(
    anong: Browser, database: Database, keys: DataKeys
) -> None:
    late = await _open(database, keys, "Ek", "P2", minutes_ago=5)
    early = await _open(database, keys, "Fon", "P2", minutes_ago=50)
    urgent = await _open(database, keys, "Gai", "P0")
    page = (await anong.get("/console/referrals")).text
    positions = [page.index(f"row-{r}") for r in (urgent, early, late)]
    assert positions == sorted(positions)


async def test_it_shows_the_last_words_to_whom_holds_it_and_to_nobody_else(
    anong: Browser, boon: Browser, referral_id: UUID, canary: str
) -> None:
    for view in VIEWS:
        assert canary not in (await anong.get(f"/console/referrals?view={view}")).text
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert canary in (await anong.get("/console/referrals?view=mine")).text
    for view in VIEWS:
        assert canary not in (await boon.get(f"/console/referrals?view={view}")).text


async def test_reading_last_words_is_audited_once_and_again_when_there_are_newer(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")

    async def audited() -> list[UUID | None]:
        async with database.unit_of_work() as session:
            return list(
                await session.scalars(
                    sa.select(AuditEvent.object_id).where(AuditEvent.action == "referral.last_words")
                )
            )

    page = (await anong.get("/console/referrals?view=mine")).text
    assert await audited() == [referral_id]
    seen = re.search(r'name="seen" id="seen" value="([^"]+)"', page)
    assert seen is not None
    await anong.get(f"/console/referrals/rows?view=mine&seen={seen[1]}")
    assert await audited() == [referral_id]
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "ยังอยู่")]
        )
    newer = (await anong.get(f"/console/referrals/rows?view=mine&seen={seen[1]}")).text
    assert "ยังอยู่" in newer
    assert await audited() == [referral_id] * 2


async def test_many_lists_with_words_are_read_at_once_and_a_longer_one_asks_the_database_no_more(
    anong: Browser, database: Database, keys: DataKeys
) -> None:
    asked: list[str] = []

    async def of_audit() -> int:
        asked.clear()
        assert (await anong.get("/console/referrals?view=mine")).status_code == 200
        return sum("audit_" in text for text in asked)

    async def hold(*names: str) -> None:
        for name in names:
            referral_id = await _open(database, keys, name, "P2")
            async with database.unit_of_work() as session:
                referral = await session.get_one(Referral, referral_id)
                words = [(new_id(), "ยังรออยู่ค่ะ")]
                await append_citizen_words(session, keys, identity_id=referral.identity_id, words=words)
                await claim(session, referral_id, anong.account_id)

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        asked.append(text)

    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await hold("Ek")
    of_one = await of_audit()
    await hold("Fon", "Gai", "Hong", "In", "Jai", "Kob")
    assert await of_audit() == of_one
    sa.event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    pages = await asyncio.gather(*(anong.get("/console/referrals?view=mine") for _ in range(6)))
    assert [page.status_code for page in pages] == [200] * 6
    async with database.unit_of_work() as session:
        actions = list(await session.scalars(sa.select(AuditEvent.action)))
    assert actions.count("referral.last_words") == 1 + 7 + 6 * 7
    assert actions.count("queue.read") == 8


async def test_each_view_holds_its_own(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    async def views(browser: Browser) -> list[bool]:
        return [
            str(referral_id) in (await browser.get(f"/console/referrals/rows?view={view}")).text
            for view in ("waiting", "mine", "held", "ended")
        ]

    assert await views(anong) == [True, False, False, False]
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert await views(anong) == [False, True, True, False]
    assert await views(boon) == [False, False, True, False]
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.state, referral.closed_as, referral.closed_at = "closed", "helped", utc_now()
    assert await views(boon) == [False, False, False, True]


async def test_an_empty_view_says_what_to_do(anong: Browser) -> None:
    for view in VIEWS:
        assert 'class="empty' in (await anong.get(f"/console/referrals?view={view}")).text


@pytest.mark.parametrize(
    "asked", ["view=everything", "colour=red", "after=xyz", "saved=1", "done=a.b", "team=us"]
)
async def test_what_does_not_exist_is_refused_kindly(anong: Browser, asked: str) -> None:
    response = await anong.get(f"/console/referrals?{asked}")
    assert response.status_code == 400
    assert say("problem.filter.what") in response.text


async def test_a_long_list_goes_on_where_the_page_ended(
    anong: Browser, database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    ids = [await _open(database, keys, name, "P2", minutes_ago=n) for n, name in enumerate("abcde")]
    address, seen = "/console/referrals?priority=P2", []
    for _ in range(3):
        page = (await anong.get(address)).text
        seen += [UUID(found) for found in re.findall(r'id="row-([0-9a-f-]{36})"', page)]
        onward = re.search(r'href="(/console/referrals\?[^"]*after=[^"]*)"', page)
        address = html.unescape(onward[1]) if onward else ""
    assert seen == ids[::-1]
    assert address == ""


async def test_views_and_saved_views_are_counted(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    await _open(database, keys, "Ek", "P2")
    page = await anong.post(
        "/console/referrals/views",
        form_id=new_id(),
        name="ด่วนรอรับ",
        priority="P0",
        view="waiting",
        is_shared="yes",
    )
    assert page.status_code == 303
    for browser in (anong, boon):
        rail = (
            (await browser.get("/console/referrals"))
            .text.partition('<nav class="rail"')[2]
            .partition("</nav>")[0]
        )
        counts = re.findall(r'<b class="count">([^<]+)</b>', rail)
        assert counts[0] == "2"
        assert counts[-1] == "1"
        assert "ด่วนรอรับ" in rail


async def test_a_saved_view_is_renamed_and_dropped_by_whose_it_is(
    anong: Browser, boon: Browser, database: Database
) -> None:
    form_id = new_id()
    for _ in range(2):
        await anong.post(
            "/console/referrals/views", form_id=form_id, name="ของเรา", kind="danger", is_shared="yes"
        )
    async with database.unit_of_work() as session:
        (view,) = (await session.scalars(sa.select(SavedView))).all()
    theirs = f"/console/referrals/views/{view.id}"
    assert (await boon.post(f"{theirs}/name", name="ของบุญ")).status_code == 404
    assert (await boon.post(f"{theirs}/drop")).status_code == 404
    assert (await anong.post(f"{theirs}/name", name=" ")).status_code == 400
    assert (await anong.post(f"{theirs}/name", name="ชื่อใหม่")).status_code == 303
    assert "ชื่อใหม่" in (await boon.get("/console/referrals")).text
    assert (await anong.post(f"{theirs}/drop")).status_code == 303
    assert "ชื่อใหม่" not in (await anong.get("/console/referrals")).text


async def test_opening_the_page_is_audited_once_and_refreshing_is_not(
    anong: Browser, database: Database
) -> None:
    await anong.get("/console/referrals")
    await anong.get("/console/referrals/rows")
    async with database.unit_of_work() as session:
        actions = list(await session.scalars(sa.select(AuditEvent.action)))
    assert actions.count("queue.read") == 1
    assert "queue.refresh" not in actions


async def test_the_person_who_waits_for_an_answer_stands_out(anong: Browser, referral_id: UUID) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert 'class="waits"' in (await anong.get("/console/referrals?view=mine")).text
    await anong.post(f"/console/referrals/{referral_id}/answers", text="ค่ะ", form_id=new_id())
    assert 'class="waits"' not in (await anong.get("/console/referrals?view=mine")).text
