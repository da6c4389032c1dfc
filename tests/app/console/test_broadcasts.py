import re

import pytest
import sqlalchemy as sa

from campaigns.models import Campaign
from core.audit.chain import AuditEvent
from core.consent import record_consent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from tests.app.conftest import Browser
from tests.conftest import MovableClock
from tests.support.cast import make_person

pytestmark = pytest.mark.filterwarnings("ignore:The Result.tuples:sqlalchemy.exc.SADeprecationWarning")
TEXT = "บรรทัดแรก\nบรรทัดสอง <b>ไม่หนา</b>"


@pytest.fixture
async def _three_agreed(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        for name in ("Dao", "Ek", "Fon"):
            person = await make_person(session, keys, name=name)
            await record_consent(
                session, person.contact_id, "campaigns", granted=True, wording="1", source="button"
            )


async def _confirm(browser: Browser, title: str = "เตือนงาน", text: str = TEXT) -> tuple[str, str]:
    page = await browser.post("/console/broadcasts/check", title=title, text=text)
    assert page.status_code == 200
    found = re.search(r'name="campaign_id" value="([^"]+)"', page.text)
    assert found is not None
    return found[1], page.text


@pytest.mark.usefixtures("_three_agreed")
async def test_a_text_is_checked_confirmed_sent_and_watched(
    standing_clock: MovableClock, malee: Browser, database: Database
) -> None:
    assert (await malee.get("/console/broadcasts/new")).status_code == 200
    campaign_id, page = await _confirm(malee)
    assert "&lt;b&gt;" in page
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 0
    started = await malee.post("/console/broadcasts", campaign_id=campaign_id, title="เตือนงาน", text=TEXT)
    assert started.headers["location"] == f"/console/broadcasts/{campaign_id}"
    watched = await malee.get(f"/console/broadcasts/{campaign_id}")
    assert "hx-get" in watched.text
    assert "&lt;b&gt;" in watched.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 3
        await session.execute(sa.update(Message).values(state="sent"))
    done = await malee.get(f"/console/broadcasts/{campaign_id}/progress")
    assert "hx-get" not in done.text
    assert "เตือนงาน" in (await malee.get("/console/broadcasts")).text


@pytest.mark.usefixtures("_three_agreed")
async def test_no_small_figure_is_shown_anywhere(standing_clock: MovableClock, malee: Browser) -> None:
    campaign_id, page = await _confirm(malee)
    await malee.post("/console/broadcasts", campaign_id=campaign_id, title="x", text="y")
    pages = [
        page,
        (await malee.get("/console/broadcasts")).text,
        (await malee.get("/console/broadcasts/new")).text,
        (await malee.get(f"/console/broadcasts/{campaign_id}")).text,
        (await malee.get(f"/console/broadcasts/{campaign_id}/progress")).text,
    ]
    for shown in pages:
        assert not re.search(r"[>\s]3 คน|>3<", shown)
        assert "20" in shown


async def test_what_was_typed_survives_a_refusal_and_going_back(
    standing_clock: MovableClock, malee: Browser
) -> None:
    refused = await malee.post("/console/broadcasts/check", title="", text=TEXT)
    assert refused.status_code == 400
    for page in (refused, await malee.post("/console/broadcasts/edit", title="ชื่อ", text=TEXT)):
        assert "บรรทัดสอง &lt;b&gt;" in page.text


async def test_quiet_hours_refuse_the_start_and_keep_the_text(
    standing_clock: MovableClock, malee: Browser, database: Database
) -> None:
    campaign_id, _ = await _confirm(malee)
    standing_clock.advance(hours=10, minutes=59)
    # Signed in for a day's work, still.
    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE account_session SET seen_at = :now"), {"now": standing_clock()})
    standing_clock.advance(minutes=2)
    refused = await malee.post("/console/broadcasts", campaign_id=campaign_id, title="เตือนงาน", text=TEXT)
    assert refused.status_code == 409
    assert "บรรทัดสอง" in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 0


@pytest.mark.usefixtures("_three_agreed")
async def test_it_is_paused_resumed_and_cancelled_by_buttons(
    standing_clock: MovableClock, malee: Browser, database: Database
) -> None:
    campaign_id, _ = await _confirm(malee)
    await malee.post("/console/broadcasts", campaign_id=campaign_id, title="x", text="y")
    for action, status in (("pause", 303), ("resume", 303), ("cancel", 303), ("pause", 409)):
        response = await malee.post(f"/console/broadcasts/{campaign_id}/{action}")
        assert response.status_code == status
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_kind == "campaign").order_by(AuditEvent.at)
        )
        trail = [(r.action, r.outcome) for r in rows]
    assert trail == [
        ("campaign.start", "ok"),
        ("campaign.pause", "ok"),
        ("campaign.resume", "ok"),
        ("campaign.cancel", "ok"),
        ("campaign.pause", "refused"),
        ("campaign.read", "ok"),
    ]


async def test_a_broadcast_that_does_not_exist_is_not_found(malee: Browser) -> None:
    for address in ("", "/progress"):
        assert (await malee.get(f"/console/broadcasts/{new_id()}{address}")).status_code == 404
    assert (await malee.post("/console/broadcasts", campaign_id="x", title="a", text="b")).status_code == 400
