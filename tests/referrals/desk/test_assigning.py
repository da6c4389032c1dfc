from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.assigning import (
    ASSIGNED,
    MOST_AT_ONCE,
    TAKEN_OVER,
    TakeOverReasonError,
    TooManyAtOnceError,
    assign_each,
    take_over,
)
from referrals.desk.handing_over import ReceiverError, offer, offers_to
from referrals.models import Referral, ReferralEntry
from referrals.queue import EndedError
from referrals.thread import read_thread
from tests.referrals.conftest import Refer
from tests.referrals.desk.conftest import Told

Staff = tuple[UUID, UUID]
WHY = "อนงค์ออกเวรแล้ว"


async def test_a_supervisor_takes_over_with_a_reason_and_the_holder_is_told(
    database: Database, keys: DataKeys, held_by_anong: UUID, staff: Staff, told: Told
) -> None:
    anong, boon = staff
    async with database.unit_of_work() as session:
        await offer(session, held_by_anong, anong, to_account=boon)
        await take_over(session, keys, held_by_anong, boon, reason=WHY)
        assert await offers_to(session, boon) == []
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held_by_anong)
        lines = await read_thread(session, keys, referral, with_words=True)
        raw = await session.scalar(
            sa.select(sa.func.string_agg(sa.text("t::text"), "")).select_from(sa.text("referral_entry t"))
        )
    assert referral.claimed_by == boon
    assert [(line.mark, line.text, line.who) for line in lines][-1] == ("taken_over", WHY, "Boon")
    assert WHY not in str(raw)
    assert await told(anong) == [TAKEN_OVER]


@pytest.mark.parametrize("why", ["", "  ", "x", "ก" * 301])
async def test_without_a_reason_nothing_moves(
    database: Database, keys: DataKeys, held_by_anong: UUID, staff: Staff, why: str
) -> None:
    with pytest.raises(TakeOverReasonError):
        async with database.unit_of_work() as session:
            await take_over(session, keys, held_by_anong, staff[1], reason=why)
    async with database.unit_of_work() as session:
        assert (await session.get_one(Referral, held_by_anong)).claimed_by == staff[0]


async def test_what_has_ended_is_not_taken_over(
    database: Database, keys: DataKeys, held_by_anong: UUID, staff: Staff
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(state="closed", closed_at=sa.func.now()))
    with pytest.raises(EndedError):
        async with database.unit_of_work() as session:
            await take_over(session, keys, held_by_anong, staff[1], reason=WHY)


async def test_several_are_given_at_once_and_ended_ones_are_counted_apart(
    database: Database, refer: Refer, held_by_anong: UUID, staff: Staff, told: Told
) -> None:
    anong, boon = staff
    waiting, ended = await refer("Ek"), await refer("Fon")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == ended).values(state="closed"))
    async with database.unit_of_work() as session:
        done = await assign_each(
            session, [waiting, held_by_anong, ended, waiting, new_id()], boon, to_account=boon
        )
    assert (done.changed, done.refused) == (2, 2)
    async with database.unit_of_work() as session:
        held = set(await session.scalars(sa.select(Referral.id).where(Referral.claimed_by == boon)))
        marks = list(
            await session.scalars(sa.select(ReferralEntry.mark).where(ReferralEntry.mark == "assigned"))
        )
    assert held == {waiting, held_by_anong}
    assert len(marks) == 2
    assert await told(anong) == [TAKEN_OVER]
    assert await told(boon) == []


async def test_whoever_is_given_something_is_told(
    database: Database, refer: Refer, staff: Staff, told: Told
) -> None:
    anong, boon = staff
    waiting = await refer("Ek")
    async with database.unit_of_work() as session:
        await assign_each(session, [waiting], boon, to_account=anong)
    assert await told(anong) == [ASSIGNED]


async def test_none_too_many_and_a_receiver_who_is_none_are_refused(
    database: Database, refer: Refer, staff: Staff
) -> None:
    waiting = await refer("Ek")
    for ids in ([], [new_id() for _ in range(MOST_AT_ONCE + 1)]):
        with pytest.raises(TooManyAtOnceError):
            async with database.unit_of_work() as session:
                await assign_each(session, ids, staff[1], to_account=staff[0])
    with pytest.raises(ReceiverError):
        async with database.unit_of_work() as session:
            await assign_each(session, [waiting], staff[1], to_account=new_id())
