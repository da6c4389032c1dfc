from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from core.db.database import Database
from referrals.listing.filters import VIEWS, Filters
from referrals.listing.reading import see
from referrals.listing.viewer import sight_of, values_of
from referrals.listing.views import scan
from tests.referrals.conftest import Refer

# Which index serves each list in its order. "overdue" and "waiting" have several branches, "team" one for each team.
INDEX = {
    "waiting": "ix_referral_queue", "mine": "ix_referral_held", "team": "ix_referral_team", "held": "ix_referral_queue",
    "bot": "ix_referral_bot", "snoozed": "ix_referral_snoozed", "flagged": "ix_referral_flagged",
    "overdue": "ix_referral_queue", "ended": "ix_referral_ended",
}  # fmt: skip
SEVERAL = {"waiting", "overdue"}


async def _plan(database: Database, viewer: UUID, filters: Filters) -> str:
    async with database.unit_of_work() as session:
        who, _ = await see(session, viewer)
        told = sa.select(scan(filters, sight_of(len(who.teams)), 51)).params(values_of(who))
        listed = told.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        await session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        await session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        await session.execute(sa.text("SET LOCAL enable_sort = off"))
        connection = await session.connection()
        return "\n".join((await connection.exec_driver_sql(f"EXPLAIN {listed}")).scalars())


@pytest.mark.parametrize("view", VIEWS)
async def test_each_list_is_read_from_its_index_in_order(
    database: Database, refer: Refer, anong: UUID, view: str
) -> None:
    await refer("Dao")
    plan = await _plan(database, anong, Filters(view=view))  # type: ignore[arg-type]
    assert INDEX[view] in plan
    assert "Seq Scan" not in plan
    assert view in SEVERAL or "Sort" not in plan


async def test_a_filter_looks_only_at_rows_that_the_index_brought(
    database: Database, refer: Refer, anong: UUID
) -> None:
    await refer("Dao")
    plan = await _plan(database, anong, Filters(view="held", holder=anong, priority=("P1", "P2")))
    assert "ix_referral_queue" in plan
    assert "Seq Scan" not in plan
