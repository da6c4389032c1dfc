from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.desk.tasks import (
    LATEST,
    LONGEST_TASK,
    Task,
    TaskDayError,
    TaskLengthError,
    add_task,
    count_overdue,
    finish_task,
    read_own_tasks,
    read_tasks,
    tell_due_tasks,
    today,
)
from referrals.models import Referral
from referrals.queue import claim
from referrals.teams.models import StaffAlert
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer


async def give(
    database: Database,
    keys: DataKeys,
    referral_id: UUID,
    account: UUID,
    days: int = 0,
    text: str = "โทรหาบ้านพัก",
) -> UUID:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        return await add_task(
            session, keys, referral, account_id=account, made_by=account, text=text,
            due_on=today() + timedelta(days=days), form_id=new_id(),
        )  # fmt: skip


async def read(database: Database, keys: DataKeys, referral_id: UUID, account: UUID) -> list[Task]:
    async with database.unit_of_work() as session:
        return await read_tasks(session, keys, await session.get_one(Referral, referral_id), account)


async def test_open_tasks_come_first_and_by_day(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID
) -> None:
    dao = await refer("Dao")
    later = await give(database, keys, dao, anong, 3, "ทีหลัง")
    soon = await give(database, keys, dao, anong, 1, "ก่อน")
    done = await give(database, keys, dao, anong, 0, "เสร็จ")
    async with database.unit_of_work() as session:
        await finish_task(session, dao, done, anong)
    tasks = await read(database, keys, dao, anong)
    assert [(task.id, task.text) for task in tasks] == [(soon, "ก่อน"), (later, "ทีหลัง"), (done, "เสร็จ")]


@pytest.mark.parametrize(
    ("days", "text", "error"),
    [
        (-1, "x", TaskDayError),
        (LATEST.days + 1, "x", TaskDayError),
        (0, " ", TaskLengthError),
        (0, "ก" * (LONGEST_TASK + 1), TaskLengthError),
    ],
)
async def test_a_task_without_words_or_a_day_that_serves_is_refused(
    database: Database,
    keys: DataKeys,
    refer: Refer,
    anong: UUID,
    days: int,
    text: str,
    error: type[Exception],
) -> None:
    dao = await refer("Dao")
    with pytest.raises(error):
        await give(database, keys, dao, anong, days, text)
    assert await read(database, keys, dao, anong) == []


async def test_a_task_is_finished_through_its_own_referral_alone(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID
) -> None:
    dao, ek = await refer("Dao"), await refer("Ek")
    task = await give(database, keys, dao, anong)
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await finish_task(session, ek, task, anong)
    assert [one.done for one in await read(database, keys, dao, anong)] == [False]


async def test_the_day_after_its_day_a_task_is_overdue(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    dao = await refer("Dao")
    await give(database, keys, dao, anong)
    async with database.unit_of_work() as session:
        assert await count_overdue(session, anong) == 0
        standing_clock.advance(days=1)
        assert await count_overdue(session, anong) == 1
    assert [task.is_overdue for task in await read(database, keys, dao, anong)] == [True]


async def test_ones_own_list_shows_words_only_of_what_one_holds(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID
) -> None:
    held, other = await refer("Dao"), await refer("Ek")
    for referral_id in (held, other):
        await give(database, keys, referral_id, anong)
    async with database.unit_of_work() as session:
        await claim(session, held, anong)
    async with database.unit_of_work() as session:
        own = await read_own_tasks(session, keys, anong)
    assert {referral.id: task.text for task, referral in own} == {held: "โทรหาบ้านพัก", other: None}


async def test_a_task_goes_along_when_somebody_else_holds_the_case(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, boon: UUID
) -> None:
    dao = await refer("Dao")
    await give(database, keys, dao, anong)
    async with database.unit_of_work() as session:
        await claim(session, dao, boon)
    async with database.unit_of_work() as session:
        assert await read_own_tasks(session, keys, anong) == []
        ((task, _),) = await read_own_tasks(session, keys, boon)
    assert (task.text, task.who, task.is_mine) == ("โทรหาบ้านพัก", "Boon", True)
    assert [one.is_mine for one in await read(database, keys, dao, anong)] == [False]


async def test_whoever_has_a_task_is_told_of_its_day_once(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    dao = await refer("Dao")
    await give(database, keys, dao, anong, days=2)
    counts = []
    for _ in range(2):
        async with database.unit_of_work() as session:
            counts.append(await tell_due_tasks(session))
        standing_clock.advance(days=2)
    for _ in range(2):
        async with database.unit_of_work() as session:
            counts.append(await tell_due_tasks(session))
    assert counts == [0, 1, 0, 0]
    async with database.unit_of_work() as session:
        alerts = (await session.scalars(sa.select(StaffAlert))).all()
    assert [(one.account_id, one.kind, one.referral_id) for one in alerts] == [(anong, "task_due", dao)]


async def test_nobody_is_told_of_a_day_before_its_morning(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    await give(database, keys, await refer("Dao"), anong, days=1)
    counts = []
    # Half past midnight, then half past eight.
    for hours in (14.5, 8):
        standing_clock.advance(hours=hours)
        async with database.unit_of_work() as session:
            counts.append(await tell_due_tasks(session))
    assert counts == [0, 1]
