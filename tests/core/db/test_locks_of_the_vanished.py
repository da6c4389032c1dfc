"""A process that froze with locks in its hands is cut off, so that its people are not stuck. Guards 2."""

import sqlalchemy as sa

from core.db.database import Database


async def test_the_server_cuts_off_who_pauses_within_a_transaction(database: Database) -> None:
    async with database.unit_of_work() as session:
        patience = await session.scalar(sa.text("SHOW idle_in_transaction_session_timeout"))
    assert patience == "30s"
