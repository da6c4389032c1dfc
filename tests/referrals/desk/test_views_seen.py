from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.chain import Outcome, record_audit
from core.db.database import Database
from referrals.desk.views_seen import read_acts, read_looks
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer


async def note(
    session: AsyncSession, account: UUID, action: str, referral_id: UUID, outcome: Outcome = "ok"
) -> None:
    await record_audit(
        session, actor_id=account, action=action, object_kind="referral", object_id=referral_id, outcome=outcome,
    )  # fmt: skip


async def test_openings_within_a_quarter_of_an_hour_are_one_look(
    database: Database, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    dao, ek = await refer("Dao"), await refer("Ek")
    async with database.unit_of_work() as session:
        for account, minutes in ((anong, 0), (boon, 1), (anong, 5), (anong, 30)):
            standing_clock.advance(minutes=minutes)
            await note(session, account, "referral.read", dao)
        await note(session, boon, "referral.read", ek)
        await note(session, boon, "referral.read", dao, "refused")
        looks = await read_looks(session, dao)
    assert [(look.who, look.role) for look in looks] == [
        ("Anong", "supervisor"),
        ("Anong", "supervisor"),
        ("Boon", "supervisor"),
    ]


async def test_acts_are_told_with_how_they_ended_and_no_reading_among_them(
    database: Database, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    dao = await refer("Dao")
    async with database.unit_of_work() as session:
        await note(session, anong, "referral.claim", dao)
        await note(session, anong, "referral.read", dao)
        standing_clock.advance(minutes=1)
        await note(session, boon, "referral.answer", dao, "refused")
        acts = await read_acts(session, dao)
    assert [(act.who, act.action, act.outcome) for act in acts] == [
        ("Boon", "referral.answer", "refused"),
        ("Anong", "referral.claim", "ok"),
    ]
