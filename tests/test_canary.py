"""After whole conversations nothing that a person said or is called can be read by raw SQL, nor in any log.

Guards 11, 18: the words, the names, phone numbers, platform ids and reply tokens are looked for in every column of
every table, as they are, as hex and as base64, and in what the processes printed.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import asyncpg
import pytest
import sqlalchemy as sa

from app.models import METADATA
from core.crypto.boxed import Sealed
from core.crypto.data_keys import DataKeys, destroy_data_key, rewrap_keys
from core.crypto.keyset import new_keyset, rotated, without_key
from core.crypto.sealing import context, open_sealed
from core.db.database import Database
from core.errors import CryptoError, KeyDestroyedError
from core.messages.content import Content, Text
from core.messages.queue import queue
from simulator.phone import Person
from tests.support.postgres import TestCluster
from tests.support.stand import Stand

OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 ทักไลน์ @canaryboss โทร 0891234567"
PLEA = "ช่วยด้วย โดนขังอยู่ในตึกสีฟ้า เขายึดพาสปอร์ตไว้"
CALL = "ขอคุยกับเจ้าหน้าที่"
ADDRESS = "พักอยู่ที่คอนโดนกขมิ้น ห้อง 1905 ชื่อจริงสุดารัตน์"
STAFF = "เจ้าหน้าที่อนงค์ติดต่อกลับเรื่องคอนโด"
# Long enough not to turn up in noise; each as a person would look for it.
WORDS = ("แอดมินตอบแชท", "canaryboss", "0891234567", "ตึกสีฟ้า", "นกขมิ้น", "สุดารัตน์", "เจ้าหน้าที่อนงค์",
         "ดาวเรือง", "เอกราช")  # fmt: skip


class Talked(NamedTuple):
    """What is left when two people have talked to us and staff have answered."""

    database: Database
    keys: DataKeys
    secrets: dict[str, str]
    printed: str


@pytest.fixture(scope="module")
async def talked(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talked]:
    """Real processes, so that what they print is looked at too."""
    address = await cluster.copy()
    stand = Stand(tmp_path_factory.mktemp("canary"), address)
    await stand.start()
    database, keys = Database(address), DataKeys(stand.keyset)
    try:
        people = [
            await stand.simulator.create_person("line", "ดาวเรือง"),
            await stand.simulator.create_person("telegram", "เอกราช"),
        ]
        for person in people:
            await converse(stand, database, keys, person)
        tokens = [d.reply_token for d in (await stand.simulator.record()).deliveries if d.reply_token]
        secrets = {word: word for word in WORDS} | {p.id: p.id for p in people} | {t: t for t in tokens}
        assert len(tokens) > 2
    finally:
        await stand.stop()
    printed = "".join(p.read_text(errors="replace") for p in stand.folder.glob("*.err")) + "".join(
        p.read_text(errors="replace") for p in stand.folder.glob("w*.out")
    )
    yield Talked(database, keys, secrets, printed)
    await database.close()
    await cluster.drop(address)


async def converse(stand: Stand, database: Database, keys: DataKeys, person: Person) -> None:
    for text in (OFFER, PLEA, CALL, ADDRESS):
        assert (await stand.simulator.say(person.id, text)).status == 200
        await answered(database)
    async with database.unit_of_work() as session:
        identity = await session.scalar(
            sa.text("SELECT id FROM channel_identity WHERE channel = :c"), {"c": person.platform}
        )
        await queue(
            session, keys, identity_id=identity, content=Content((Text(STAFF),)), kind="staff", lane="hotline"
        )
    await answered(database)
    assert any(STAFF in (item.text or "") for item in (await stand.simulator.timeline(person.id)).items)


async def answered(database: Database) -> None:
    """Wait until everything is handled and sent."""
    async with asyncio.timeout(20):
        while True:
            async with database.unit_of_work() as session:
                left = await session.scalar(
                    sa.text(
                        "SELECT (SELECT count(*) FROM inbound_event WHERE handled_at IS NULL)"
                        " + (SELECT count(*) FROM message WHERE state IN ('pending', 'sending'))"
                    )
                )
            if left == 0:
                return
            await asyncio.sleep(0.05)


def disguises(secret: str) -> Iterator[bytes]:
    """The secret as it is, escaped, as hex, and as base64 at each of its three alignments."""
    for raw in {secret.encode(), secret.encode("utf-16-le"), secret.encode("ascii", "backslashreplace")}:
        yield raw
        yield raw.hex().encode()
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + raw)
            # The first and the last group also hold bits of the neighbours.
            yield whole[4 if shift else 0 : -4]


async def every_value(database: Database) -> AsyncIterator[tuple[str, bytes]]:
    """(table.column, value as text and as its raw bytes) of every row of every table, ours and the job engine's."""
    connection = await asyncpg.connect(database.asyncpg_address)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in [tuple(row.values()) for row in tables]:
            for row in await connection.fetch(f'SELECT * FROM "{table}"'):
                for column, value in row.items():
                    yield f"{table}.{column}", value if isinstance(value, bytes) else str(value).encode()
    finally:
        await connection.close()


async def test_no_column_of_any_table_holds_what_was_said_or_who_said_it(talked: Talked) -> None:
    needles = [(name, form) for name in talked.secrets for form in disguises(name) if len(form) >= 8]
    looked_at, found = set(), set()
    async for place, value in every_value(talked.database):
        looked_at.add(place.partition(".")[0])
        found |= {(place, name) for name, form in needles if form in value}
    assert found == set()
    assert {
        "message",
        "inbound_event",
        "referral_entry",
        "channel_identity",
        "screening",
        "pgqueuer_log",
    } <= looked_at


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"xyz"])
def test_the_search_finds_a_leak_in_any_of_its_disguises(before: bytes) -> None:
    whole = before + "ชื่อจริงสุดารัตน์ ค่ะ".encode()
    for leak in (whole, whole.hex().encode(), base64.b64encode(whole), repr(whole.decode()).encode()):
        assert any(form in leak for form in disguises("สุดารัตน์"))
    assert not any(form in base64.b64encode(b"another name, and long enough") for form in disguises("สุดารัตน์"))


async def test_no_process_printed_what_was_said_or_who_said_it(talked: Talked) -> None:
    printed = talked.printed.encode()
    assert [name for name in talked.secrets for form in disguises(name) if form in printed] == []


async def test_a_conversation_left_something_in_every_sealed_column_that_it_should(talked: Talked) -> None:
    """Or the test above would have looked at nothing."""
    counts = {}
    async with talked.database.unit_of_work() as session:
        for table, column in sealed_columns():
            counts[f"{table}.{column}"] = await session.scalar(
                sa.text(f"SELECT count({column}) FROM {table}")
            )
    assert {name for name, count in counts.items() if count} >= {
        "message.content", "conversation.state", "inbound_event.body", "channel_identity.address", "referral_entry.body",
    }  # fmt: skip


def sealed_columns() -> list[tuple[str, str]]:
    return [(t.name, c.name) for t in METADATA.sorted_tables for c in t.columns if isinstance(c.type, Sealed)]


async def test_sealed_sizes_fall_into_buckets(talked: Talked) -> None:
    allowed = {n + 29 for n in (64, 128, 256, *range(512, 4_097, 512), *range(8_192, 65_537, 4_096))}
    async with talked.database.unit_of_work() as session:
        for table, column in sealed_columns():
            sizes = await session.scalars(
                sa.text(f"SELECT DISTINCT octet_length({column}) FROM {table} WHERE {column} IS NOT NULL")
            )
            assert set(sizes.all()) <= allowed, f"{table}.{column}"


KEYS_OF = {
    "message.content": "SELECT m.id, m.content, k.id, k.wrapped FROM message m JOIN channel_identity i ON"
    " i.id = m.identity_id JOIN contact c ON c.id = i.contact_id JOIN data_key k ON k.id = c.data_key_id"
    " WHERE m.content IS NOT NULL ORDER BY m.identity_id, m.id",
    "channel_identity.address": "SELECT i.id, i.address, k.id, k.wrapped FROM channel_identity i JOIN contact c ON"
    " c.id = i.contact_id JOIN data_key k ON k.id = c.data_key_id ORDER BY i.id",
    "conversation.state": "SELECT v.id, v.state, k.id, k.wrapped FROM conversation v JOIN channel_identity i ON"
    " i.id = v.identity_id JOIN contact c ON c.id = i.contact_id JOIN data_key k ON k.id = c.data_key_id ORDER BY v.id",
    "inbound_event.body": "SELECT e.id, e.body, k.id, k.wrapped FROM inbound_event e JOIN data_key k ON"
    " k.id = e.body_key_id WHERE e.body IS NOT NULL ORDER BY e.id",
    "referral_entry.body": "SELECT e.id, e.body, k.id, k.wrapped FROM referral_entry e JOIN referral r ON"
    " r.id = e.referral_id JOIN data_key k ON k.id = r.data_key_id WHERE e.body IS NOT NULL ORDER BY e.referral_id, e.id",
}  # fmt: skip


async def sealed_rows(database: Database, place: str) -> list[Any]:
    async with database.unit_of_work() as session:
        return list((await session.execute(sa.text(KEYS_OF[place]))).all())


@pytest.mark.parametrize("place", KEYS_OF)
async def test_a_ciphertext_moved_to_another_row_fails_also_under_the_same_key(
    talked: Talked, place: str
) -> None:
    table, column = place.split(".")
    rows = await sealed_rows(talked.database, place)
    assert len(rows) >= 2
    for here, there in pairwise(rows):
        key = talked.keys.open(here[2], bytes(here[3]))
        assert open_sealed(key, bytes(here[1]), context(table, column, here[0]))
        with pytest.raises(CryptoError):
            open_sealed(key, bytes(there[1]), context(table, column, here[0]))
        with pytest.raises(CryptoError):
            open_sealed(key, bytes(here[1]), context(table, column, there[0]))


async def test_rotation_keeps_every_ciphertext_readable_and_needs_the_old_key_no_more(talked: Talked) -> None:
    new = rotated(talked.keys.keyset)
    async with talked.database.unit_of_work() as session:
        while await rewrap_keys(session, new):
            await session.flush()
    only_new = DataKeys(without_key(new, talked.keys.keyset.primary))
    for place in KEYS_OF:
        table, column = place.split(".")
        for row_id, sealed, key_id, wrapped in await sealed_rows(talked.database, place):
            key = only_new.open(key_id, bytes(wrapped))
            assert open_sealed(key, bytes(sealed), context(table, column, row_id))
            with pytest.raises(CryptoError):
                DataKeys(new_keyset()).open(key_id, bytes(wrapped))
    # The last test reads with the set that reads now.
    talked.keys.keyset = new


async def test_of_an_erased_person_nothing_opens_and_of_the_other_everything(talked: Talked) -> None:
    async with talked.database.unit_of_work() as session:
        (erased, kept) = (
            await session.execute(sa.text("SELECT id, data_key_id FROM contact ORDER BY id"))
        ).all()
        await destroy_data_key(session, erased.data_key_id)
    for place in ("message.content", "channel_identity.address", "conversation.state"):
        table, column = place.split(".")
        rows = await sealed_rows(talked.database, place)
        gone = [row for row in rows if row[2] == erased.data_key_id]
        assert gone
        for row in gone:
            with pytest.raises(KeyDestroyedError):
                talked.keys.open(row[2], row[3])
        for row in rows:
            if row[2] == kept.data_key_id:
                assert open_sealed(
                    talked.keys.open(row[2], bytes(row[3])), bytes(row[1]), context(table, column, row[0])
                )


def test_the_places_checked_by_hand_are_all_sealed_places_there_are_in_a_conversation() -> None:
    assert set(KEYS_OF) <= {f"{table}.{column}" for table, column in sealed_columns()}
    assert {f"{t}.{c}" for t, c in sealed_columns()} - set(KEYS_OF) <= {
        "message_batch.content", "account.totp_secret", "account.totp_pending",
        # Held by tests/screening: a person's text, a handle and an approved example, each bound to its row.
        "screening_text.text", "reported_handle.value", "wave_example.text",
        # Held by tests/referrals: each bound to its row, under the case's key.
        "report_answer.answer", "evidence.content", "referral.title", "referral.tags", "referral.closing_text",
        "referral_note.body", "referral_task.what", "referral_flag.message", "referral_flag.resolution",
        "packet_export.reason", "case_event.details", "case_event.note", "agency_referral.shared",
        "agency_referral.note", "agency_referral.override_reason", "agency_referral.identity_reason",
        "agency_referral.reason_note", "agency_referral.citizen_text", "agency_message.body", "agency_file.name",
        "agency_file.content", "packet_link.content",
        # Held by tests/referrals/referring: an agency's address and its secret, under the hook's own key.
        "agency_hook.address", "agency_hook.secret",
        # Held by tests/referrals/teams: each bound to its row, under the account's key.
        "staff_address.address", "address_proof.address",
        # Held by tests/campaigns/audience: how a person wants to be called, bound to their row.
        "contact_trait.name",
    }  # fmt: skip
