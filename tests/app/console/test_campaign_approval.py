"""Times, approval and letting go: a campaign on its way, by two people's browsers."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.drafting import read_campaign
from campaigns.models import CampaignRun
from campaigns.plans.plan import Plan
from campaigns.plans.times import Drip, Once, Recurring
from core.consent import record_consent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Browser
from tests.campaigns.office import draft, plan, state_of
from tests.conftest import MovableClock
from tests.support.cast import make_person

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


async def _plan(database: Database, campaign_id: UUID) -> tuple[Plan, int, str]:
    async with database.unit_of_work() as session:
        view = await read_campaign(session, campaign_id)
    return view.plan, view.revision, view.plan_hash.hex()


@pytest.fixture
async def campaign_id(standing_clock: MovableClock, malee: Browser, database: Database) -> UUID:
    return await draft(database, malee.account_id, plan(Once(NOON), steps=1))


async def test_times_are_set_in_every_way(malee: Browser, database: Database, campaign_id: UUID) -> None:
    address = f"/console/campaigns/{campaign_id}/times"
    for fields, schedule in (
        ({"how": "at_once"}, Once()),
        ({"how": "once", "day": "2026-11-25", "clock": "9.30"}, Once(datetime(2026, 11, 25, 2, 30, tzinfo=UTC))),
        ({"how": "week", "day": "2026-11-25", "clock": "10:00", "last": "2026-12-31", "weekdays": 4}, Recurring),
        ({"how": "month", "day": "2026-11-25", "clock": "10:00", "month_day": 31}, Recurring),
        ({"how": "year", "day": "2026-11-25", "clock": "10:00", "month_day": 25, "month": 11}, Recurring),
        ({"how": "drip", "day": "2026-11-25", "clock": "10:00", "days": "0", "begins": "date"}, Drip),
        ({"how": "drip", "clock": "10:00", "days": "3", "begins": "agreed"}, Drip),
    ):  # fmt: skip
        _, revision, _ = await _plan(database, campaign_id)
        assert (await malee.post(address, revision=revision, **fields)).status_code == 303, fields
        found = (await _plan(database, campaign_id))[0].schedule
        assert found == schedule or (isinstance(schedule, type) and isinstance(found, schedule))
        page = await malee.get(address)
        assert page.status_code == 200
        assert f'value="{fields["how"]}" checked' in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"how": "once", "day": "2026-11-22", "clock": "10:00"}, "เวลาที่ตั้งไว้ผ่านไปแล้ว"),
        ({"how": "once", "day": "2026-11-25", "clock": "22:00"}, "21:00–08:00"),
        ({"how": "once", "day": "", "clock": "10:00"}, "ขัดกันเอง"),
        ({"how": "once", "day": "2031-01-01", "clock": "10:00"}, "ไกลเกินสองปี"),
        ({"how": "once", "day": "2026-11-25", "clock": "สิบโมง"}, "เวลานี้อ่านไม่ได้"),
        ({"how": "drip", "clock": "10:00", "days": "0, 7", "begins": "agreed"}, "ขัดกันเอง"),
        ({"how": "drip", "clock": "10:00", "days": "", "begins": "date", "day": "2026-11-25"}, "ขัดกันเอง"),
        ({"how": "month", "day": "2026-11-25", "clock": "10:00", "month_day": 40}, "ขัดกันเอง"),
    ],
)
async def test_times_that_can_t_be_kept_are_refused_with_why(
    malee: Browser, database: Database, campaign_id: UUID, fields: dict[str, str], words: str
) -> None:
    answer = await malee.post(f"/console/campaigns/{campaign_id}/times", revision=1, **fields)
    assert answer.status_code in (400, 409)
    assert words in answer.text
    assert (await _plan(database, campaign_id))[1] == 1


async def test_another_person_reads_it_whole_approves_it_and_then_it_is_let_go(
    malee: Browser, chai: Browser, database: Database, campaign_id: UUID
) -> None:
    address = f"/console/campaigns/{campaign_id}"
    assert (await malee.post(f"{address}/submit", revision=1)).status_code == 303
    assert (await malee.post(f"{address}/schedule")).status_code == 409
    page = await chai.get(f"{address}/approval")
    for words in (
        "ข้อที่ 1",
        "24 พ.ย. 2569 12:00",
        'data-phone="line"',
        'data-phone="telegram"',
        "มีข้อความใหม่",
        "อนุมัติแล้ว 0 จาก 1",
    ):
        assert words in page.text, words
    _, _, plan_hash = await _plan(database, campaign_id)
    assert (await malee.post(f"{address}/approve", plan_hash=plan_hash)).status_code == 403
    assert (await chai.post(f"{address}/approve", plan_hash="00" * 32)).status_code == 409
    assert (await chai.post(f"{address}/approve", plan_hash="x")).status_code == 409
    assert (await chai.post(f"{address}/approve", plan_hash=plan_hash)).status_code == 303
    assert await state_of(database, campaign_id) == "approved"
    assert "ให้ส่งตามเวลานี้" in (await malee.get(f"{address}/times")).text
    assert (await malee.post(f"{address}/schedule")).status_code == 303
    assert await state_of(database, campaign_id) == "scheduled"


async def test_what_is_sent_back_says_why_and_an_edit_voids_an_approval(
    malee: Browser, chai: Browser, database: Database, campaign_id: UUID
) -> None:
    address = f"/console/campaigns/{campaign_id}"
    await malee.post(f"{address}/submit", revision=1)
    _, _, plan_hash = await _plan(database, campaign_id)
    refused = await chai.post(f"{address}/send-back", plan_hash=plan_hash)
    assert refused.status_code == 400
    assert (
        await chai.post(f"{address}/send-back", plan_hash=plan_hash, reason="คำแรกแรงไป")
    ).status_code == 303
    assert await state_of(database, campaign_id) == "draft"
    _, revision, _ = await _plan(database, campaign_id)
    await malee.post(f"{address}/submit", revision=revision)
    assert "คำแรกแรงไป" in (await malee.get(f"{address}/approval")).text
    _, _, plan_hash = await _plan(database, campaign_id)
    await chai.post(f"{address}/approve", plan_hash=plan_hash)
    _, revision, _ = await _plan(database, campaign_id)
    assert "ต้องขออนุมัติใหม่" in (await malee.get(f"{address}/times")).text
    await malee.post(f"{address}/times", revision=revision, how="at_once", late_minutes=60)
    assert await state_of(database, campaign_id) == "draft"


async def test_waking_people_takes_a_reason_and_a_second_person(
    standing_clock: MovableClock, malee: Browser, chai: Browser, database: Database, campaign_id: UUID
) -> None:
    address = f"/console/campaigns/{campaign_id}"
    night = {"how": "once", "day": "2026-11-23", "clock": "23:00"}
    assert (await malee.post(f"{address}/times", revision=1, **night)).status_code == 409
    assert (await malee.post(f"{address}/times", revision=1, emergency="true", **night)).status_code == 303
    assert (await malee.post(f"{address}/submit", revision=2, reason="ด่วน")).status_code == 400
    assert (
        await malee.post(f"{address}/submit", revision=2, reason="พบคนถูกหลอกไปปอยเปตคืนนี้")
    ).status_code == 303
    assert "พบคนถูกหลอกไปปอยเปตคืนนี้" in (await chai.get(f"{address}/approval")).text


async def test_who_is_too_few_to_choose_is_said_before_anybody_approves(
    malee: Browser, database: Database, keys: DataKeys, campaign_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name="Dao")
        await record_consent(
            session, person.contact_id, "campaigns", granted=True, wording="1", source="button"
        )
    await malee.client.post(
        f"/console/campaigns/{campaign_id}/audience/rules", headers={"Origin": malee.origin},
        data={"csrf": malee.csrf, "revision": 1, "kind": "channel", "values": ["line"]},
    )  # fmt: skip
    refused = await malee.post(f"/console/campaigns/{campaign_id}/submit", revision=2)
    assert refused.status_code == 409
    assert "ไม่ถึง 20 คน" in refused.text
    assert "1 คน" not in refused.text.replace("21 คน", "")


async def test_the_calendar_shows_what_is_to_go_out_and_what_went(
    malee: Browser, chai: Browser, database: Database, campaign_id: UUID
) -> None:
    assert "เดือนนี้ไม่มีอะไรส่ง" in (await malee.get("/console/campaigns/calendar")).text
    await malee.post(f"/console/campaigns/{campaign_id}/submit", revision=1)
    page = (await chai.get("/console/campaigns/calendar")).text
    assert "ปฏิทิน พ.ย. 2569" in page
    assert "12:00</time> เตือนงานลวง" in page
    assert "เดือนนี้ไม่มีอะไรส่ง" in (await chai.get("/console/campaigns/calendar?month=2027-01")).text
    assert (await chai.get("/console/campaigns/calendar?month=x")).status_code == 400


async def test_letting_go_what_has_no_time_begins_a_run(
    malee: Browser, chai: Browser, database: Database, standing_clock: MovableClock
) -> None:
    campaign_id = await draft(database, malee.account_id, plan(Once()))
    await malee.post(f"/console/campaigns/{campaign_id}/submit", revision=1)
    _, _, plan_hash = await _plan(database, campaign_id)
    await chai.post(f"/console/campaigns/{campaign_id}/approve", plan_hash=plan_hash)
    await malee.post(f"/console/campaigns/{campaign_id}/schedule")
    assert await state_of(database, campaign_id) == "running"
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(CampaignRun)) == 1
