"""Chores on a real database: what fails holds up nothing else."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from app.chores import Chores
from app.runtime import Runtime
from core.clock import utc_now
from core.db.database import Database, driver_connection
from referrals.models import Referral
from referrals.report_erasure import ask_report_erasure

# Refuses to let one report be erased, as a damaged row would.
_REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF OLD.id = '%s' THEN RAISE 'damaged'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON referral FOR EACH ROW WHEN (NEW.words_gone_at IS NOT NULL) EXECUTE FUNCTION refuse()
"""


async def _gone(database: Database) -> set[UUID]:
    async with database.unit_of_work() as session:
        found = sa.select(Referral.id).where(Referral.words_gone_at.is_not(None))
        return set(await session.scalars(found))


async def _damage(database: Database, referral_id: UUID) -> None:
    async with database.unit_of_work() as session:
        await (await driver_connection(session)).execute(_REFUSE % referral_id)


async def test_a_report_that_cannot_be_ended_holds_up_no_other(
    runtime: Runtime, database: Database, referral_id: UUID, other_referral_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        for one in (referral_id, other_referral_id):
            referral = await session.get_one(Referral, one)
            referral.state, referral.closed_at = "closed", utc_now() - timedelta(days=91)
    await _damage(database, referral_id)
    await Chores(runtime, None)._retain()
    assert await _gone(database) == {other_referral_id}


async def test_a_report_that_cannot_be_erased_holds_up_no_other(
    runtime: Runtime, database: Database, referral_id: UUID, other_referral_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        for one in (referral_id, other_referral_id):
            assert await ask_report_erasure(session, one) is not None
            (await session.get_one(Referral, one)).erase_at = utc_now() - timedelta(minutes=1)
    await _damage(database, referral_id)
    await Chores(runtime, None)._forget()
    assert await _gone(database) == {other_referral_id}


async def test_a_class_that_cannot_be_swept_holds_up_no_other(runtime: Runtime, database: Database) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        await connection.execute("DROP TABLE sign_in_attempt")
        await connection.execute(
            "INSERT INTO receipt_try (source_key, tries, last_at) VALUES ('x', 1, now() - interval '8 d')"
        )
    await Chores(runtime, None)._retain()
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        assert await connection.fetchval("SELECT count(*) FROM receipt_try") == 0
