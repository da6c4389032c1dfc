from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from core.clock import bangkok
from core.db.database import Database
from referrals.models import Referral
from referrals.queue import claim
from referrals.statistics.asked import Asked, Period
from referrals.statistics.days import count_due_days
from referrals.statistics.figures import Clock, Figures
from referrals.statistics.models import StatisticsDay
from referrals.statistics.reading import read_figures
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer

# A Wednesday, 10:00 in Bangkok.
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


async def figures(database: Database, days: int = 10) -> Figures:
    async with database.unit_of_work() as session:
        today = bangkok(NOW).date()
        return await read_figures(
            session, Asked(Period(today - timedelta(days=days), today + timedelta(days=30)))
        )


async def count_all(database: Database) -> int:
    counted = 0
    while True:
        async with database.unit_of_work() as session:
            found = await count_due_days(session)
        counted += found
        if not found:
            return counted


async def test_counted_days_give_the_same_figures_as_reports_read_now(
    database: Database, standing_clock: MovableClock, refer: Refer, anong: object
) -> None:
    standing_clock.moment = NOW - timedelta(days=3)
    opened = [await refer(name, priority) for name, priority in (("a", "P0"), ("b", "P2"), ("c", "P3"))]
    standing_clock.moment += timedelta(minutes=4)
    async with database.unit_of_work() as session:
        await claim(session, opened[0], anong)  # type: ignore[arg-type]
    standing_clock.moment = NOW
    await refer("d", "P1")
    read_now = await figures(database)
    assert await count_all(database) == 4
    assert await figures(database) == read_now
    assert read_now.total == 4
    assert read_now.claims["P0"] == Clock(in_time=1, median=240, p90=240)
    # Opened on Sunday: three hours of duty have passed since Monday; eight of P3's have, too.
    assert (read_now.claims["P2"].late, read_now.claims["P3"].late) == (1, 1)
    assert read_now.claims["P1"].open_ended == 1
    assert read_now.loads[0].open_now == 1


async def test_what_was_erased_of_a_report_goes_from_the_counts_too(
    database: Database, standing_clock: MovableClock, refer: Refer
) -> None:
    standing_clock.moment = NOW - timedelta(days=2)
    referral_id = await refer("a")
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, referral_id)).place = "province:TH-83"
    standing_clock.moment = NOW
    await count_all(database)
    assert (await figures(database)).places == {"province:TH-83": 1}
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(place=None))
    assert await count_all(database) == 0
    standing_clock.moment = NOW + timedelta(minutes=11)
    assert await count_all(database) > 0
    assert (await figures(database)).places == {None: 1}
    async with database.unit_of_work() as session:
        assert all(b"TH-83" not in block for block in await session.scalars(sa.select(StatisticsDay.block)))


async def test_every_day_is_counted_anew_within_a_day(
    database: Database, standing_clock: MovableClock, refer: Refer
) -> None:
    standing_clock.moment = NOW - timedelta(days=300)
    await refer("a")
    standing_clock.moment = NOW
    assert await count_all(database) == 301
    standing_clock.moment = NOW + timedelta(hours=21)
    await count_all(database)
    async with database.unit_of_work() as session:
        oldest = await session.scalar(sa.select(sa.func.min(StatisticsDay.counted_at)))
    assert oldest is not None
    assert oldest > NOW


async def test_where_nothing_was_ever_reported_nothing_is_counted(database: Database) -> None:
    assert await count_all(database) == 0
    assert (await figures(database)).total == 0
