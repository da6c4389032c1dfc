import sqlalchemy as sa

from core.db.database import Database, driver_connection
from referrals.teams.alerts import TELL_STAFF, count_unread, list_alerts, mark_read, raise_alerts
from referrals.teams.models import AlertPost
from tests.referrals.conftest import Refer
from tests.referrals.teams.conftest import Hire


async def _jobs(database: Database) -> int:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        count: int = await connection.fetchval(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1", TELL_STAFF
        )
        return count


async def test_an_alert_is_listed_until_its_reader_has_read_it(
    database: Database, hire: Hire, refer: Refer
) -> None:
    anong, boon, referral_id = await hire("Anong"), await hire("Boon"), await refer("Dao")
    async with database.unit_of_work() as session:
        (alert_id,) = await raise_alerts(session, [anong], "handed_over", referral_id)
    async with database.unit_of_work() as session:
        assert [(a.kind, a.referral_id) for a in await list_alerts(session, anong)] == [
            ("handed_over", referral_id)
        ]
        assert (await count_unread(session, anong), await count_unread(session, boon)) == (1, 0)
        await mark_read(session, boon, alert_id)
        assert await count_unread(session, anong) == 1
        await mark_read(session, anong, alert_id)
        assert await count_unread(session, anong) == 0


async def test_marking_all_leaves_the_alerts_of_others(database: Database, hire: Hire) -> None:
    anong, boon = await hire("Anong"), await hire("Boon")
    async with database.unit_of_work() as session:
        await raise_alerts(session, [anong, boon], "task_due")
        await raise_alerts(session, [anong], "task_due")
        await mark_read(session, anong)
        assert (await count_unread(session, anong), await count_unread(session, boon)) == (0, 1)


async def test_it_goes_outside_by_every_proven_address_and_only_when_asked(
    database: Database, hire: Hire
) -> None:
    anong, boon = await hire("Anong", mail="a@example.org", telegram="77"), await hire("Boon")
    async with database.unit_of_work() as session:
        await raise_alerts(session, [anong], "task_due")
    assert await _jobs(database) == 0
    async with database.unit_of_work() as session:
        await raise_alerts(session, [anong, boon], "clock_missed", outside=True)
        posts = await session.scalars(sa.select(AlertPost.kind).order_by(AlertPost.kind))
        assert list(posts) == ["mail", "telegram"]
        assert [alert.outside for alert in await list_alerts(session, anong)] == ["pending", "none"]
        assert [alert.outside for alert in await list_alerts(session, boon)] == ["none"]
    assert await _jobs(database) == 1
