"""Campaigns that run by the clock, on a real database; it is Monday 23 November 2026, 10.00 in Bangkok."""

import asyncio
from datetime import date, time, timedelta
from typing import get_args
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.drafting import CampaignStateError, change_plan
from campaigns.models import Campaign, CampaignRun, CampaignState
from campaigns.plans.hours import TimesError, instant
from campaigns.plans.plan import Plan
from campaigns.plans.times import Drip, Once, Recurring
from campaigns.scheduler.firing import AccountClosedError, fire_due, schedule
from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.office import agreed_to, close_account, draft, end_runs, hire, plan, runs_of, state_of
from tests.conftest import MovableClock

TODAY = date(2026, 11, 23)
NOON = instant(TODAY, time(12))


class Office:
    """A maker, a checker, and the worker's clock."""

    def __init__(self, database: Database, maker: UUID, checker: UUID) -> None:
        self.database, self.maker, self.checker = database, maker, checker

    async def scheduled(self, made: Plan, title: str = "เตือนงานลวง") -> UUID:
        campaign_id = await agreed_to(self.database, self.maker, self.checker, made, title)
        await self.schedule(campaign_id)
        return campaign_id

    async def schedule(self, campaign_id: UUID) -> None:
        async with self.database.unit_of_work() as session:
            await schedule(session, campaign_id)

    async def fire(self) -> list[UUID]:
        async with self.database.unit_of_work() as session:
            return await fire_due(session, utc_now())


@pytest.fixture
async def office(database: Database, keys: DataKeys, standing_clock: MovableClock) -> Office:
    maker = await hire(database, keys, "Malee", "campaign_manager")
    return Office(database, maker, await hire(database, keys, "Chai"))


async def test_it_runs_once_at_its_time_and_is_over_when_all_was_sent(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Once(NOON)))
    standing_clock.moment = NOON - timedelta(seconds=1)
    assert await office.fire() == []
    standing_clock.moment = NOON
    assert len(await office.fire()) == 1
    assert await office.fire() == []
    assert await runs_of(office.database, campaign_id) == [(NOON, 0, "due", None)]
    assert await state_of(office.database, campaign_id) == "running"
    await end_runs(office.database, campaign_id)
    await office.fire()
    assert await state_of(office.database, campaign_id) == "done"


async def test_without_a_time_it_is_due_as_soon_as_it_is_scheduled(office: Office) -> None:
    campaign_id = await office.scheduled(plan(Once()))
    assert await runs_of(office.database, campaign_id) == [(utc_now(), 0, "due", None)]
    assert await state_of(office.database, campaign_id) == "running"


async def test_a_run_that_nobody_took_up_in_time_expires_and_is_never_sent(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Once(NOON), late_minutes=60))
    standing_clock.moment = NOON
    await office.fire()
    standing_clock.advance(minutes=60)
    assert await office.fire() == []
    assert await runs_of(office.database, campaign_id) == [(NOON, 0, "expired", "late")]
    assert await state_of(office.database, campaign_id) == "expired"


async def test_what_was_due_while_we_were_away_in_the_evening_does_not_come_at_dawn(
    office: Office, standing_clock: MovableClock
) -> None:
    evening = instant(TODAY, time(20))
    campaign_id = await office.scheduled(plan(Once(evening), late_minutes=1440))
    standing_clock.moment = instant(TODAY + timedelta(days=1), time(8))
    assert await office.fire() == []
    assert await runs_of(office.database, campaign_id) == [(evening, 0, "expired", "late")]
    assert await state_of(office.database, campaign_id) == "expired"


async def test_an_emergency_goes_out_at_night(office: Office, standing_clock: MovableClock) -> None:
    night = instant(TODAY + timedelta(days=1), time(2))
    campaign_id = await office.scheduled(plan(Once(night), emergency=True))
    standing_clock.moment = night + timedelta(minutes=1)
    assert len(await office.fire()) == 1
    assert await runs_of(office.database, campaign_id) == [(night, 0, "due", None)]


async def test_an_emergency_that_no_second_person_stands_for_does_not_wake_anybody(
    office: Office, standing_clock: MovableClock
) -> None:
    night = instant(TODAY + timedelta(days=1), time(2))
    campaign_id = await office.scheduled(plan(Once(night), emergency=True))
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).emergency_by = None
    standing_clock.moment = night
    assert await office.fire() == []
    assert await runs_of(office.database, campaign_id) == [(night, 0, "expired", "late")]


async def test_times_that_passed_between_approval_and_scheduling_are_refused(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await agreed_to(office.database, office.maker, office.checker, plan(Once(NOON)))
    standing_clock.moment = NOON
    with pytest.raises(TimesError) as refused:
        await office.schedule(campaign_id)
    assert refused.value.faults == ("past",)
    assert await state_of(office.database, campaign_id) == "approved"


async def test_as_soon_as_possible_is_refused_at_night(office: Office, standing_clock: MovableClock) -> None:
    campaign_id = await agreed_to(office.database, office.maker, office.checker, plan(Once()))
    standing_clock.moment = instant(TODAY, time(21))
    with pytest.raises(TimesError) as refused:
        await office.schedule(campaign_id)
    assert refused.value.faults == ("quiet",)


async def test_a_schedule_that_names_no_day_at_all_is_refused(office: Office) -> None:
    tuesday_only = Recurring("week", time(9), date(2026, 11, 25), date(2026, 11, 28), weekdays=(1,))
    campaign_id = await agreed_to(office.database, office.maker, office.checker, plan(tuesday_only))
    with pytest.raises(TimesError):
        await office.schedule(campaign_id)


async def test_only_what_was_approved_can_be_scheduled(office: Office) -> None:
    campaign_id = await draft(office.database, office.maker, plan(Once(NOON)))
    for state in set(get_args(CampaignState)) - {"approved"}:
        async with office.database.unit_of_work() as session:
            (await session.get_one(Campaign, campaign_id)).state = state
        with pytest.raises(CampaignStateError):
            await office.schedule(campaign_id)


async def test_a_plan_that_was_changed_behind_the_approval_neither_is_scheduled_nor_runs(
    office: Office, standing_clock: MovableClock
) -> None:
    approved = await agreed_to(office.database, office.maker, office.checker, plan(Once(NOON)), "ก")
    scheduled = await office.scheduled(plan(Once(NOON)), "ข")
    async with office.database.unit_of_work() as session:
        await session.execute(sa.update(Campaign).values(title="อื่น"))
    with pytest.raises(CampaignStateError):
        await office.schedule(approved)
    standing_clock.moment = NOON
    assert await office.fire() == []
    assert await runs_of(office.database, scheduled) == []


async def test_an_edit_drops_what_was_scheduled(office: Office, standing_clock: MovableClock) -> None:
    campaign_id = await office.scheduled(plan(Once(NOON)))
    async with office.database.unit_of_work() as session:
        await change_plan(
            session, campaign_id, title="เตือนงานลวง", plan=plan(Once(NOON), late_minutes=10), revision=1,
            author_id=office.maker,
        )  # fmt: skip
    standing_clock.moment = NOON
    assert await office.fire() == []
    assert await state_of(office.database, campaign_id) == "draft"


async def test_a_run_that_waits_is_dropped_when_its_campaign_is_cancelled(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Once(NOON)))
    standing_clock.moment = NOON
    await office.fire()
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).state = "cancelled"
    await office.fire()
    assert await runs_of(office.database, campaign_id) == [(NOON, 0, "cancelled", "manager")]


@pytest.mark.parametrize("who", ["maker", "checker"])
async def test_an_account_closed_after_the_approval_stops_it_before_it_runs(
    office: Office, standing_clock: MovableClock, who: str
) -> None:
    campaign_id = await office.scheduled(plan(Once(NOON)))
    approved = await agreed_to(office.database, office.maker, office.checker, plan(Once(NOON)), "อื่น")
    await close_account(office.database, getattr(office, who))
    with pytest.raises(AccountClosedError):
        await office.schedule(approved)
    standing_clock.moment = NOON
    assert await office.fire() == []
    assert await runs_of(office.database, campaign_id) == [(NOON, 0, "cancelled", "account")]
    assert await state_of(office.database, campaign_id) == "draft"


async def test_a_campaign_that_ran_before_stands_still_until_the_account_is_open_again(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Recurring("day", time(12), TODAY)))
    standing_clock.moment = NOON
    await office.fire()
    await end_runs(office.database, campaign_id)
    await close_account(office.database, office.checker)
    standing_clock.advance(days=1)
    assert await office.fire() == []
    assert await state_of(office.database, campaign_id) == "paused"
    async with office.database.unit_of_work() as session:
        (await session.get_one(Account, office.checker)).disabled_at = None
        (await session.get_one(Campaign, campaign_id)).state = "running"
    standing_clock.advance(days=1)
    assert len(await office.fire()) == 1
    states = [state for _, _, state, _ in await runs_of(office.database, campaign_id)]
    assert states == ["done", "cancelled", "due"]


async def test_it_recurs_until_its_last_day_and_leaves_a_trace_of_what_was_missed(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Recurring("day", time(12), TODAY, TODAY + timedelta(days=3))))
    standing_clock.moment = NOON
    await office.fire()
    await end_runs(office.database, campaign_id)
    standing_clock.moment = NOON + timedelta(days=2, minutes=5)
    assert len(await office.fire()) == 1
    await end_runs(office.database, campaign_id)
    assert await state_of(office.database, campaign_id) == "running"
    standing_clock.moment = NOON + timedelta(days=3)
    await office.fire()
    await end_runs(office.database, campaign_id)
    await office.fire()
    runs = await runs_of(office.database, campaign_id)
    assert [(due - NOON).days for due, _, _, _ in runs] == [0, 1, 2, 3]
    assert [state for _, _, state, _ in runs] == ["done", "expired", "done", "done"]
    assert await state_of(office.database, campaign_id) == "done"


async def test_while_it_is_paused_nothing_is_made_and_afterwards_nothing_made_up_for(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Recurring("day", time(12), TODAY)))
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).state = "paused"
    standing_clock.moment = NOON + timedelta(days=1)
    assert await office.fire() == []
    assert await runs_of(office.database, campaign_id) == []
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).state = "running"
    assert len(await office.fire()) == 1
    assert [state for _, _, state, _ in await runs_of(office.database, campaign_id)] == ["expired", "due"]


async def test_a_drip_from_a_date_sends_each_step_on_its_day(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.scheduled(plan(Drip("date", time(12), (0, 2), TODAY), 2))
    for day in range(4):
        standing_clock.moment = NOON + timedelta(days=day)
        await office.fire()
        await end_runs(office.database, campaign_id)
    await office.fire()
    runs = await runs_of(office.database, campaign_id)
    assert [(due, step) for due, step, _, _ in runs] == [(NOON, 0), (NOON + timedelta(days=2), 1)]
    assert await state_of(office.database, campaign_id) == "done"


async def test_workers_that_fire_at_once_make_each_run_once(
    office: Office, standing_clock: MovableClock
) -> None:
    ids = [await office.scheduled(plan(Once(NOON)), f"ที่ {number}") for number in range(4)]
    standing_clock.moment = NOON
    fired = [run_id for made in await asyncio.gather(*(office.fire() for _ in range(6))) for run_id in made]
    fired += await office.fire()
    assert len(fired) == len(set(fired)) == 4
    for campaign_id in ids:
        assert [state for _, _, state, _ in await runs_of(office.database, campaign_id)] == ["due"]


async def test_a_campaign_that_cannot_be_read_holds_up_no_other(
    office: Office, standing_clock: MovableClock
) -> None:
    broken = await office.scheduled(plan(Once(NOON)), "ก")
    whole = await office.scheduled(plan(Once(NOON)), "ข")
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, broken)).plan = {"steps": "?"}
    standing_clock.moment = NOON
    fired = await office.fire()
    async with office.database.unit_of_work() as session:
        assert [(await session.get_one(CampaignRun, run_id)).campaign_id for run_id in fired] == [whole]
