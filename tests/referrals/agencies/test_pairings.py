from uuid import UUID

import pytest

from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.directory import add_agency, close_agency
from referrals.agencies.pairings import PairingError, end_pairing, may_refer, pair, read_pairings
from tests.referrals.agencies.conftest import POLICE


async def test_a_pairing_goes_one_way_or_both_and_ends(database: Database, boon: UUID) -> None:
    async with database.unit_of_work() as session:
        a = await add_agency(session, "a-1", POLICE, by=boon)
        b = await add_agency(session, "b-1", POLICE, by=boon)
        for _ in range(2):
            await pair(session, None, a, by=boon, both=False)
            await pair(session, a, b, by=boon)
        assert await may_refer(session, None, a)
        assert not await may_refer(session, a, None)
        assert not await may_refer(session, None, b)
        assert await may_refer(session, a, b)
        assert await may_refer(session, b, a)
        assert [(one.giver_id, one.taker_id) for one in await read_pairings(session)] == [
            (None, a),
            (a, b),
            (b, a),
        ]
        await end_pairing(session, b, a, both=False)
        assert await may_refer(session, a, b)
        assert not await may_refer(session, b, a)
        await end_pairing(session, a, b)
        assert not await may_refer(session, a, b)
        await pair(session, b, a, by=boon, both=False)
        assert await may_refer(session, b, a)
        assert not await may_refer(session, a, b)


async def test_it_takes_two_sides_that_are_there(database: Database, boon: UUID) -> None:
    async with database.unit_of_work() as session:
        a = await add_agency(session, "a-1", POLICE, by=boon)
        gone = await add_agency(session, "b-1", POLICE, by=boon)
        await close_agency(session, gone)
        for giver, taker in ((a, a), (None, None)):
            with pytest.raises(PairingError):
                await pair(session, giver, taker, by=boon)
        for taker in (gone, new_id()):
            with pytest.raises(NotFoundError):
                await pair(session, a, taker, by=boon)
