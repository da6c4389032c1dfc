"""Steps counted from what each person did, on a real database; it is Monday 23 November 2026, 10.00 in Bangkok."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.models import Campaign, CampaignAnswer, CampaignMember, CampaignRun, DripStart
from campaigns.plans.hours import instant
from campaigns.plans.times import Drip
from campaigns.scheduler.drips import note_taken, whose_turn
from campaigns.scheduler.firing import fire_due, schedule
from core.clock import utc_now
from core.consent import record_consent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.office import agreed_to, draft, hire, plan, runs_of
from tests.conftest import MovableClock
from tests.support.cast import make_person

TODAY = date(2026, 11, 23)
NOON = instant(TODAY, time(12))


class Drips:
    """A campaign of steps, people who come to it, and a sender that takes whomever it may."""

    def __init__(self, database: Database, keys: DataKeys, maker: UUID, checker: UUID) -> None:
        self.database, self.keys, self.maker, self.checker = database, keys, maker, checker
        self.got: list[tuple[UUID, int]] = []

    async def scheduled(self, drip: Drip) -> UUID:
        campaign_id = await agreed_to(self.database, self.maker, self.checker, plan(drip, len(drip.days)))
        async with self.database.unit_of_work() as session:
            await schedule(session, campaign_id)
        return campaign_id

    async def person(self, name: str) -> UUID:
        async with self.database.unit_of_work() as session:
            return (await make_person(session, self.keys, name=name)).contact_id

    async def agrees(self, contact_id: UUID) -> None:
        async with self.database.unit_of_work() as session:
            await record_consent(session, contact_id, "campaigns", granted=True, wording="1", source="button")

    async def work(self, drip: Drip, spares: UUID | None = None) -> None:
        """Fire, and take whose turn it is, all but one whom something holds."""
        async with self.database.unit_of_work() as session:
            for run_id in await fire_due(session, utc_now()):
                run = await session.get_one(CampaignRun, run_id)
                for contact_id in (await session.scalars(whose_turn(drip, run))).all():
                    if contact_id != spares:
                        self.got.append((contact_id, run.step))
                        session.add(CampaignMember(run_id=run_id, contact_id=contact_id, variant=""))
                await session.flush()
                await note_taken(session, run)
                run.state, run.ended_at = "done", utc_now()

    async def begun(self) -> dict[UUID, date]:
        async with self.database.unit_of_work() as session:
            return {start.contact_id: start.began_on for start in await session.scalars(sa.select(DripStart))}


@pytest.fixture
async def drips(database: Database, keys: DataKeys, standing_clock: MovableClock) -> Drips:
    maker = await hire(database, keys, "Malee", "campaign_manager")
    return Drips(database, keys, maker, await hire(database, keys, "Chai"))


async def test_each_person_gets_each_step_once_on_their_own_days(
    drips: Drips, standing_clock: MovableClock
) -> None:
    drip = Drip("agreed", time(12), (0, 2, 5))
    before, early, late = [await drips.person(name) for name in ("ก่อน", "เช้า", "บ่าย")]
    await drips.agrees(before)
    standing_clock.advance(minutes=1)
    await drips.scheduled(drip)
    standing_clock.advance(minutes=1)
    await drips.agrees(early)
    standing_clock.moment = NOON
    await drips.work(drip)
    standing_clock.advance(hours=2)
    await drips.agrees(late)
    await drips.agrees(early)
    for day in range(1, 10):
        standing_clock.moment = NOON + timedelta(days=day)
        await drips.work(drip)
        await drips.work(drip)
    assert await drips.begun() == {early: TODAY, late: TODAY + timedelta(days=1)}
    assert sorted(drips.got) == sorted((who, step) for who in (early, late) for step in range(3))


async def test_a_day_on_which_somebody_is_held_is_not_made_up_for_and_the_next_step_comes(
    drips: Drips, standing_clock: MovableClock
) -> None:
    drip = Drip("agreed", time(12), (1, 2))
    await drips.scheduled(drip)
    who, held = await drips.person("ก"), await drips.person("ข")
    standing_clock.advance(minutes=1)
    for one in (who, held):
        await drips.agrees(one)
    for day in (0, 1):
        standing_clock.moment = NOON + timedelta(days=day)
        await drips.work(drip, spares=held)
    standing_clock.advance(days=1)
    await drips.work(drip)
    assert sorted(drips.got) == sorted([(who, 0), (who, 1), (held, 1)])


async def test_a_day_that_passed_while_we_were_away_leaves_a_trace_and_reaches_nobody(
    drips: Drips, standing_clock: MovableClock
) -> None:
    drip = Drip("agreed", time(12), (0, 1))
    campaign_id = await drips.scheduled(drip)
    standing_clock.advance(minutes=1)
    await drips.agrees(await drips.person("ก"))
    standing_clock.moment = NOON + timedelta(days=1, minutes=5)
    await drips.work(drip)
    assert [(step, state) for _, step, state, _ in await runs_of(drips.database, campaign_id)] == [
        (0, "expired"),
        (1, "done"),
    ]
    assert [step for _, step in drips.got] == [1]


async def test_an_answer_to_another_campaign_begins_it(drips: Drips, standing_clock: MovableClock) -> None:
    asked = await draft(drips.database, drips.maker, plan(Drip("agreed", time(9), (0,))), "ถาม")
    drip = Drip("answered", time(12), (0,), campaign=str(asked), question="q1")
    await drips.scheduled(drip)
    standing_clock.advance(minutes=5)
    who, other = await drips.person("ก"), await drips.person("ข")
    async with drips.database.unit_of_work() as session:
        for contact_id, question in ((who, "q1"), (other, "q2")):
            session.add(
                CampaignAnswer(
                    contact_id=contact_id, campaign_id=asked, question=question, choice="a", right=None, at=utc_now()
                )
            )  # fmt: skip
    standing_clock.moment = NOON
    await drips.work(drip)
    assert drips.got == [(who, 0)]


async def test_without_anybody_whose_turn_it_is_nothing_runs_and_nothing_ends(
    drips: Drips, standing_clock: MovableClock
) -> None:
    drip = Drip("entered", time(12), (0, 1))
    campaign_id = await drips.scheduled(drip)
    standing_clock.moment = NOON + timedelta(days=30)
    await drips.work(drip)
    assert await runs_of(drips.database, campaign_id) == []
    async with drips.database.unit_of_work() as session:
        assert (await session.get_one(Campaign, campaign_id)).state == "scheduled"
