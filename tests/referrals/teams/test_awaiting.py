import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.cases import answer
from referrals.models import Referral
from referrals.queue import claim
from referrals.teams.awaiting import fill_awaiting
from tests.referrals.conftest import Refer
from tests.referrals.teams.conftest import Hire


async def test_reports_of_before_learn_since_when_their_people_wait(
    database: Database, keys: DataKeys, refer: Refer, hire: Hire
) -> None:
    boon = await hire("Boon", "supervisor")
    waits, answered, silent = (
        await refer("Dao", words="..."),
        await refer("Ek", words="..."),
        await refer("Fah"),
    )
    async with database.unit_of_work() as session:
        since = (await session.get_one(Referral, waits)).awaits_since
        await claim(session, answered, boon)
        await answer(
            session,
            keys,
            referral_id=answered,
            account_id=boon,
            text="ค่ะ",
            notice="มีข้อความใหม่",
            form_id=new_id(),
        )
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(awaits_since=None))
    async with database.unit_of_work() as session:
        assert await fill_awaiting(session) == 1
        assert await fill_awaiting(session) == 0
    async with database.unit_of_work() as session:
        assert (await session.get_one(Referral, waits)).awaits_since == since is not None
        for other in (answered, silent):
            assert (await session.get_one(Referral, other)).awaits_since is None
