"""Writing what shall be sent: rows sealed for their person, jobs in the same transaction, a tally that adds up.

Guards 3, 11.
"""

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys, destroy_data_key
from core.crypto.sealing import context
from core.db.database import Database
from core.errors import CryptoError, KeyDestroyedError, NotFoundError
from core.ids import new_id
from core.messages.content import Content, Envelope, Text, decode_envelope, encode_envelope
from core.messages.ledger import tally_batch
from core.messages.models import Message, MessageBatch, MessageChunk
from core.messages.queue import CHUNK, Recipient, queue, queue_batch
from tests.support.cast import Person, make_person
from tests.support.undone import undone

NEWS = Content((Text("ข่าวเตือนภัย"),))


async def people(database: Database, keys: DataKeys, count: int, channel: str = "line") -> list[Person]:
    async with database.unit_of_work() as session:
        return [await make_person(session, keys, name=f"{channel}{n}", channel=channel) for n in range(count)]


async def test_a_message_is_a_row_that_only_its_persons_key_opens_and_a_job(
    database: Database, keys: DataKeys
) -> None:
    dao, ek = await people(database, keys, 2)
    async with database.unit_of_work() as session:
        message_id = await queue(
            session, keys, identity_id=dao.identity_id, content=NEWS, kind="staff", lane="hotline"
        )
    async with database.unit_of_work() as session:
        row = (await session.scalars(sa.select(Message))).one()
        assert (row.id, row.state, row.channel, row.lane, row.kind) == (
            message_id,
            "pending",
            "line",
            "hotline",
            "staff",
        )
        pairs = (await session.execute(sa.text("SELECT id, data_key_id FROM contact"))).all()
        by_contact = {row.id: row.data_key_id for row in pairs}
        assert row.content is not None
        here = context("message", "content", message_id)
        hers = await keys.load(session, by_contact[dao.contact_id])
        assert decode_envelope(row.content.open(hers, here)).content == NEWS
        with pytest.raises(CryptoError):
            row.content.open(await keys.load(session, by_contact[ek.contact_id]), here)
        with pytest.raises(CryptoError):
            row.content.open(hers, context("message", "content", new_id()))
        assert await session.scalar(sa.text("SELECT payload FROM pgqueuer")) == f'["{message_id}"]'.encode()


async def test_nothing_is_written_for_nobody_or_for_the_erased(database: Database, keys: DataKeys) -> None:
    (dao,) = await people(database, keys, 1)
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await queue(session, keys, identity_id=new_id(), content=NEWS, kind="staff", lane="hotline")
    async with database.unit_of_work() as session:
        await destroy_data_key(session, await session.scalar(sa.text("SELECT data_key_id FROM contact")))
    with pytest.raises(KeyDestroyedError):
        async with database.unit_of_work() as session:
            await queue(
                session, keys, identity_id=dao.identity_id, content=NEWS, kind="staff", lane="hotline"
            )
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM message")) == 0


async def test_a_rolled_back_message_leaves_no_job(database: Database, keys: DataKeys) -> None:
    (dao,) = await people(database, keys, 1)
    async with undone(database) as session:
        await queue(session, keys, identity_id=dao.identity_id, content=NEWS, kind="staff", lane="hotline")
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM pgqueuer")) == 0


async def test_a_batch_is_sealed_once_a_row_a_person_a_chunk_a_call_and_one_job(
    database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHUNK, "line", 3)
    monkeypatch.setitem(CHUNK, "telegram", 2)
    everybody = await people(database, keys, 7) + await people(database, keys, 3, "telegram")
    async with database.unit_of_work() as session:
        batch_id = await queue_batch(
            session, keys, content=NEWS, recipients=[Recipient(p.identity_id, p.channel) for p in everybody]
        )
    async with database.unit_of_work() as session:
        batch = (await session.scalars(sa.select(MessageBatch))).one()
        key = await keys.load(session, batch.data_key_id)
        assert (
            decode_envelope(batch.content.open(key, context("message_batch", "content", batch_id))).content
            == NEWS
        )
        rows = (await session.scalars(sa.select(Message))).all()
        assert {r.identity_id for r in rows} == {p.identity_id for p in everybody}
        assert all(r.content is None and r.state == "pending" and r.lane == "bulk" for r in rows)
        sizes = await session.execute(
            sa.text("SELECT channel, count(*) FROM message GROUP BY channel, chunk_id")
        )
        assert sorted(map(tuple, sizes)) == [
            ("line", 1),
            ("line", 3),
            ("line", 3),
            ("telegram", 1),
            ("telegram", 2),
        ]
        chunks = (await session.scalars(sa.select(MessageChunk))).all()
        assert len({c.retry_key for c in chunks}) == len(chunks) == 5
        jobs = (await session.execute(sa.text("SELECT entrypoint FROM pgqueuer"))).scalars().all()
        assert jobs == ["deliver_batch"]


async def test_a_line_chunk_is_as_large_as_a_multicast_may_be() -> None:
    assert CHUNK["line"] == 500


async def test_a_batch_without_anybody_is_a_batch_of_none(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        batch_id = await queue_batch(session, keys, content=NEWS, recipients=[])
        tally = await tally_batch(session, batch_id)
    assert (tally.intended, tally.adds_up) == (0, True)


async def test_the_tally_adds_up_whatever_became_of_each(database: Database, keys: DataKeys) -> None:
    everybody = await people(database, keys, 7)
    async with database.unit_of_work() as session:
        batch_id = await queue_batch(
            session, keys, content=NEWS, recipients=[Recipient(p.identity_id, p.channel) for p in everybody]
        )
        states = ["sent", "resent", "failed", "skipped", "unknown", "sending", "pending"]
        for person, state in zip(everybody, states, strict=True):
            await session.execute(
                sa.text("UPDATE message SET state = :s WHERE identity_id = :i"),
                {"s": state, "i": person.identity_id},
            )
        tally = await tally_batch(session, batch_id)
    assert tally.adds_up
    assert (tally.pending, tally.done, tally.sent, tally.unknown) == (2, 5, 1, 1)


async def test_a_state_that_is_none_of_the_seven_is_refused_by_the_database(
    database: Database, keys: DataKeys
) -> None:
    (dao,) = await people(database, keys, 1)
    async with database.unit_of_work() as session:
        await queue(session, keys, identity_id=dao.identity_id, content=NEWS, kind="staff", lane="hotline")
    with pytest.raises(Exception, match="known_state"):
        async with database.unit_of_work() as session:
            await session.execute(sa.text("UPDATE message SET state = 'lost'"))


def test_an_envelope_is_read_back_as_it_was_written() -> None:
    envelope = Envelope(NEWS, "token")
    assert decode_envelope(encode_envelope(envelope)) == envelope
