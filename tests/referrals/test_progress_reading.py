"""What the person may know of their case, read from what agencies and staff wrote."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.models import Referral
from referrals.payment_answers import answer_payment
from referrals.progress import Money, Progress
from referrals.progress_reading import read_progress
from referrals.queue import claim
from referrals.report_erasure import erase_report
from tests.referrals.conftest import Refer
from tests.referrals.test_reports import tell
from tests.support.casework import NAMES, Casework

TODAY = bangkok(utc_now()).date()
ORDERED, PART = 85_000_000, 40_000_000  # satang


@pytest.fixture
async def case(refer: Refer, boon: UUID, database: Database, keys: DataKeys) -> Casework:
    referral_id = await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, boon)
    return Casework(database, keys, referral_id, boon)


@pytest.fixture
def read(case: Casework, database: Database, keys: DataKeys) -> "Read":
    return Read(case, database, keys)


class Read:
    def __init__(self, case: Casework, database: Database, keys: DataKeys) -> None:
        self._case, self._database, self._keys = case, database, keys

    async def __call__(self, today: date = TODAY) -> Progress:
        async with self._database.unit_of_work() as session:
            return await read_progress(session, self._keys, self._case.referral_id, today)

    async def money(self) -> Money:
        money = (await self()).money
        assert money is not None
        return money

    async def says(self, payment_id: UUID, *, got: bool) -> bool:
        async with self._database.unit_of_work() as session:
            return await answer_payment(
                session, self._keys, self._case.referral_id, payment_id, got=got, now=utc_now()
            )


async def test_a_case_that_nobody_else_knows_of_tells_nothing(read: Read) -> None:
    assert await read() == Progress(money=Money())


async def test_each_agency_is_told_as_far_as_it_is(case: Casework, read: Read) -> None:
    first = await case.send("police")
    assert [one.state for one in (await read()).agencies] == ["sent"]
    await case.answer(first, "police", "open_request")
    assert [one.state for one in (await read()).agencies] == ["read"]
    await case.answer(first, "police", "decline", reason="other_area")
    second = await case.send("msdhs", after=first)
    for deed, more in (("accept", {}), ("finish", {"outcome": "helped", "citizen_text": "มีที่พักให้แล้ว"})):
        await case.answer(second, "msdhs", deed, **more)
    declined, done = (await read()).agencies
    assert (declined.state, declined.name["th"], declined.next_name) == (
        "declined", NAMES["police"][0], dict(zip(("th", "en"), NAMES["msdhs"], strict=True)),
    )  # fmt: skip
    assert (done.state, done.on, done.text) == ("done", TODAY, "มีที่พักให้แล้ว")


async def test_tracks_stand_at_their_last_step_that_holds(case: Casework, read: Read) -> None:
    await case.step("prosecution", "complaint", TODAY - timedelta(days=3))
    wrong = await case.step("prosecution", "inquiry", TODAY - timedelta(days=1))
    assert (await read()).stop("prosecution").step == "inquiry"
    await case.take_back(wrong)
    told = (await read()).stop("prosecution")
    assert (told.step, told.on) == ("complaint", TODAY - timedelta(days=3))
    await case.step("victim", "possible", person=1)
    await case.step("victim", "mdt_screening", person=await case.add_person())
    assert (await read()).stop("victim").step == "possible"


async def test_looking_for_property_again_and_again_is_told_by_its_last_day_alone(
    case: Casework, read: Read
) -> None:
    await case.order(ORDERED, TODAY - timedelta(days=9))
    await case.step("compensation", "execution_opened", TODAY - timedelta(days=8))
    for days, outcome in ((7, "none_found"), (2, "found")):
        await case.step("compensation", "assets_traced", TODAY - timedelta(days=days), outcome=outcome)
        told = await read()
        assert told.stop("compensation").on == TODAY - timedelta(days=days)
        assert "found" not in repr(told)


async def test_money_is_what_was_ordered_paid_confirmed_and_left(case: Casework, read: Read) -> None:
    await case.order(ORDERED)
    first = await case.pay(PART)
    assert await read.money() == Money(
        ordered=ORDERED,
        paid=PART,
        left=ORDERED - PART,
        payments=(await read.money()).payments,
        is_of_court=True,
    )
    assert (await read.money()).asked.id == first
    assert (await read()).stop("compensation").step == "paid"
    assert await read.says(first, got=True)
    money = await read.money()
    assert (money.confirmed, money.left, money.asked) == (PART, ORDERED - PART, None)
    assert (await read()).stop("compensation").step == "part_confirmed"
    second = await case.pay(ORDERED - PART)
    assert await read.says(second, got=True)
    assert (await read.money()).left == 0
    assert (await read()).stop("compensation").step == "receipt_confirmed"


async def test_money_that_did_not_come_is_still_owed_and_may_come_late(case: Casework, read: Read) -> None:
    await case.order(ORDERED)
    payment = await case.pay(PART)
    assert await read.says(payment, got=False)
    assert (await read.money()).left == ORDERED
    assert (await read()).stop("compensation").step == "receipt_denied"
    assert await read.says(payment, got=True)
    assert (await read.money()).left == ORDERED - PART


async def test_the_same_answer_twice_and_one_that_contradicts_are_not_written(
    case: Casework, read: Read, database: Database
) -> None:
    await case.order(ORDERED)
    payment = await case.pay(PART)
    assert await read.says(payment, got=True)
    assert not await read.says(payment, got=True)
    assert not await read.says(payment, got=False)
    wrong = await case.pay(PART)
    await case.take_back(wrong)
    assert not await read.says(wrong, got=True)
    assert [one.id for one in (await read.money()).payments] == [payment]


async def test_an_answer_is_the_persons_made_in_the_chat(
    case: Casework, read: Read, database: Database
) -> None:
    await case.order(ORDERED)
    await read.says(await case.pay(PART), got=True)
    async with database.unit_of_work() as session:
        connection = await session.connection()
        row = (
            await connection.exec_driver_sql(
                "SELECT source, agency_id, account_id, amount FROM case_event WHERE step = 'receipt_confirmed'"
            )
        ).one()
    assert tuple(row) == ("chat", None, None, PART)


async def test_money_of_somebody_else_in_the_case_is_neither_told_nor_asked(
    case: Casework, read: Read
) -> None:
    another = await case.add_person()
    for step in ("claim_filed", "ordered"):
        await case.step("compensation", step, amount=ORDERED, fund="court", person=another)
    theirs = await case.step("compensation", "paid", amount=PART, fund="court", person=another)
    assert await read.money() == Money()
    assert not await read.says(theirs, got=True)


@pytest.mark.parametrize(("whose", "is_own"), [("self", True), ("other", False), ("witness", False)])
async def test_who_told_of_somebody_elses_matter_reads_of_no_money_and_no_help(
    case: Casework, read: Read, database: Database, keys: DataKeys, whose: str, *, is_own: bool
) -> None:
    await tell(database, keys, case.referral_id, ("G2", whose))
    await case.step("prosecution", "complaint")
    await case.step("victim", "possible", person=1)
    await case.order(ORDERED)
    payment = await case.pay(PART)
    told = await read()
    assert (told.money is not None) == is_own
    assert [stop.track for stop in told.stops] == (
        ["victim", "prosecution", "compensation"] if is_own else ["prosecution"]
    )
    assert await read.says(payment, got=True) == is_own


async def test_of_an_erased_case_nothing_is_told(case: Casework, read: Read, database: Database) -> None:
    await case.step("victim", "possible", person=1)
    async with database.unit_of_work() as session:
        await erase_report(session, await session.get_one(Referral, case.referral_id))
    assert await read() == Progress()
