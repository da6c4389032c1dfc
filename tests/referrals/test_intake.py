import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.contacts.models import BroadcastHold, ChannelIdentity
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.db.database import Database
from core.ids import new_id
from referrals.intake import append_citizen_words, cancel_referral, open_referral, take_back_words
from referrals.models import Referral, ReferralEntry
from tests.support.cast import Person, make_person


@pytest.fixture
async def dao(database: Database, keys: DataKeys) -> Person:
    async with database.unit_of_work() as session:
        return await make_person(session, keys, name="Dao")


async def _open(
    database: Database, keys: DataKeys, dao: Person, priority: str = "P2", receipt: str = "1"
) -> UUID:
    async with database.unit_of_work() as session:
        return await open_referral(
            session, keys, contact_id=dao.contact_id, identity_id=dao.identity_id, channel="line", source="crisis",
            priority=priority, kinds=("detention",), reasons=("crisis_words",), receipt=receipt,  # type: ignore[arg-type]
        )  # fmt: skip


async def test_it_opens_one_referral_and_holds_broadcasts(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    referral_id = await _open(database, keys, dao)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        assert (referral.state, referral.priority, referral.kinds) == ("open", "P2", ["detention"])
        assert await session.scalar(sa.select(BroadcastHold.contact_id)) == dao.contact_id


async def test_it_raises_the_open_referral_instead_of_opening_a_second(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    first = await _open(database, keys, dao, "P2", "1")
    assert await _open(database, keys, dao, "P0", "2") == first
    assert await _open(database, keys, dao, "P3", "3") == first
    async with database.unit_of_work() as session:
        assert (await session.get_one(Referral, first)).priority == "P0"


async def test_of_two_reasons_that_exclude_each_other_the_later_stands(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    referral_id = await _open(database, keys, dao, "P0")
    for said in ("can_talk", "cannot_talk"):
        async with database.unit_of_work() as session:
            await open_referral(
                session, keys, contact_id=dao.contact_id, identity_id=dao.identity_id, channel="line",
                source="crisis", priority="P0", kinds=(), reasons=(said,), receipt="2",
            )  # fmt: skip
        async with database.unit_of_work() as session:
            referral = await session.get_one(Referral, referral_id)
            assert (referral.reasons, referral.kinds) == (sorted(["crisis_words", said]), ["detention"])


async def test_it_keeps_words_sealed_under_the_case_and_adds_a_replay_once(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    referral_id, event_id = await _open(database, keys, dao), new_id()
    for _ in range(2):
        async with database.unit_of_work() as session:
            await append_citizen_words(
                session, keys, identity_id=dao.identity_id, words=[(event_id, "ช่วยด้วย")]
            )
    async with database.unit_of_work() as session:
        entry = (await session.scalars(sa.select(ReferralEntry))).one()
        referral = await session.get_one(Referral, referral_id)
        key = await keys.load(session, referral.data_key_id)
        assert entry.body is not None
        assert entry.body.open(key, context("referral_entry", "body", entry.id)).decode() == "ช่วยด้วย"


async def test_it_forgets_words_that_were_taken_back(database: Database, keys: DataKeys, dao: Person) -> None:
    await _open(database, keys, dao)
    event_id = new_id()
    async with database.unit_of_work() as session:
        await append_citizen_words(session, keys, identity_id=dao.identity_id, words=[(event_id, "ช่วยด้วย")])
        await take_back_words(session, [event_id])
    async with database.unit_of_work() as session:
        entry = (await session.scalars(sa.select(ReferralEntry))).one()
        assert entry.body is None
        assert entry.taken_back_at is not None


async def test_it_lets_the_person_cancel_but_keeps_the_trace(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    referral_id = await _open(database, keys, dao)
    async with database.unit_of_work() as session:
        await cancel_referral(session, dao.identity_id)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        assert (referral.state, referral.closed_as) == ("cancelled", "cancelled_by_person")


async def test_open_pages_are_told_that_words_were_taken_back(
    database: Database, keys: DataKeys, dao: Person, heard: asyncio.Queue[str]
) -> None:
    referral_id, event_id = await _open(database, keys, dao), new_id()
    async with database.unit_of_work() as session:
        await append_citizen_words(session, keys, identity_id=dao.identity_id, words=[(event_id, "ช่วยด้วย")])
    for _ in ("opened", "written"):
        await asyncio.wait_for(heard.get(), 5)
    async with database.unit_of_work() as session:
        await take_back_words(session, [event_id])
    assert await asyncio.wait_for(heard.get(), 5) == str(referral_id)


async def test_broadcasts_stay_held_while_the_same_person_waits_in_another_chat(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    async with database.unit_of_work() as session:
        other = await make_person(session, keys, name="Dao", channel="telegram")
        await session.execute(sa.update(ChannelIdentity).values(contact_id=dao.contact_id))
    for number, identity_id in enumerate((dao.identity_id, other.identity_id)):
        await _open(database, keys, dao._replace(identity_id=identity_id), "P2", str(number))
    for identity_id, held_for_good in ((dao.identity_id, True), (other.identity_id, False)):
        async with database.unit_of_work() as session:
            await cancel_referral(session, identity_id)
        async with database.unit_of_work() as session:
            hold = await session.get_one(BroadcastHold, dao.contact_id)
            assert (hold.until is None) is held_for_good
