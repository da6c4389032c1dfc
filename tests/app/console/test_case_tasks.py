import re
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.db.database import Database
from core.ids import new_id
from referrals.desk.models import ReferralTask
from referrals.desk.tasks import today
from tests.app.conftest import Browser
from tests.app.console.test_referral_case import _audit


async def add(browser: Browser, referral_id: UUID, text: str = "โทรหาบ้านพัก", due_on: str = "") -> int:
    response = await browser.post(
        f"/console/referrals/{referral_id}/tasks", text=text, due_on=due_on or today(), form_id=new_id()
    )
    return response.status_code


async def test_a_task_stands_with_its_case_and_in_its_holders_list_until_it_is_done(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await boon.get(f"/console/referrals/{referral_id}")
    # The supervisor's task for the case is its holder's.
    assert await add(boon, referral_id) == 303
    assert "โทรหาบ้านพัก" in (await anong.get(f"/console/referrals/{referral_id}")).text
    own = (await anong.get("/console/tasks")).text
    assert "โทรหาบ้านพัก" in own
    assert "โทรหาบ้านพัก" not in (await boon.get("/console/tasks")).text
    done = re.search(r'action="(/console/referrals/[^"]+/done)"', own)
    assert done is not None
    response = await anong.post(done[1], back="tasks")
    assert response.headers["location"] == "/console/tasks"
    assert "โทรหาบ้านพัก" not in (await anong.get("/console/tasks")).text


@pytest.mark.parametrize("due_on", ["2020-01-01", "tomorrow", "9999-12-31"])
async def test_a_day_that_does_not_serve_is_refused_and_the_words_kept(
    anong: Browser, referral_id: UUID, due_on: str
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    response = await anong.post(
        f"/console/referrals/{referral_id}/tasks", text="โทรหาบ้านพัก", due_on=due_on, form_id=new_id()
    )
    assert response.status_code == 400
    assert 'value="โทรหาบ้านพัก"' in response.text


async def test_a_task_is_not_finished_through_another_case_or_by_a_stranger_to_it(
    anong: Browser, boon: Browser, referral_id: UUID, other_referral_id: UUID, database: Database
) -> None:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    await add(boon, referral_id)
    page = (await boon.get(f"/console/referrals/{referral_id}")).text
    done = re.search(r'action="(/console/referrals/[^"]+/done)"', page)
    assert done is not None
    assert (await boon.post(done[1].replace(str(referral_id), str(other_referral_id)))).status_code == 404
    assert (await anong.post(done[1])).status_code == 404
    assert ("referral.finish_task", "refused") in await _audit(database, other_referral_id)
    assert ("referral.finish_task", "refused") in await _audit(database, referral_id)
    assert "โทรหาบ้านพัก" in (await boon.get("/console/tasks")).text


async def test_pressing_twice_adds_one_task(anong: Browser, referral_id: UUID) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    form_id = new_id()
    for _ in range(2):
        await anong.post(
            f"/console/referrals/{referral_id}/tasks", text="ครั้งเดียว", due_on=today(), form_id=form_id
        )
    assert (await anong.get("/console/tasks")).text.count("ครั้งเดียว") == 1


async def test_nothing_to_do_says_where_tasks_come_from(anong: Browser) -> None:
    assert "ไม่มีงานค้าง" in (await anong.get("/console/tasks")).text


async def test_a_task_of_yesterday_is_counted_as_overdue(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await add(anong, referral_id)
    assert "เลยกำหนด 1 งาน" not in (await anong.get("/console/tasks")).text
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ReferralTask).values(due_on=today() - timedelta(days=1)))
    assert "เลยกำหนด 1 งาน" in (await anong.get("/console/tasks")).text
    assert "เลยกำหนด" in (await anong.get(f"/console/referrals/{referral_id}")).text
