from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.consent import Consent, ConsentEvent, record_consent
from core.contacts.erasure import (
    FAREWELL_WITHIN,
    ask_to_be_forgotten,
    due_wishes,
    farewell_is_over,
    forget_contact,
    proof_of,
    standing_request,
    take_wish_back,
)
from core.contacts.holds import hold_broadcasts
from core.contacts.models import BroadcastHold, ChannelIdentity, Contact, ContactRule, ErasureRequest
from core.contacts.wishes import set_contact_rule
from core.crypto.data_keys import DataKey, DataKeys, Erasure
from core.db.database import Database
from core.errors import KeyDestroyedError
from core.messages.content import Content, Text
from core.messages.models import Message
from core.messages.queue import queue
from tests.conftest import MovableClock
from tests.support.cast import Person, make_person


@pytest.fixture
async def dao(database: Database, keys: DataKeys) -> Person:
    async with database.unit_of_work() as session:
        return await make_person(session, keys, name="ดาว")


async def write_to(database: Database, keys: DataKeys, person: Person, state: str) -> None:
    async with database.unit_of_work() as session:
        content = Content((Text("คำตอบของเรา"),), notice="n")
        message_id = await queue(
            session, keys, identity_id=person.identity_id, content=content, kind="answer", lane="reply"
        )
        message = await session.get_one(Message, message_id)
        message.state, message.finished_at = state, None if state == "pending" else utc_now()


async def test_a_wish_stands_once_until_it_is_taken_back(
    database: Database, dao: Person, standing_clock: MovableClock
) -> None:
    due = standing_clock() + timedelta(hours=72)
    async with database.unit_of_work() as session:
        assert await ask_to_be_forgotten(session, dao.contact_id, due) == due
        assert await ask_to_be_forgotten(session, dao.contact_id, standing_clock()) == due
        assert await due_wishes(session) == []
    standing_clock.advance(hours=72)
    async with database.unit_of_work() as session:
        assert len(await due_wishes(session)) == 1
        assert await take_wish_back(session, dao.contact_id)
        assert not await take_wish_back(session, dao.contact_id)
        assert await due_wishes(session) == []
        assert await standing_request(session, dao.contact_id) is None


async def test_once_the_last_message_is_written_nothing_is_taken_back(
    database: Database, dao: Person
) -> None:
    async with database.unit_of_work() as session:
        await ask_to_be_forgotten(session, dao.contact_id, utc_now())
        request = await standing_request(session, dao.contact_id)
        assert request is not None
        request.farewell_at = utc_now()
        await session.flush()
        assert not await take_wish_back(session, dao.contact_id)


@pytest.mark.parametrize(("state", "over"), [("pending", False), ("sent", True), ("failed", True)])
async def test_the_keys_wait_for_the_last_message_but_not_for_ever(
    database: Database,
    keys: DataKeys,
    dao: Person,
    standing_clock: MovableClock,
    state: str,
    over: bool,  # noqa: FBT001
) -> None:
    await write_to(database, keys, dao, state)
    async with database.unit_of_work() as session:
        await ask_to_be_forgotten(session, dao.contact_id, utc_now())
        request = await standing_request(session, dao.contact_id)
        assert request is not None
        request.farewell_at = utc_now()
        request.farewell_id = (await session.scalars(sa.select(Message.id))).one()
        assert await farewell_is_over(session, request) is over
        standing_clock.advance(seconds=FAREWELL_WITHIN.total_seconds() + 1)
        assert await farewell_is_over(session, request)


async def test_what_is_left_of_a_forgotten_person_names_nobody(
    database: Database, keys: DataKeys, dao: Person
) -> None:
    for state in ("pending", "sent"):
        await write_to(database, keys, dao, state)
    async with database.unit_of_work() as session:
        await record_consent(session, dao.contact_id, "campaigns", granted=True, wording="w", source="button")
        await set_contact_rule(session, dao.contact_id, may_write_first=True)
        await hold_broadcasts(session, dao.contact_id)
        contact = await session.get_one(Contact, dao.contact_id)
        contact.language, contact.minor = "en", True
    # A second time is the same as once.
    for _ in range(2):
        async with database.unit_of_work() as session:
            await forget_contact(session, dao.contact_id)
    async with database.unit_of_work() as session:
        for table in (Consent, ConsentEvent, ContactRule, BroadcastHold):
            assert (await session.scalars(sa.select(table))).all() == []
        contact = await session.get_one(Contact, dao.contact_id)
        assert (contact.language, contact.minor, contact.erased_at is not None) == ("th", False, True)
        identity = await session.get_one(ChannelIdentity, dao.identity_id)
        assert identity.address.sealed == b""
        assert identity.address_key != keys.keyset.index("line-address", dao.address)
        states = {(m.state, m.reason, m.content) for m in await session.scalars(sa.select(Message))}
        assert states == {("skipped", "erased", None), ("sent", None, None)}
        with pytest.raises(KeyDestroyedError):
            await keys.load(session, contact.data_key_id)
        assert (await session.scalars(sa.select(Erasure.data_key_id))).all() == [contact.data_key_id]


async def test_somebody_else_is_left_alone(database: Database, keys: DataKeys, dao: Person) -> None:
    async with database.unit_of_work() as session:
        ek = await make_person(session, keys, name="เอก")
        await record_consent(session, ek.contact_id, "campaigns", granted=True, wording="w", source="button")
    await write_to(database, keys, ek, "sent")
    async with database.unit_of_work() as session:
        await forget_contact(session, dao.contact_id)
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(Consent.contact_id))).all() == [ek.contact_id]
        assert (await session.scalars(sa.select(Message))).one().content is not None
        living = await session.scalars(sa.select(DataKey.id).where(DataKey.wrapped.is_not(None)))
        assert (await session.get_one(Contact, ek.contact_id)).data_key_id in living.all()


async def test_the_proof_is_found_again_by_anybody_who_has_it(database: Database, dao: Person) -> None:
    async with database.unit_of_work() as session:
        await ask_to_be_forgotten(session, dao.contact_id, utc_now())
        request = (await session.scalars(sa.select(ErasureRequest))).one()
        tail = proof_of(request.id).replace("-", "").lower()
        assert len(tail) == 16
        found = sa.text("SELECT id FROM erasure_request WHERE replace(id::text, '-', '') LIKE '%' || :tail")
        assert await session.scalar(found, {"tail": tail}) == request.id
