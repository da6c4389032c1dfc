from uuid import UUID

import pytest
import sqlalchemy as sa

from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.models import Referral
from referrals.referring.finding import ByAgency, ByHotline, Party, find, lock_case
from tests.referrals.conftest import Refer
from tests.referrals.referring.conftest import Scene


async def _finds(scene: Scene, request_id: UUID, party: Party) -> bool:
    try:
        async with scene.database.unit_of_work() as session:
            await find(session, request_id, party, lock=True)
    except NotFoundError:
        return False
    return True


async def test_a_request_exists_for_its_two_sides_alone(scene: Scene, refer: Refer) -> None:
    request_id, other_case = await scene.send(), await refer("Ek")
    police = scene.agencies["police"]
    # A program of the agency has no account.
    mine = (scene.staff, scene.overseer, scene.officer("police"), ByAgency(police, program_id=new_id()))
    assert [await _finds(scene, request_id, party) for party in mine] == [True] * 4
    others = (
        ByHotline(other_case, scene.anong, oversees=True), ByHotline(scene.case, new_id()), scene.officer("msdhs"),
        ByAgency(new_id(), account_id=scene.officers["police"]), ByAgency(scene.case),
    )  # fmt: skip
    assert [await _finds(scene, request_id, party) for party in others] == [False] * 5
    assert not await _finds(scene, new_id(), scene.staff)


async def test_who_oversees_reads_it_once_somebody_holds_the_case(scene: Scene, database: Database) -> None:
    request_id = await scene.send()
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(state="open", claimed_by=None))
    assert not await _finds(scene, request_id, scene.overseer)


async def test_a_case_that_is_not_there_can_not_be_referred(scene: Scene) -> None:
    async with scene.database.unit_of_work() as session:
        with pytest.raises(NotFoundError):
            await lock_case(session, ByHotline(new_id(), scene.anong, oversees=True))
