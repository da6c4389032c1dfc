import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.db.database import Database
from core.ids import new_id
from referrals.desk.handing_over import (
    CAME_BACK,
    DECLINED,
    OFFERED,
    OfferOverError,
    ReceiverError,
    accept,
    decline,
    expire_offers,
    offer,
    offer_of,
    offers_to,
    withdraw,
)
from referrals.models import Referral
from referrals.queue import HeldError, claim, release
from referrals.teams.models import Team, TeamMember
from tests.conftest import MovableClock
from tests.referrals.desk.conftest import Told

Staff = tuple[UUID, UUID]


async def _offer(database: Database, referral_id: UUID, by: UUID, **to: UUID) -> None:
    async with database.unit_of_work() as session:
        await offer(session, referral_id, by, **to)


async def _accept(database: Database, referral_id: UUID, by: UUID) -> None:
    async with database.unit_of_work() as session:
        await accept(session, referral_id, by)


async def _holder(database: Database, referral_id: UUID) -> UUID | None:
    async with database.unit_of_work() as session:
        return (await session.get_one(Referral, referral_id)).claimed_by


async def _team(database: Database, *members: UUID) -> UUID:
    team_id = new_id()
    async with database.unit_of_work() as session:
        session.add(Team(id=team_id, name="ใต้", created_at=sa.func.now()))
        await session.flush()
        session.add_all(TeamMember(team_id=team_id, account_id=member) for member in members)
    return team_id


async def test_it_moves_only_when_it_is_accepted(
    database: Database, held_by_anong: UUID, staff: Staff, told: Told
) -> None:
    anong, boon = staff
    await _offer(database, held_by_anong, anong, to_account=boon)
    assert await _holder(database, held_by_anong) == anong
    assert await told(boon) == [OFFERED]
    async with database.unit_of_work() as session:
        (one,) = await offers_to(session, boon)
        assert await offers_to(session, anong) == []
    assert (one.referral_id, one.giver, one.receiver) == (held_by_anong, "Anong", "Boon")
    for _ in range(2):
        await _accept(database, held_by_anong, boon)
    assert await _holder(database, held_by_anong) == boon
    assert await told(anong) == ["hand_over_accepted"]
    async with database.unit_of_work() as session:
        assert await offers_to(session, boon) == []


async def test_of_a_team_whoever_accepts_first_gets_it(
    database: Database, held_by_anong: UUID, staff: Staff
) -> None:
    anong, boon = staff
    other = new_id()
    async with database.unit_of_work() as session:
        copied = await session.get_one(Account, boon)
        session.add(
            Account(
                id=other, email="chai@example.org", name="Chai", role="hotline_officer", role_confirmed_by=anong,
                data_key_id=copied.data_key_id, created_at=copied.created_at, password_hash="-",
            )
        )  # fmt: skip
    team = await _team(database, anong, boon, other)
    await _offer(database, held_by_anong, anong, to_team=team)
    ended = await asyncio.gather(
        *(_accept(database, held_by_anong, who) for who in (boon, other)), return_exceptions=True
    )
    assert sorted(map(type, ended), key=str) == sorted([type(None), OfferOverError], key=str)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held_by_anong)
    assert (referral.claimed_by in {boon, other}, referral.team_id) == (True, team)


async def test_what_nobody_accepts_in_time_comes_back_loudly(
    database: Database, held_by_anong: UUID, staff: Staff, told: Told, standing_clock: MovableClock
) -> None:
    anong, boon = staff
    await _offer(database, held_by_anong, anong, to_account=boon)
    standing_clock.advance(hours=4)
    async with database.unit_of_work() as session:
        assert await offers_to(session, boon) == []
        assert await expire_offers(session) == 1
        assert await expire_offers(session) == 0
    with pytest.raises(OfferOverError):
        await _accept(database, held_by_anong, boon)
    assert await _holder(database, held_by_anong) == anong
    assert await told(anong) == [CAME_BACK]


async def test_it_can_be_declined_and_taken_back(
    database: Database, held_by_anong: UUID, staff: Staff, told: Told
) -> None:
    anong, boon = staff
    await _offer(database, held_by_anong, anong, to_account=boon)
    async with database.unit_of_work() as session:
        await decline(session, held_by_anong, boon)
    assert await told(anong) == [DECLINED]
    await _offer(database, held_by_anong, anong, to_account=boon)
    async with database.unit_of_work() as session:
        await withdraw(session, held_by_anong, anong)
        assert await offer_of(session, held_by_anong) is None
    for refused in (accept, decline):
        with pytest.raises(OfferOverError):
            async with database.unit_of_work() as session:
                await refused(session, held_by_anong, boon)


async def test_what_its_giver_gave_up_is_no_offer_any_more(
    database: Database, held_by_anong: UUID, staff: Staff
) -> None:
    anong, boon = staff
    await _offer(database, held_by_anong, anong, to_account=boon)
    async with database.unit_of_work() as session:
        await release(session, held_by_anong, anong)
        assert await offers_to(session, boon) == []
    with pytest.raises(OfferOverError):
        await _accept(database, held_by_anong, boon)
    async with database.unit_of_work() as session:
        await claim(session, held_by_anong, boon)
    await _offer(database, held_by_anong, boon, to_account=anong)
    await _accept(database, held_by_anong, anong)
    assert await _holder(database, held_by_anong) == anong


async def test_only_the_holder_offers_and_only_to_who_can_take_it(
    database: Database, held_by_anong: UUID, staff: Staff
) -> None:
    anong, boon = staff
    with pytest.raises(HeldError):
        await _offer(database, held_by_anong, boon, to_account=anong)
    empty = await _team(database, anong)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).where(Account.id == boon).values(role="administrator"))
    for to in ({"to_account": anong}, {"to_account": new_id()}, {"to_account": boon}, {"to_team": empty}, {}):
        with pytest.raises(ReceiverError):
            await _offer(database, held_by_anong, anong, **to)


async def test_nobody_accepts_what_was_offered_to_another(
    database: Database, held_by_anong: UUID, staff: Staff
) -> None:
    anong, boon = staff
    team = await _team(database, boon)
    await _offer(database, held_by_anong, anong, to_team=team)
    async with database.unit_of_work() as session:
        await session.execute(sa.delete(TeamMember))
    with pytest.raises(OfferOverError):
        await _accept(database, held_by_anong, boon)
