import pytest

from core.errors import NotFoundError
from core.ids import new_id
from referrals.packets.gate import AgencyError
from referrals.queue import HeldError
from referrals.referring.consents import note_consent, read_consents
from referrals.referring.finding import ByHotline
from tests.referrals.referring.conftest import Scene


async def test_staff_write_down_what_the_person_told_them_and_the_newest_line_holds(scene: Scene) -> None:
    async with scene.database.unit_of_work() as session:
        await note_consent(session, "court", scene.staff, granted=True, with_identity=True)
        await note_consent(session, "police", scene.staff, granted=False, with_identity=True)
        found = {
            one.agency: (one.granted, one.with_identity) for one in await read_consents(session, scene.case)
        }
    # Who withholds the report withholds the name.
    assert found == {"court": (True, True), "police": (False, False), "msdhs": (True, False)}
    await scene.send("court", fields={"needs": "ขอทราบวันนัด"})


async def test_only_who_works_on_the_case_writes_it_down_and_for_a_kind_that_exists(scene: Scene) -> None:
    for staff, kind, refused in (
        (scene.staff, "army", AgencyError),
        (ByHotline(scene.case, new_id()), "police", HeldError),
        (ByHotline(new_id(), scene.anong), "police", NotFoundError),
    ):
        async with scene.database.unit_of_work() as session:
            with pytest.raises(refused):
                await note_consent(session, kind, staff, granted=True, with_identity=False)
