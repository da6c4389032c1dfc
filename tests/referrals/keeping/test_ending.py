"""Which reports end, which soon, who is told, and that looking for them is cheap."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.db.database import Database, driver_connection
from referrals.keeping.ending import (
    ALERT,
    EndingReports,
    find_ended,
    find_unwarned,
    list_ending,
    warn_of_end,
)
from referrals.keeping.grounds import grounds
from referrals.keeping.holding import hold_report, postpone_report
from referrals.models import Referral
from referrals.queue import claim
from referrals.retention import KEPT_AFTER_CLOSING, find_come_back
from referrals.teams.models import StaffAlert
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.ending import end_all

WARNING = timedelta(days=grounds().warn_days)


async def _ended(database: Database, refer: Refer, name: str, by: UUID | None = None) -> UUID:
    referral_id = await refer(name, "P2", "words")
    if by is not None:
        async with database.unit_of_work() as session:
            await claim(session, referral_id, by)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.state, referral.closed_at = "closed", utc_now()
    return referral_id


async def _warn(database: Database) -> int:
    async with database.unit_of_work() as session:
        soon = await find_unwarned(session)
    for referral_id in soon:
        async with database.unit_of_work() as session:
            await warn_of_end(session, referral_id)
    return len(soon)


async def _told(database: Database) -> list[tuple[UUID, UUID | None]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(StaffAlert).where(StaffAlert.kind == ALERT))
        return [(row.account_id, row.referral_id) for row in rows]


async def test_whoever_held_it_is_told_once_two_weeks_before(
    database: Database, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await _ended(database, refer, "Dao", by=anong)
    standing_clock.moment += KEPT_AFTER_CLOSING - WARNING - timedelta(minutes=1)
    assert await _warn(database) == 0
    standing_clock.advance(minutes=2)
    assert await _warn(database) == 1
    standing_clock.advance(days=5)
    assert await _warn(database) == 0
    assert await _told(database) == [(anong, referral_id)]


async def test_after_postponing_they_are_told_anew(
    database: Database, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await _ended(database, refer, "Dao", by=anong)
    standing_clock.moment += KEPT_AFTER_CLOSING - timedelta(days=3)
    assert await _warn(database) == 1
    async with database.unit_of_work() as session:
        await postpone_report(session, referral_id, ground="agency_answers", days=60, by=anong)
    assert await _warn(database) == 0
    standing_clock.advance(days=50)
    assert await _warn(database) == 1


async def test_where_whoever_held_it_has_left_supervisors_are_told(
    database: Database, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    await _ended(database, refer, "Dao", by=anong)
    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE account SET disabled_at = now() WHERE id = :id"), {"id": anong})
    standing_clock.moment += KEPT_AFTER_CLOSING - timedelta(days=1)
    assert await _warn(database) == 1
    assert [account for account, _ in await _told(database)] == [boon]


async def test_held_reports_and_open_ones_neither_end_nor_warn(
    database: Database, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> None:
    await refer("Ek", "P2", "words")
    held = await _ended(database, refer, "Dao")
    async with database.unit_of_work() as session:
        await hold_report(session, held, ground="court_order", by=boon)
    standing_clock.advance(days=1000)
    assert await _warn(database) == 0
    assert await end_all(database) == 0
    async with database.unit_of_work() as session:
        assert [row.id for row in await list_ending(session, "held", None)] == [held]
        assert await list_ending(session, "soon", None) == []
        assert await list_ending(session, "held", boon) == []


async def test_the_list_is_of_ones_own_or_of_all(
    database: Database, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    mine, other = await _ended(database, refer, "Dao", by=anong), await _ended(database, refer, "Ek", by=boon)
    standing_clock.moment += KEPT_AFTER_CLOSING - timedelta(days=1)
    async with database.unit_of_work() as session:
        assert {row.id for row in await list_ending(session, "soon", None)} == {mine, other}
        (row,) = await list_ending(session, "soon", anong)
    assert (row.id, row.holder) == (mine, "Anong")
    assert row.ends_at == standing_clock() + timedelta(days=1)


async def test_one_report_that_cannot_be_ended_holds_up_no_other(
    database: Database, refer: Refer, standing_clock: MovableClock
) -> None:
    reports = sorted([await _ended(database, refer, name) for name in ("Dao", "Ek", "Fon")])
    standing_clock.moment += KEPT_AFTER_CLOSING + timedelta(days=1)
    async with database.unit_of_work() as busy:
        await busy.get_one(Referral, reports[0], with_for_update=True)
        assert await end_all(database) == 2
    assert await end_all(database) == 1
    async with database.unit_of_work() as session:
        assert await find_ended(session) == []


# Reports that ended long ago, all of one person: their figures, and nothing else.
_LONG_AGO = """
INSERT INTO data_key (id, purpose, master, created_at, destroyed_at)
SELECT md5('key' || n)::uuid, 'case', 'm', now(), now() - interval '400 d' FROM generate_series(1, 20000) AS n;
INSERT INTO referral (id, contact_id, identity_id, data_key_id, channel, source, state, priority, kinds, reasons,
  rules, receipt_key, opened_at, closed_at, last_entry_at, words_gone_at)
SELECT md5('report' || n)::uuid, r.contact_id, r.identity_id, md5('key' || n)::uuid, 'line', 'report', 'closed', 'P2',
  '{}', '{}', '1', decode(md5('receipt' || n), 'hex'), r.opened_at, r.opened_at, r.opened_at, r.opened_at
FROM generate_series(1, 20000) AS n, (SELECT * FROM referral LIMIT 1) AS r;
ANALYZE
"""


_READ = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'referral'"


async def test_looking_for_them_does_not_read_what_ended_long_ago(database: Database, refer: Refer) -> None:
    await refer("Dao", "P2", "words")
    async with database.unit_of_work() as session:
        await (await driver_connection(session)).execute(_LONG_AGO)
    looks: tuple[Callable[[AsyncSession], Awaitable[object]], ...] = (
        find_ended,
        find_unwarned,
        find_come_back,
        lambda session: list_ending(session, "soon", None),
        lambda session: list_ending(session, "held", None),
    )
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        # What this connection did before may be counted, too.
        before = await connection.fetchval(_READ)
        for look in looks:
            assert await look(session) == []
        assert await EndingReports().count(connection, utc_now(), 1_000) == 0
        assert await connection.fetchval(_READ) == before
