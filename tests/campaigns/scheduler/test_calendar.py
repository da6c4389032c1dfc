"""The calendar of campaigns, on a real database; it is Monday 23 November 2026, 10.00 in Bangkok."""

from datetime import date, time, timedelta

import pytest

from campaigns.models import Campaign
from campaigns.plans.hours import instant
from campaigns.plans.times import Drip, Once, Recurring
from campaigns.scheduler.calendar import CalendarRangeError, Slot, read_calendar
from campaigns.scheduler.firing import fire_due, schedule
from core.clock import utc_now
from core.consent import record_consent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.office import agreed_to, draft, hire, plan
from tests.conftest import MovableClock
from tests.support.cast import make_person

TODAY = date(2026, 11, 23)
NOON = instant(TODAY, time(12))


async def test_it_shows_what_ran_and_what_is_to_come_with_the_load_of_each_day(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    maker, checker = (
        await hire(database, keys, "Malee", "campaign_manager"),
        await hire(database, keys, "Chai"),
    )
    daily = await agreed_to(database, maker, checker, plan(Recurring("day", time(12), TODAY)), "ทุกวัน")
    once = await agreed_to(database, maker, checker, plan(Once(NOON + timedelta(days=1, hours=1))), "วันเดียว")
    drip = await agreed_to(database, maker, checker, plan(Drip("entered", time(9), (0,))), "ใครมา")
    await draft(database, maker, plan(Once(NOON + timedelta(days=1))), "ร่าง")
    async with database.unit_of_work() as session:
        for campaign_id in (daily, drip):
            await schedule(session, campaign_id)
        for number in range(25):
            person = await make_person(session, keys, name=f"ผู้รับข่าว {number}")
            await record_consent(
                session, person.contact_id, "campaigns", granted=True, wording="1", source="button"
            )
    standing_clock.moment = NOON
    async with database.unit_of_work() as session:
        await fire_due(session, utc_now())
        before, today, tomorrow = await read_calendar(
            session, TODAY - timedelta(days=1), TODAY + timedelta(days=1), utc_now()
        )
    assert (before.slots, before.expected) == ((), 0)
    assert today.slots == (Slot(daily, "ทุกวัน", "running", 0, NOON, "due"),)
    assert [(slot.campaign_id, slot.state, slot.run) for slot in tomorrow.slots] == [
        (daily, "running", None),
        (once, "approved", None),
    ]
    assert {slot.expected for slot in tomorrow.slots} <= {20, 30}
    assert tomorrow.expected == sum(slot.expected or 0 for slot in tomorrow.slots)


async def test_few_people_are_no_figure_and_what_is_paused_is_not_to_come(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    maker, checker = (
        await hire(database, keys, "Malee", "campaign_manager"),
        await hire(database, keys, "Chai"),
    )
    campaign_id = await agreed_to(database, maker, checker, plan(Once(NOON)))
    async with database.unit_of_work() as session:
        (day,) = await read_calendar(session, TODAY, TODAY, utc_now())
        assert [(slot.at, slot.expected) for slot in day.slots] == [(NOON, None)]
        (await session.get_one(Campaign, campaign_id)).state = "paused"
        await session.flush()
        assert [one.slots for one in await read_calendar(session, TODAY, TODAY, utc_now())] == [()]
        for first, last in ((TODAY, TODAY - timedelta(days=1)), (TODAY, TODAY + timedelta(days=62))):
            with pytest.raises(CalendarRangeError):
                await read_calendar(session, first, last, utc_now())
