"""All campaigns by how they stand, and one of them with its way in steps."""

import json
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from campaigns.drafting import read_campaign
from campaigns.models import Campaign
from campaigns.plans.audience import Audience, SeenRule
from campaigns.plans.plan import Plan
from campaigns.plans.times import Once
from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser
from tests.campaigns.office import draft, plan
from tests.conftest import MovableClock

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


async def test_an_empty_list_says_what_to_do_first(malee: Browser) -> None:
    page = await malee.get("/console/campaigns")
    assert "ยังไม่มีแคมเปญ" in page.text
    assert 'href="/console/campaigns/new"' in page.text


async def test_campaigns_are_listed_by_how_they_stand(
    standing_clock: MovableClock, malee: Browser, chai: Browser, database: Database
) -> None:
    first = await draft(database, malee.account_id, plan(Once(NOON)), "ต้นเดือน")
    await draft(database, malee.account_id, plan(Once(NOON)), "<b>ปลายเดือน</b>")
    async with database.unit_of_work() as session:
        (await session.get_one(Campaign, first)).state = "scheduled"
    everything = (await malee.get("/console/campaigns")).text
    assert "ต้นเดือน" in everything
    assert "&lt;b&gt;ปลายเดือน" in everything
    ready = (await chai.get("/console/campaigns?which=ready")).text
    assert "ต้นเดือน" in ready
    assert "24 พ.ย. 2569 12:00" in ready
    assert "ปลายเดือน" not in ready
    assert "/console/campaigns/new" not in ready


async def test_a_long_list_is_turned_page_by_page(malee: Browser, database: Database) -> None:
    made = [await draft(database, malee.account_id, Plan(()), f"ที่ {n}") for n in range(31)]
    assert (await malee.get("/console/campaigns")).text.count("row-first") == 30
    older = (await malee.get(f"/console/campaigns?which=draft&after={made[1]}")).text
    assert older.count("row-first") == 1
    assert "ที่ 0" in older


async def test_a_draft_says_all_that_blocks_it(
    standing_clock: MovableClock, malee: Browser, database: Database
) -> None:
    past = Plan((), Audience(include=(SeenRule(3),)), Once(datetime(2026, 11, 22, 5, tzinfo=UTC)))
    page = (await malee.get(f"/console/campaigns/{await draft(database, malee.account_id, past)}")).text
    for words in ("ยังไม่มีข้อความ", "ผู้รับไม่ถึง 20 คน", "ทักเรามาใน 3 วัน", "22 พ.ย. 2569 12:00"):
        assert words in page, words
    night = plan(Once(datetime(2026, 11, 24, 17, tzinfo=UTC)))
    page = (await malee.get(f"/console/campaigns/{await draft(database, malee.account_id, night)}")).text
    assert "21:00–08:00" in page
    good = await draft(database, malee.account_id, plan(Once(NOON)))
    assert "พร้อมขออนุมัติแล้ว" in (await malee.get(f"/console/campaigns/{good}")).text


async def test_every_state_has_its_page(
    standing_clock: MovableClock, malee: Browser, database: Database
) -> None:
    campaign_id = await draft(database, malee.account_id, plan(Once(NOON)))
    for state in (
        "submitted",
        "approved",
        "scheduled",
        "running",
        "paused",
        "done",
        "cancelled",
        "expired",
    ):
        async with database.unit_of_work() as session:
            await session.execute(sa.update(Campaign).values(state=state))
        page = await malee.get(f"/console/campaigns/{campaign_id}")
        assert page.status_code == 200, state
        assert 'aria-current="step"' in page.text


async def test_a_campaign_is_copied_exported_and_brought_back(malee: Browser, database: Database) -> None:
    campaign_id = await draft(database, malee.account_id, plan(Once(NOON)))
    copied = await malee.post(f"/console/campaigns/{campaign_id}/copy")
    async with database.unit_of_work() as session:
        copy = await read_campaign(session, UUID(copied.headers["location"].rpartition("/")[2]))
        assert copy.title == "เตือนงานลวง (สำเนา)"
        assert copy.plan == (await read_campaign(session, campaign_id)).plan
    file = await malee.get(f"/console/campaigns/{campaign_id}/file")
    assert json.loads(file.content)["format"] == "rootan-campaign"
    brought = await malee.client.post(
        "/console/campaigns/files", data={"csrf": malee.csrf}, files={"file": ("one.json", file.content)},
        headers={"Origin": malee.origin},
    )  # fmt: skip
    assert brought.status_code == 303
    refused = await malee.client.post(
        "/console/campaigns/files", data={"csrf": malee.csrf}, files={"file": ("one.json", b"{}")},
        headers={"Origin": malee.origin},
    )  # fmt: skip
    assert refused.status_code == 400
    assert "ไฟล์นี้ไม่ใช่แคมเปญ" in refused.text


async def test_cancelling_asks_once_more_and_leaves_its_row(malee: Browser, database: Database) -> None:
    campaign_id = await draft(database, malee.account_id, plan(Once(NOON)))
    assert (await malee.post(f"/console/campaigns/{campaign_id}/cancel")).status_code == 200
    assert (await malee.post(f"/console/campaigns/{campaign_id}/cancel", sure="true")).status_code == 303
    assert (await malee.post(f"/console/campaigns/{campaign_id}/cancel", sure="true")).status_code == 409
    async with database.unit_of_work() as session:
        assert (await read_campaign(session, campaign_id)).state == "cancelled"
        rows = await session.scalars(
            sa.select(AuditEvent.outcome).where(AuditEvent.action == "campaign.cancel")
        )
        assert sorted(rows) == ["ok", "refused"]


async def test_what_is_not_there_is_not_found(malee: Browser) -> None:
    assert (await malee.get(f"/console/campaigns/{new_id()}")).status_code == 404
