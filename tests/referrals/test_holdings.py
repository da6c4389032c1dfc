from datetime import date
from uuid import UUID

from core.accounts.invitations import add_account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.models import ReferralTask
from referrals.holdings import read_holdings
from referrals.intake import open_referral
from referrals.models import Referral
from tests.support.cast import make_person


async def _held(
    database: Database, keys: DataKeys, name: str, holder: UUID, *, urgent: bool = False, closed: bool = False
) -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority="P0" if urgent else "P2", kinds=(), reasons=("crisis_words",), receipt=name,
        )  # fmt: skip
        referral = await session.get_one(Referral, referral_id)
        referral.claimed_by, referral.claimed_at = holder, utc_now()
        referral.closed_at = utc_now() if closed else None
    return referral_id


async def test_it_counts_open_reports_and_open_tasks_of_one_person(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        anong, boon = [
            (await add_account(session, keys, email=f"{n}@rootan.test", name=n, role="hotline_officer")).id
            for n in ("anong", "boon")
        ]
    calm = await _held(database, keys, "Dao", anong)
    urgent = await _held(database, keys, "Ek", anong, urgent=True)
    await _held(database, keys, "Fon", anong, closed=True)
    await _held(database, keys, "Gai", boon)
    async with database.unit_of_work() as session:
        for done_at in (None, utc_now()):
            session.add(
                ReferralTask(
                    id=new_id(), referral_id=calm, account_id=anong, made_by=boon, due_on=date(2026, 11, 30),
                    made_at=utc_now(), done_at=done_at,
                )
            )  # fmt: skip
    async with database.unit_of_work() as session:
        holdings = await read_holdings(session, anong)
        nothing = await read_holdings(session, new_id())
    assert [held.referral_id for held in holdings.referrals] == [urgent, calm]
    assert (holdings.by_priority, holdings.tasks) == ({"P0": 1, "P2": 1}, 1)
    assert (nothing.referrals, nothing.by_priority, nothing.tasks) == ([], {}, 0)
