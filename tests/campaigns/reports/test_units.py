"""Which units LINE is asked for, in which days, and that no two hosts ask for the same."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from campaigns.models import CampaignPart
from campaigns.reports.units import Due, Unit, claim_due, count_due, keep_figures, read_units
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.queue import queue_batch
from tests.campaigns.carried_out import BEFORE, add_campaign, add_run, plan_of

SENT = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)  # the third of November where LINE counts
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def send(
    database: Database, keys: DataKeys, *units: str | None, at: datetime = SENT
) -> tuple[UUID, UUID]:
    async with database.unit_of_work() as session:
        campaign = await add_campaign(session, keys, plan_of(BEFORE))
        run = await add_run(session, campaign, at)
        for number, unit in enumerate(units):
            batch = await queue_batch(session, keys, content=Content((Text("a"),)), recipients=[])
            session.add(
                CampaignPart(
                    id=new_id(),
                    run_id=run,
                    variant="ab"[number % 2],
                    language="th",
                    batch_id=batch,
                    unit=unit,
                )
            )
        await session.flush()
    return campaign, run


async def claim(database: Database, now: datetime, most: int = 10) -> list[Due]:
    async with database.unit_of_work() as session:
        return await claim_due(await driver_connection(session), now, most)


async def due(database: Database, now: datetime) -> int:
    async with database.unit_of_work() as session:
        return await count_due(await driver_connection(session), now, 10)


async def test_a_unit_is_asked_for_in_the_days_of_line(database: Database, keys: DataKeys) -> None:
    await send(database, keys, "u1", None)
    assert await claim(database, SENT + HOUR) == []
    assert await due(database, SENT + 2 * HOUR) == 1
    assert await claim(database, SENT + 2 * HOUR) == [Due("u1", date(2026, 11, 3), date(2026, 11, 3))]
    assert await due(database, SENT + 2 * HOUR) == 0


async def test_it_is_asked_for_ever_less_often_and_no_more_in_the_end(
    database: Database, keys: DataKeys
) -> None:
    await send(database, keys, "u1")
    now, asked = SENT, []
    while now < SENT + 40 * DAY:
        now += 2 * HOUR
        asked += [now - SENT for _ in await claim(database, now)]
    assert 11 <= len([at for at in asked if at <= DAY]) <= 12
    assert 20 <= len(asked) <= 40
    assert timedelta(days=16) <= asked[-1] <= timedelta(days=17)


async def test_the_longest_overdue_come_first(database: Database, keys: DataKeys) -> None:
    await send(database, keys, "old", at=SENT - 10 * HOUR)
    await send(database, keys, "new")
    assert [one.unit for one in await claim(database, SENT + 2 * HOUR, most=1)] == ["old"]
    assert [one.unit for one in await claim(database, SENT + 2 * HOUR, most=1)] == ["new"]


async def test_of_many_who_ask_at_once_one_gets_a_unit(database: Database, keys: DataKeys) -> None:
    await send(database, keys, "u1", "u2", "u3")
    async with asyncio.timeout(60):
        claims = await asyncio.gather(*(claim(database, SENT + 3 * HOUR) for _ in range(6)))
    assert sorted(one.unit for some in claims for one in some) == ["u1", "u2", "u3"]


async def test_figures_are_shown_floored_and_hidden_ones_stay_hidden(
    database: Database, keys: DataKeys
) -> None:
    campaign, _ = await send(database, keys, "u1", "u2")
    now = SENT + 3 * HOUR
    await claim(database, now)
    async with database.unit_of_work() as session:
        await keep_figures(await driver_connection(session), "u1", 47, None)
    async with database.unit_of_work() as session:
        assert await read_units(session, campaign) == [
            Unit("a", "th", now, 40, None), Unit("b", "th", now, None, None),
        ]  # fmt: skip
