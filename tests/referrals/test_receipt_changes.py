from uuid import UUID

import sqlalchemy as sa

from core.contacts.models import ContactRule
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.hiding import IN_DECOY, note_hiding
from referrals.models import AgencyConsent, Referral
from referrals.receipt_changes import add_words, change_agency, change_contact_rule, move_report
from referrals.report_erasure import ask_report_erasure
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.phones import DAO, Phone, of_referral, owner_of, reply


async def test_words_join_the_thread_once_and_not_that_of_a_closed_report(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    referral_id, event_id = await refer(DAO), new_id()
    for _ in range(2):
        async with database.unit_of_work() as session:
            assert await add_words(session, keys, referral_id, event_id, "one more thing")
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM referral_entry")) == 1
        await ask_report_erasure(session, referral_id)
    async with database.unit_of_work() as session:
        assert not await add_words(session, keys, referral_id, new_id(), "late")


async def test_consent_and_wishes_are_changed_from_elsewhere(
    database: Database, keys: DataKeys, refer: Refer, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    async with database.unit_of_work() as session:
        await change_agency(session, referral_id, "police", granted=True, wording="w1")
        await change_agency(session, referral_id, "ngo", granted=True, wording="w1")
    async with database.unit_of_work() as session:
        await change_agency(session, referral_id, "police", granted=False, wording="w1")
        await change_contact_rule(
            session, referral_id, may_write_first=True, from_minute=540, until_minute=720
        )
    own = await owner_of(database, keys, standing_clock, referral_id)
    seen = await own.looks_again(referral_id)
    assert {a.agency: a.granted for a in seen.agencies} == {"police": False, "ngo": True}
    assert (seen.may_write_first, seen.hours) == (True, (540, 720))
    async with database.unit_of_work() as session:
        assert len((await session.scalars(sa.select(AgencyConsent))).all()) == 3
        rule = (await session.scalars(sa.select(ContactRule))).one()
        assert rule.contact_id == (await session.get_one(Referral, referral_id)).contact_id


async def test_a_moved_report_goes_on_in_the_new_chat_alone(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, anong: UUID
) -> None:
    referral_id = await refer(DAO)
    await reply(database, keys, referral_id, anong, "we are here")
    async with database.unit_of_work() as session:
        assert await move_report(
            session, referral_id, contact_id=other.person.contact_id, identity_id=other.person.identity_id,
            channel="telegram",
        )  # fmt: skip
    referral = await of_referral(database, referral_id)
    assert (referral.identity_id, referral.channel) == (other.person.identity_id, "telegram")
    async with database.unit_of_work() as session:
        waiting = (await session.scalars(sa.select(Message))).one()
        assert (waiting.state, waiting.reason, waiting.content) == ("skipped", "moved", None)
    assert [a.text for a in (await other.types(DAO)).answers] == ["we are here"]


async def test_who_hid_in_the_old_chat_does_not_hide_in_the_new_one(
    database: Database, refer: Refer, other: Phone
) -> None:
    referral_id = await refer(DAO)
    old = await of_referral(database, referral_id)
    async with database.unit_of_work() as session:
        await note_hiding(session, old.identity_id, hidden=True)
    async with database.unit_of_work() as session:
        await move_report(
            session, referral_id, contact_id=other.person.contact_id, identity_id=other.person.identity_id,
            channel="telegram",
        )  # fmt: skip
    assert IN_DECOY not in (await of_referral(database, referral_id)).reasons


async def test_nothing_is_moved_into_a_chat_with_an_open_report_of_its_own(
    database: Database, refer: Refer
) -> None:
    first, second = await refer(DAO), await refer("fah")
    target = await of_referral(database, second)
    async with database.unit_of_work() as session:
        assert not await move_report(
            session, first, contact_id=target.contact_id, identity_id=target.identity_id, channel="line"
        )
    assert (await of_referral(database, first)).identity_id != target.identity_id


async def test_what_was_erased_from_elsewhere_in_this_very_moment_is_neither_changed_nor_moved(
    database: Database, keys: DataKeys, refer: Refer, other: Phone
) -> None:
    referral_id = await refer(DAO)
    before = await of_referral(database, referral_id)
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
    async with database.unit_of_work() as session:
        await change_agency(session, referral_id, "police", granted=True, wording="w1")
        await change_contact_rule(
            session, referral_id, may_write_first=True, from_minute=None, until_minute=None
        )
        assert not await move_report(
            session, referral_id, contact_id=other.person.contact_id, identity_id=other.person.identity_id,
            channel="telegram",
        )  # fmt: skip
    assert (await of_referral(database, referral_id)).contact_id == before.contact_id
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(AgencyConsent))).all() == []
        assert (await session.scalars(sa.select(ContactRule))).all() == []
