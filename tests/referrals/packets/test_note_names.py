"""A note that the quick look let pass is looked at with the lexicons, and flagged."""

from uuid import UUID

import sqlalchemy as sa

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.jobs.queue import unpack_ids
from referrals.packets.note_names import look_at_note
from referrals.tracks.models import CaseEvent
from referrals.tracks.recording import By, NewStep, record
from referrals.tracks.storing import LOOK_AT_NOTE
from tests.referrals.conftest import Refer

HOTLINE = By(maker="hotline", source="manual")


async def tell(database: Database, keys: DataKeys, referral_id: UUID, note: str) -> UUID:
    new = NewStep("told_of_right", "compensation", utc_now().date(), note=note)
    async with database.unit_of_work() as session:
        return await record(session, keys, referral_id, new, HOTLINE, now=utc_now())


async def flagged(database: Database, event_id: UUID) -> bool:
    async with database.unit_of_work() as session:
        return (await session.get_one(CaseEvent, event_id)).names_somebody


async def asked_for(database: Database) -> list[UUID]:
    async with database.unit_of_work() as session:
        jobs = await session.scalars(
            sa.text("SELECT payload FROM pgqueuer WHERE entrypoint = :job ORDER BY id"), {"job": LOOK_AT_NOTE}
        )
        return [one for payload in jobs for one in unpack_ids(payload)]


async def test_a_name_that_only_lexicons_know_is_flagged_by_the_job(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    case = await refer("Dao")
    named = await tell(database, keys, case, "คนที่พามาชื่อสมชาย")
    plain = await tell(database, keys, case, "คุยทางโทรศัพท์แล้ว")
    quick = await tell(database, keys, case, "โทร 081-234-5678")
    assert [await flagged(database, one) for one in (named, plain, quick)] == [False, False, True]
    assert await asked_for(database) == [named, plain]
    async with database.unit_of_work() as session:
        assert [await look_at_note(session, keys, one) for one in (named, plain, quick, new_id())] == [
            True, False, False, False,
        ]  # fmt: skip
        assert not await look_at_note(session, keys, named)
    assert [await flagged(database, one) for one in (named, plain)] == [True, False]
