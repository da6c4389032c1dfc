"""Missed clocks on a clock that is moved: who is told, once a miss and step."""

from datetime import date, time
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral, ReferralEntry
from referrals.queue import claim
from referrals.teams.alerts import list_alerts
from referrals.teams.escalation import People, escalate, find_due, whom_to_tell
from referrals.teams.models import ClockMiss, StaffAlert
from referrals.teams.roster import add_member, change_team, create_team
from referrals.teams.shifts import add_shifts
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.teams.conftest import Hire

A, B, C = (UUID(int=n) for n in range(1, 4))


def test_each_step_tells_whoever_is_there_for_it() -> None:
    people = People(frozenset({A}), frozenset({B}), frozenset({C}))
    assert [whom_to_tell(people, step) for step in ("first", "on_call", "everybody")] == [{A}, {B}, {C}]
    nobody_leads = People(frozenset(), frozenset({B}), frozenset({C}))
    assert whom_to_tell(nobody_leads, "first") == {B}
    nobody_there = People(frozenset(), frozenset(), frozenset({C}))
    assert whom_to_tell(nobody_there, "first") == whom_to_tell(nobody_there, "on_call") == {C}


class Desk:
    """A team with somebody on duty who leads it, somebody on call and a supervisor at home."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock
        self.names: dict[UUID, str] = {}
        self.team_id = UUID(int=0)

    async def look(self) -> list[str]:
        """Do what the chore does, and return who was told of what."""
        async with self.database.unit_of_work() as session:
            due = await find_due(session)
        alerts: list[UUID] = []
        for referral_id in due:
            async with self.database.unit_of_work() as session:
                alerts += await escalate(session, referral_id)
                assert await escalate(session, referral_id) == []
        async with self.database.unit_of_work() as session:
            rows = await session.scalars(sa.select(StaffAlert).where(StaffAlert.id.in_(alerts)))
            return sorted(f"{self.names[row.account_id]} {row.kind}" for row in rows)


@pytest.fixture
async def desk(database: Database, hire: Hire, standing_clock: MovableClock) -> Desk:
    desk = Desk(database, standing_clock)
    people = {"Lek": "hotline_officer", "Nok": "hotline_officer", "Boon": "supervisor"}
    ids = {name: await hire(name, role) for name, role in people.items()}
    desk.names = {account_id: name for name, account_id in ids.items()}
    async with database.unit_of_work() as session:
        desk.team_id = await create_team(session, "A")
        for name, on_call in (("Lek", False), ("Nok", True)):
            await add_member(session, desk.team_id, ids[name], leads=name == "Lek")
            await add_shifts(
                session, team_id=desk.team_id, account_id=ids[name], day=date(2026, 11, 23), starts=time(8),
                ends=time(20), on_call=on_call,
            )  # fmt: skip
    return desk


async def test_it_tells_who_leads_then_who_is_on_call_then_everybody_each_once(
    desk: Desk, refer: Refer
) -> None:
    await refer("Dao", "P0")
    desk.clock.advance(minutes=4, seconds=59)
    assert await desk.look() == []
    desk.clock.advance(seconds=1)
    assert await desk.look() == ["Lek clock_missed"]
    assert await desk.look() == []
    desk.clock.advance(minutes=9, seconds=59)
    assert await desk.look() == []
    desk.clock.advance(seconds=1)
    assert await desk.look() == ["Nok clock_missed"]
    desk.clock.advance(minutes=10)
    assert await desk.look() == ["Boon clock_missed"]
    desk.clock.advance(days=3)
    assert await desk.look() == []


async def test_nobody_is_rung_when_it_is_claimed_in_time(
    desk: Desk, refer: Refer, anong: UUID, database: Database
) -> None:
    referral_id = await refer("Dao", "P0")
    desk.clock.advance(minutes=4)
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    desk.clock.advance(hours=1)
    assert await desk.look() == []


async def test_a_claim_between_two_steps_ends_them(
    desk: Desk, refer: Refer, anong: UUID, database: Database
) -> None:
    referral_id = await refer("Dao", "P0")
    desk.clock.advance(minutes=5)
    assert await desk.look() == ["Lek clock_missed"]
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    desk.clock.advance(hours=1)
    assert await desk.look() == []


async def test_what_was_put_back_has_a_clock_that_can_be_missed_again(
    desk: Desk, refer: Refer, database: Database
) -> None:
    referral_id = await refer("Dao", "P0")
    desk.clock.advance(minutes=5)
    assert await desk.look() == ["Lek clock_missed"]
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(Referral).where(Referral.id == referral_id).values(unheld_since=desk.clock())
        )
    assert await desk.look() == []
    desk.clock.advance(minutes=5)
    assert await desk.look() == ["Lek clock_missed"]


async def test_out_of_duty_hours_only_what_is_urgent_rings(desk: Desk, refer: Refer) -> None:
    desk.clock.advance(hours=12)
    await refer("Dao", "P2")
    await refer("Ek", "P1")
    desk.clock.advance(hours=1)
    # Nobody has a shift at night: everybody who oversees.
    assert await desk.look() == ["Boon clock_missed"]
    desk.clock.advance(hours=1)
    assert await desk.look() == ["Boon clock_missed"]


async def test_a_team_says_how_long_who_is_on_call_sleeps_on(
    desk: Desk, refer: Refer, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await change_team(session, desk.team_id, name="A", on_call_after=2)
    await refer("Dao", "P0")
    desk.clock.advance(minutes=5)
    assert await desk.look() == ["Lek clock_missed"]
    desk.clock.advance(minutes=2)
    assert await desk.look() == ["Nok clock_missed"]


@pytest.fixture
async def held(desk: Desk, refer: Refer, anong: UUID, database: Database) -> UUID:
    """Dao's report, held by Anong, with words of Dao that nobody answered."""
    desk.names[anong] = "Anong"
    referral_id = await refer("Dao", "P1", "อยู่ไหม")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    return referral_id


async def test_a_person_left_without_an_answer_is_told_of_to_holder_and_lead(desk: Desk, held: UUID) -> None:
    desk.clock.advance(minutes=29)
    assert await desk.look() == []
    desk.clock.advance(minutes=1)
    assert await desk.look() == ["Anong answer_missed", "Lek answer_missed"]
    assert await desk.look() == []


async def test_the_next_holder_who_leaves_a_person_waiting_is_told_too(
    desk: Desk, held: UUID, hire: Hire, database: Database
) -> None:
    chai = await hire("Chai")
    desk.names[chai] = "Chai"
    for minutes in (30, 10, 10):
        desk.clock.advance(minutes=minutes)
        assert await desk.look() != []
    assert await desk.look() == []
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(Referral).where(Referral.id == held).values(claimed_by=chai, claimed_at=desk.clock())
        )
    desk.clock.advance(minutes=29)
    assert await desk.look() == []
    desk.clock.advance(minutes=1)
    assert await desk.look() == ["Chai answer_missed", "Lek answer_missed"]


async def test_an_answer_in_time_rings_nobody(
    desk: Desk, held: UUID, anong: UUID, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        session.add(
            ReferralEntry(id=new_id(), referral_id=held, author="staff", account_id=anong, at=desk.clock())
        )
    desk.clock.advance(hours=5)
    assert await desk.look() == []


@pytest.mark.parametrize("change", ["snoozed", "bot"])
async def test_what_waits_on_purpose_rings_nobody(
    desk: Desk, held: UUID, database: Database, change: str
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held)
        if change == "snoozed":
            referral.snoozed_until = desk.clock.moment.replace(hour=9)
        else:
            referral.priority, referral.bot_dialogue = "P2", "report"
    desk.clock.advance(hours=5)
    assert await desk.look() == []
    desk.clock.advance(hours=1)
    assert (await desk.look() != []) == (change == "snoozed")


async def test_a_closed_report_has_no_clock(desk: Desk, refer: Refer, database: Database) -> None:
    referral_id = await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == referral_id).values(state="closed"))
    desk.clock.advance(days=1)
    assert await desk.look() == []


async def test_alert_and_mark_are_written_together_or_not_at_all(
    desk: Desk, refer: Refer, database: Database
) -> None:
    referral_id = await refer("Dao", "P0")
    desk.clock.advance(minutes=5)

    async def die() -> None:
        async with database.unit_of_work() as session:
            assert await escalate(session, referral_id)
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await die()
    async with database.unit_of_work() as session:
        for table in (ClockMiss, StaffAlert):
            assert await session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    assert await desk.look() == ["Lek clock_missed"]


async def test_without_teams_everybody_who_oversees_is_told(
    database: Database, hire: Hire, refer: Refer, standing_clock: MovableClock
) -> None:
    boon, _ = await hire("Boon", "supervisor"), await hire("Lek")
    referral_id = await refer("Dao", "P0")
    standing_clock.advance(minutes=5)
    async with database.unit_of_work() as session:
        assert await find_due(session) == [referral_id]
        assert len(await escalate(session, referral_id)) == 1
        assert [alert.referral_id for alert in await list_alerts(session, boon)] == [referral_id]
