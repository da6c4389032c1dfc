"""Every event stored once and durably before its webhook is answered. Guards 1, 2, 11."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import bots.inbox as inbox_module
from bots.channels.base import Arrival
from bots.inbox import TURNS_A_JOB, Inbox, safe_event_id
from bots.spool import Spool
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database
from core.errors import UnavailableError
from core.jobs.queue import unpack_ids
from tests.support.undone import undone


def arrival(number: int, **more: Any) -> Arrival:
    return Arrival("line", f"01E{number}", "U1", number, f"m{number}", b'{"n":1}')._replace(**more)


@pytest.fixture
def spool(tmp_path: Path, keys: DataKeys) -> Spool:
    return Spool(tmp_path / "spool", keys)


@pytest.fixture
async def inbox(database: Database, keys: DataKeys, spool: Spool) -> AsyncIterator[Inbox]:
    inbox = Inbox(database, keys, spool)
    running = asyncio.create_task(inbox.run())
    yield inbox
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def sql(database: Database, statement: str) -> list[Any]:
    async with database.unit_of_work() as session:
        result = await session.execute(sa.text(statement))
        return list(result.all()) if result.returns_rows else []


async def positions(database: Database) -> list[int]:
    return [row.position for row in await sql(database, "SELECT position FROM inbound_event ORDER BY id")]


async def test_many_requests_at_once_are_stored_with_few_commits_and_jobs(
    database: Database, inbox: Inbox
) -> None:
    before = (await sql(database, "SELECT pg_current_xact_id()::text::bigint AS n"))[0].n
    await asyncio.gather(*(inbox.store([arrival(n)]) for n in range(300)))
    after = (await sql(database, "SELECT pg_current_xact_id()::text::bigint AS n"))[0].n
    assert len(await positions(database)) == 300
    assert after - before < 60
    payloads = [unpack_ids(row.payload) for row in await sql(database, "SELECT payload FROM pgqueuer")]
    assert sum(len(ids) for ids in payloads) == 300
    assert all(len(ids) <= TURNS_A_JOB for ids in payloads)


async def test_a_repeated_event_is_stored_once_and_makes_no_second_job(
    database: Database, inbox: Inbox
) -> None:
    await inbox.store([arrival(1), arrival(1)])
    await asyncio.gather(*(inbox.store([arrival(1)]) for _ in range(5)))
    assert await positions(database) == [1]
    payloads = [unpack_ids(row.payload) for row in await sql(database, "SELECT payload FROM pgqueuer")]
    assert sum(len(ids) for ids in payloads) == 1


async def test_the_same_number_on_two_channels_is_two_events(database: Database, inbox: Inbox) -> None:
    await inbox.store([arrival(1), arrival(1, channel="telegram")])
    assert len(await positions(database)) == 2


async def test_a_stored_event_is_sealed_for_its_row_under_the_days_key(
    database: Database, inbox: Inbox, keys: DataKeys
) -> None:
    await inbox.store([arrival(1, body="ความลับ".encode())])
    (row,) = await sql(
        database, "SELECT e.*, k.wrapped, k.name FROM inbound_event e JOIN data_key k ON k.id = body_key_id"
    )
    assert row.name.startswith("inbox:")
    key = keys.open(row.body_key_id, bytes(row.wrapped))
    assert open_sealed(key, bytes(row.body), context("inbound_event", "body", row.id)) == "ความลับ".encode()
    assert bytes(row.address_key) == keys.keyset.index("line-address", "U1")
    assert b"U1" not in bytes(row.address_key)


async def test_events_of_nobody_and_without_words_are_over_when_noted(
    database: Database, inbox: Inbox
) -> None:
    await inbox.store([arrival(1, address=None), arrival(2, body=b"")])
    rows = await sql(database, "SELECT outcome, handled_at IS NULL AS open FROM inbound_event")
    assert [(row.outcome, row.open) for row in rows] == [("no_answer", False)] * 2
    assert await sql(database, "SELECT 1 FROM pgqueuer") == []


@contextlib.asynccontextmanager
async def held_up(database: Database, held: Arrival) -> AsyncIterator[None]:
    """Whoever stores this event waits until the end: another process has written it and not committed yet."""
    async with undone(database) as session:
        await session.execute(
            sa.text(
                "INSERT INTO inbound_event (id, channel, event_id, position, received_at)"
                " VALUES (gen_random_uuid(), :channel, :event_id, 0, now())"
            ),
            {"channel": held.channel, "event_id": held.event_id},
        )
        yield


async def crowd(inbox: Inbox) -> None:
    """So many others that they are written without waiting for the batch under way."""
    await asyncio.gather(*(inbox.store([arrival(1000 + n, address=f"U{n + 2}")]) for n in range(40)))


async def test_others_are_stored_while_a_batch_hangs_and_a_later_event_of_its_people_waits(
    database: Database, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So long that what hangs still hangs when a busy machine has stored the others.
    monkeypatch.setattr(inbox_module, "_DATABASE_SECONDS", 15.0)
    async with held_up(database, arrival(1)):
        first = asyncio.create_task(inbox.store([arrival(1)]))
        await asyncio.sleep(0.1)
        later = asyncio.create_task(inbox.store([arrival(2)]))
        await asyncio.wait_for(crowd(inbox), 10)
        assert len(await positions(database)) == 40
        assert not first.done()
        assert not later.done()
    await asyncio.gather(first, later)
    assert [n for n in await positions(database) if n < 1000] == [1, 2]


async def test_a_later_event_never_overtakes_one_that_went_to_the_spool(
    database: Database, inbox: Inbox, spool: Spool
) -> None:
    async with held_up(database, arrival(1)):
        first = asyncio.create_task(inbox.store([arrival(1)]))
        await asyncio.sleep(0.1)
        await crowd(inbox)
        later = asyncio.create_task(inbox.store([arrival(2)]))
        await asyncio.gather(first, later)
        batches = [batch async for batch in spool.batches()]
        assert [a.position for batch in batches for a in batch.arrivals] == [1, 2]
        assert len(await positions(database)) == 40
    async with asyncio.timeout(10):
        while not spool.is_empty():
            await asyncio.sleep(0.05)
    assert (await positions(database))[-2:] == [1, 2]


@pytest.mark.parametrize("event_id", ["01FZ74A0TDDPYRVKNK77XKC3ZR", "12345", "sha256:" + "0" * 40])
def test_an_ordinary_id_stays_as_it_is(event_id: str) -> None:
    assert safe_event_id(event_id) == event_id


@pytest.mark.parametrize("event_id", ["x" * 65, "ไทย", "a\0b", "a\nb", "\ud800"])
def test_an_id_that_looks_like_none_is_replaced_by_its_hash(event_id: str) -> None:
    safe = safe_event_id(event_id)
    assert safe.startswith("sha256:")
    assert safe == safe_event_id(event_id) != safe_event_id(event_id + "x")


async def away(database: Database) -> None:
    await sql(database, "ALTER TABLE inbound_event RENAME TO away")


async def back(database: Database) -> None:
    await sql(database, "ALTER TABLE away RENAME TO inbound_event")


async def test_while_the_database_refuses_events_wait_in_the_spool_and_come_in_in_order(
    database: Database, inbox: Inbox, spool: Spool
) -> None:
    await inbox.store([arrival(0)])
    await away(database)
    for number in range(1, 6):
        await inbox.store([arrival(number)])
    assert not spool.is_empty()
    await back(database)
    await inbox.store([arrival(6)])
    async with asyncio.timeout(10):
        while not spool.is_empty():
            await asyncio.sleep(0.05)
    assert await positions(database) == list(range(7))
    assert len(await sql(database, "SELECT 1 FROM pgqueuer")) >= 1


async def test_an_arrival_that_the_database_refuses_for_good_holds_up_no_neighbour(
    database: Database, inbox: Inbox, spool: Spool, tmp_path: Path
) -> None:
    impossible = arrival(2, position=2**63)
    await inbox.store([arrival(1), impossible, arrival(3)])
    async with asyncio.timeout(10):
        while not spool.is_empty():
            await asyncio.sleep(0.05)
    assert sorted(await positions(database)) == [1, 3]
    assert len(list((tmp_path / "spool").glob("*.refused"))) == 1


async def test_when_nothing_can_keep_it_the_webhook_is_refused_and_the_next_is_taken(
    database: Database, inbox: Inbox, tmp_path: Path
) -> None:
    await away(database)
    (tmp_path / "spool").rename(tmp_path / "gone")
    (tmp_path / "spool").write_text("")
    with pytest.raises(UnavailableError):
        await inbox.store([arrival(1)])
    (tmp_path / "spool").unlink()
    (tmp_path / "gone").rename(tmp_path / "spool")
    await back(database)
    await inbox.store([arrival(2)])
    assert await positions(database) == [2]


async def test_a_day_has_one_key_and_the_next_another(
    database: Database, inbox: Inbox, standing_clock: Any
) -> None:
    await inbox.store([arrival(1)])
    standing_clock.advance(hours=13)
    await inbox.store([arrival(2)])
    standing_clock.advance(hours=2)
    await inbox.store([arrival(3)])
    names = await sql(database, "SELECT name FROM data_key ORDER BY created_at")
    assert [row.name for row in names] == ["inbox:2026-11-23", "inbox:2026-11-24"]
