"""How long what is kept, on the page: two people, an effect shown before, and nothing before the next midnight."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.retention.classes import kept_classes
from core.retention.lengths import units_in_force
from core.retention.models import RetentionChange
from referrals.keeping.following import follow_tracks
from referrals.models import Referral
from tests.app.conftest import Browser
from tests.conftest import MovableClock

REPORTS = "/console/retention/report_words"


async def _end(database: Database, referral_id: UUID, days: int) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.state, referral.closed_at = "closed", utc_now() - timedelta(days=days)


async def _units(database: Database) -> int:
    async with database.unit_of_work() as session:
        return (await units_in_force(await driver_connection(session)))["report_words"]


async def _stay_signed_in(database: Database) -> None:
    """Sessions end in the night; who they are is not what is tested here."""
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text("UPDATE account_session SET seen_at = :now, created_at = :now"), {"now": utc_now()}
        )


async def _change_id(database: Database) -> UUID:
    async with database.unit_of_work() as session:
        return (await session.scalars(sa.select(RetentionChange.id))).one()


async def test_every_class_stands_on_the_page_and_has_one_of_its_own(boon: Browser) -> None:
    page = (await boon.get("/console/retention")).text
    for code in kept_classes():
        assert f'href="/console/retention/{code}"' in page
        assert (await boon.get(f"/console/retention/{code}")).status_code == 200, code
    assert (await boon.get("/console/retention/nothing")).status_code == 404


async def test_who_may_look_and_who_may_change(
    boon: Browser, somchai: Browser, anong: Browser, malee: Browser
) -> None:
    for browser, status in ((boon, 200), (somchai, 200), (anong, 403), (malee, 403)):
        assert (await browser.get(REPORTS)).status_code == status
    for browser in (anong, malee):
        refused = await browser.post(REPORTS, form_id=new_id(), length=60, reason="fewer_data")
        assert refused.status_code == 403


async def test_a_shorter_time_says_first_how_many_it_takes_and_holds_from_the_next_midnight(
    boon: Browser, somchai: Browser, database: Database, referral_id: UUID, standing_clock: MovableClock
) -> None:
    await _end(database, referral_id, days=70)
    page = (await boon.get(f"{REPORTS}?length=60")).text
    assert "นี่จะลบเพิ่ม 1 รายการ" in page
    assert "24 พ.ย. 2569 00:00" in page
    asked = await boon.post(REPORTS, form_id=new_id(), length=60, reason="fewer_data")
    assert asked.status_code == 303
    change = f"{REPORTS}/changes/{await _change_id(database)}"
    assert (await boon.post(f"{change}/confirm")).status_code == 403
    assert "นี่จะลบเพิ่ม 1 รายการ" in (await somchai.get(REPORTS)).text
    assert (await somchai.post(f"{change}/confirm")).status_code == 303
    assert await _units(database) == 90
    standing_clock.advance(hours=13, minutes=59)
    assert await _units(database) == 90
    standing_clock.advance(minutes=1)
    assert await _units(database) == 60
    await _stay_signed_in(database)
    page = (await somchai.get(REPORTS)).text
    assert all(name in page for name in ("Boon", "Somchai", "60 วัน"))


async def test_until_then_it_can_be_taken_back_and_afterwards_not(
    boon: Browser, somchai: Browser, database: Database, standing_clock: MovableClock
) -> None:
    await boon.post(REPORTS, form_id=new_id(), length=60, reason="fewer_data")
    change = f"{REPORTS}/changes/{await _change_id(database)}"
    await somchai.post(f"{change}/confirm")
    assert (await boon.post(f"{change}/withdraw")).status_code == 303
    assert (await boon.post(f"{change}/withdraw")).status_code == 409
    standing_clock.advance(days=2)
    assert await _units(database) == 90


@pytest.mark.parametrize("length", ["91", "29", "0", "-5", "x", "90"])
async def test_a_length_that_is_not_allowed_is_refused_and_stays_in_the_field(
    boon: Browser, database: Database, length: str
) -> None:
    page = await boon.get(REPORTS, params={"length": length})
    assert page.status_code == 400
    assert f'value="{length}"' in page.text
    assert (await boon.post(REPORTS, form_id=new_id(), length=91, reason="fewer_data")).status_code == 400
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(RetentionChange))).all() == []


async def test_a_class_that_is_bound_to_the_code_or_to_no_time_is_not_changed(boon: Browser) -> None:
    for code in ("drafts", "people", "audit"):
        refused = await boon.post(
            f"/console/retention/{code}", form_id=new_id(), length=5, reason="fewer_data"
        )
        assert refused.status_code == 409


async def test_a_form_pressed_twice_asks_once_and_a_second_change_waits(
    boon: Browser, database: Database
) -> None:
    form_id = new_id()
    for _ in range(2):
        assert (await boon.post(REPORTS, form_id=form_id, length=60, reason="fewer_data")).status_code == 303
    assert (await boon.post(REPORTS, form_id=new_id(), length=50, reason="fewer_data")).status_code == 409
    assert await _change_id(database) == form_id


async def test_a_change_is_found_through_its_own_class(
    boon: Browser, somchai: Browser, database: Database
) -> None:
    await boon.post(REPORTS, form_id=new_id(), length=60, reason="fewer_data")
    other = f"/console/retention/waves/changes/{await _change_id(database)}"
    assert (await somchai.post(f"{other}/confirm")).status_code == 404
    assert (await somchai.post(f"{other}/withdraw")).status_code == 404
    assert await _units(database) == 90
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(RetentionChange.confirmed_at))).one() is None


async def test_reports_that_end_soon_are_listed_and_can_be_postponed_by_who_held_them(
    anong: Browser,
    boon: Browser,
    database: Database,
    referral_id: UUID,
    standing_clock: MovableClock,
    canary: str,
) -> None:
    address = f"/console/ending/{referral_id}"
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await _end(database, referral_id, days=80)
    for browser in (anong, boon):
        page = (await browser.get("/console/ending")).text
        assert address in page
        assert canary not in page
    refused = await anong.post(f"{address}/postpone", ground="person_returns", days=91)
    assert refused.status_code == 400
    done = await anong.post(f"{address}/postpone", ground="person_returns", days=60)
    assert done.status_code == 303
    assert address not in (await anong.get("/console/ending")).text
    assert address in (await anong.get("/console/ending?which=postponed")).text
    assert "ผู้แจ้งจะกลับมาคุยต่อ" in (await anong.get(address)).text


async def test_a_report_of_another_is_not_there_and_only_supervisors_hold(
    anong: Browser, boon: Browser, malee: Browser, database: Database, referral_id: UUID
) -> None:
    address = f"/console/ending/{referral_id}"
    await _end(database, referral_id, days=80)
    assert (await anong.get(address)).status_code == 404
    assert (await anong.post(f"{address}/postpone", ground="person_returns", days=9)).status_code == 404
    assert address not in (await anong.get("/console/ending")).text
    assert (await anong.post(f"{address}/hold", ground="prosecution")).status_code == 403
    assert (await malee.get(address)).status_code == 403
    assert (await boon.post(f"{address}/hold", ground="person_returns")).status_code == 400
    assert (await boon.post(f"{address}/hold", ground="prosecution")).status_code == 303
    assert (await boon.post(f"{address}/hold", ground="prosecution")).status_code == 409
    page = (await boon.get("/console/ending?which=held")).text
    assert address in page
    assert "คดีอาญายังไม่จบ" in page
    assert (await boon.post(f"{address}/release")).status_code == 303
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(AuditEvent).where(AuditEvent.object_id == referral_id))
        seen = {(row.action, row.outcome) for row in rows}
    assert {("ending.hold", "ok"), ("ending.hold", "refused"), ("ending.release", "ok")} <= seen


async def test_from_an_open_case_a_supervisor_finds_the_way_to_hold_it(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    case, address = f"/console/referrals/{referral_id}", f"/console/ending/{referral_id}"
    await anong.post(f"{case}/claim")
    assert address not in (await anong.get(case)).text
    assert address in (await boon.get(case)).text
    assert "เวลาเริ่มนับเมื่อปิดเรื่อง" in (await boon.get(address)).text
    assert (await boon.post(f"{address}/hold", ground="compensation")).status_code == 303
    assert "เก็บตามกฎหมาย" in (await boon.get(case)).text


async def test_a_hold_that_follows_the_tracks_says_that_nobody_set_it(
    boon: Browser, database: Database, referral_id: UUID
) -> None:
    address = f"/console/ending/{referral_id}"
    for tracks in (["prosecution"], []):
        async with database.unit_of_work() as session:
            await follow_tracks(session, await session.get_one(Referral, referral_id), tracks)
        page = (await boon.get(address)).text
        assert "คดีอาญายังไม่จบ" in page
        assert "ระบบ (ตามขั้นตอนคดี)" in page


async def test_the_register_is_made_from_the_lengths_in_force(
    boon: Browser, somchai: Browser, database: Database, standing_clock: MovableClock
) -> None:
    assert (await boon.get("/console/privacy")).status_code == 403
    await boon.post(REPORTS, form_id=new_id(), length=60, reason="fewer_data")
    await somchai.post(f"{REPORTS}/changes/{await _change_id(database)}/confirm")
    standing_clock.advance(days=1)
    await _stay_signed_in(database)
    page = (await somchai.get("/console/privacy")).text
    assert re.search(r"หลังปิดเรื่อง: <b>60 วัน</b>", page)
    assert page.count("อ่านมาตรานี้จากแหล่งแล้ว") > 5
    assert "รอกระทรวงยืนยัน" in page
