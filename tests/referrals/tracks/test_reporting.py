"""The report track follows the hotline's work, in its order, whatever the case is."""

from uuid import UUID

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.closing import Wish, close_case, reopen_case
from referrals.models import Referral
from referrals.queue import claim, release
from referrals.tracks.reporting import note_work
from tests.referrals.tracks.office import Office
from tests.referrals.tracks.test_recording import step


async def walked(office: Office) -> list[str]:
    return [event.step for event in await office.all_events() if event.track == "report"]


async def test_it_walks_with_the_work_and_passes_over_what_is_no_step(
    office: Office, database: Database, keys: DataKeys, anong: UUID, boon: UUID
) -> None:
    async with database.unit_of_work() as session:
        await claim(session, office.referral_id, anong)
        await release(session, office.referral_id, anong)
        await claim(session, office.referral_id, boon)
        referral = await session.get_one(Referral, office.referral_id)
        await note_work(session, referral, "referred", account_id=boon, now=utc_now())
        wish = Wish("advised")
        await close_case(
            session, keys, referral_id=referral.id, account_id=boon, wish=wish, notice="n", form_id=new_id()
        )
        await reopen_case(session, keys, referral_id=referral.id, account_id=boon, why="again", oversees=True)
    assert await walked(office) == ["received", "claimed", "referred", "closed", "reopened"]
    closed = next(event for event in await office.all_events() if event.step == "closed")
    assert (closed.outcome, closed.account_id, closed.teller) == ("advised", boon, "hotline")
    # Steps of people fit in: the report is being worked on again.
    await office.tells(step("report.need_info"))
    assert (await office.standing()).event_id == (await office.all_events())[-1].id
