from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.reaching import Outlook, read_outlook
from app.console.texts import load_texts
from bots.models import Conversation
from core.clock import utc_now
from core.contacts.models import ChannelIdentity
from core.contacts.wishes import set_contact_rule
from core.crypto.data_keys import DataKeys, destroy_data_key
from core.db.database import Database
from core.ids import new_id
from referrals.intake import open_referral
from referrals.models import Referral
from tests.conftest import MovableClock
from tests.support.cast import make_person

CODES = ("phone", "blocked", "erased", "hidden", "fresh", "any", "within", "hours", "waits")


@pytest.fixture
async def dao(standing_clock: MovableClock, database: Database, keys: DataKeys) -> UUID:
    """Dao's referral; she wrote an hour ago. It is ten in the morning."""
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name="Dao")
        session.add(
            Conversation(
                id=new_id(), identity_id=person.identity_id, last_inbound_at=utc_now() - timedelta(hours=1)
            )
        )
        return await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="report", priority="P2", kinds=(), reasons=(), receipt="Dao",
        )  # fmt: skip


async def outlook(database: Database, referral_id: UUID) -> Outlook:
    async with database.unit_of_work() as session:
        return await read_outlook(session, await session.get_one(Referral, referral_id))


async def allow(database: Database, referral_id: UUID, *hours: int) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        start, end = hours or (None, None)
        await set_contact_rule(
            session, referral.contact_id, may_write_first=True, from_minute=start, until_minute=end
        )


async def test_without_a_word_an_answer_waits_until_it_is_opened(database: Database, dao: UUID) -> None:
    found = await outlook(database, dao)
    assert (found.code, found.is_reachable) == ("waits", True)


@pytest.mark.parametrize(
    ("hours", "code"), [((), "any"), ((9 * 60, 11 * 60), "within"), ((18 * 60, 20 * 60), "hours")]
)
async def test_the_hours_that_they_chose_decide(
    database: Database, dao: UUID, hours: tuple[int, ...], code: str
) -> None:
    await allow(database, dao, *hours)
    found = await outlook(database, dao)
    assert found == Outlook(code, hours or None)  # type: ignore[arg-type]


async def test_somebody_who_has_just_written_is_answered_at_once_for_a_quarter_of_an_hour(
    database: Database, dao: UUID, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Conversation).values(last_inbound_at=utc_now()))
    assert (await outlook(database, dao)).code == "fresh"
    standing_clock.advance(minutes=16)
    assert (await outlook(database, dao)).code == "waits"


async def test_whoever_hides_is_not_written_to_whatever_was_allowed(database: Database, dao: UUID) -> None:
    await allow(database, dao)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Conversation).values(hidden=True, last_inbound_at=utc_now()))
    assert (await outlook(database, dao)).code == "hidden"


async def test_nothing_reaches_whoever_blocked_us_called_or_was_erased(database: Database, dao: UUID) -> None:
    codes = []
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ChannelIdentity).values(blocked_at=utc_now()))
    codes.append(await outlook(database, dao))
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, dao)).channel = "phone"
    codes.append(await outlook(database, dao))
    async with database.unit_of_work() as session:
        await destroy_data_key(session, (await session.get_one(Referral, dao)).data_key_id)
    codes.append(await outlook(database, dao))
    assert [one.code for one in codes] == ["blocked", "phone", "erased"]
    assert not any(one.is_reachable for one in codes)


def test_every_fate_of_an_answer_has_its_words() -> None:
    for language in ("th", "en"):
        assert {f"reach.{code}.{part}" for code in CODES for part in ("will", "why")} <= set(
            load_texts(language)
        )
