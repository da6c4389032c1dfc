"""A leak and a drill on the page: the clock, who did what, and that nothing ends half done."""

import sqlalchemy as sa

from core.audit.breaches import BreachRow, plan
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser
from tests.conftest import MovableClock

ALL = "/console/privacy/breaches"


async def _start(somchai: Browser, kind: str, **more: str) -> str:
    response = await somchai.post(ALL, form_id=new_id(), kind=kind, what="lost_device", **more)
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


async def test_a_drill_is_walked_through_and_leaves_its_report(
    somchai: Browser, standing_clock: MovableClock
) -> None:
    one = await _start(somchai, "drill")
    assert "เหลือ 72 ชั่วโมง" in (await somchai.get(one)).text
    standing_clock.advance(minutes=20)
    for step in ("contain", "tell_authority"):
        assert (await somchai.post(f"{one}/steps/{step}")).status_code == 303
    assert (await somchai.post(f"{one}/end")).status_code == 303
    page = (await somchai.get(one)).text
    assert page.count("หลังรู้ 20 นาที") == 2
    assert "แจ้ง สคส. ทันเวลา" in page
    assert "ไม่ได้ทำ:" in page
    assert f"{one}/end" not in page
    assert (await somchai.post(f"{one}/steps/mend")).status_code == 409
    assert one in (await somchai.get(ALL)).text


async def test_a_real_leak_of_high_risk_ends_only_once_the_persons_were_told(somchai: Browser) -> None:
    one = await _start(somchai, "real")
    assert "steps/tell_persons" not in (await somchai.get(one)).text
    assert (await somchai.post(f"{one}/risk", risk="high")).status_code == 303
    page = (await somchai.get(one)).text
    assert "steps/tell_persons" in page
    assert "ถึงเจ้าของข้อมูล" in page
    for step in plan().steps:
        refused = await somchai.post(f"{one}/end")
        assert refused.status_code == 409
        assert "ยังปิดเรื่องไม่ได้" in refused.text
        await somchai.post(f"{one}/steps/{step}")
    assert (await somchai.post(f"{one}/end")).status_code == 303


async def test_after_72_hours_the_page_says_that_it_is_late(
    somchai: Browser, database: Database, standing_clock: MovableClock
) -> None:
    one = await _start(somchai, "real", noticed="2026-11-20T09:59")
    page = (await somchai.get(one)).text
    assert "แจ้ง สคส. ไม่ทันเวลา" in page
    assert "23 พ.ย. 2569 09:59" in page
    async with database.unit_of_work() as session:
        row = (await session.scalars(sa.select(BreachRow))).one()
        assert (standing_clock() - row.noticed_at).total_seconds() == 72 * 3600 + 60


async def test_a_time_to_come_is_refused_and_what_was_typed_stays(
    somchai: Browser, standing_clock: MovableClock
) -> None:
    for noticed in ("2026-11-23T10:01", "2020-01-01T00:00", "yesterday"):
        refused = await somchai.post(ALL, form_id=new_id(), kind="real", what="other", noticed=noticed)
        assert refused.status_code == 400
        assert f'value="{noticed}"' in refused.text
        assert '<option value="real" selected>' in refused.text


async def test_the_same_form_starts_one_clock_and_officers_start_none(
    somchai: Browser, anong: Browser, database: Database
) -> None:
    form_id = new_id()
    for _ in range(2):
        await somchai.post(ALL, form_id=form_id, kind="drill", what="other")
    assert (await anong.get(ALL)).status_code == 403
    assert (await anong.post(ALL, form_id=new_id(), kind="drill", what="other")).status_code == 403
    async with database.unit_of_work() as session:
        assert len((await session.scalars(sa.select(BreachRow))).all()) == 1
    assert (await somchai.get(f"{ALL}/{new_id()}")).status_code == 404
    assert (await somchai.post(f"{ALL}/{form_id}/steps/nothing")).status_code == 400
