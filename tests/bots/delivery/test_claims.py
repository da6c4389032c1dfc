"""One claim for all who send, and a late outcome of a lost claim that changes nothing. Guards 3, 7, 9."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from bots.delivery import ledger as ledger_module
from bots.delivery.claims import Claimed, claim_abandoned, claim_pending
from bots.delivery.ledger import Begin, Finish, LedgerWriter
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.held import release_held
from core.messages.queue import queue
from tests.support.cast import Person, make_person


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[LedgerWriter]:
    writer = LedgerWriter(database)
    running = asyncio.create_task(writer.run())
    yield writer
    running.cancel()


async def someone(database: Database, keys: DataKeys, name: str) -> Person:
    async with database.unit_of_work() as session:
        return await make_person(session, keys, name=name)


async def write(
    database: Database,
    keys: DataKeys,
    to: Person,
    text: str = "สวัสดี",
    *,
    lane: Any = "hotline",
    kind: Any = "staff",
) -> UUID:
    async with database.unit_of_work() as session:
        return await queue(
            session, keys, identity_id=to.identity_id, content=Content((Text(text),)), kind=kind, lane=lane
        )


async def claim(
    database: Database, keys: DataKeys, limit: int = 10, *, abandoned: bool = False
) -> list[Claimed]:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        return await (claim_abandoned if abandoned else claim_pending)(connection, keys, "line", limit)


async def sql(database: Database, statement: str, *values: Any) -> list[Any]:
    async with database.unit_of_work() as session:
        return list(await (await driver_connection(session)).fetch(statement, *values))


async def state_of(database: Database, message_id: UUID) -> tuple[Any, ...]:
    rows = await sql(
        database, "SELECT state, reason, parts_done, tries FROM message WHERE id = $1", message_id
    )
    return tuple(rows[0].values())


def finish(one: Claimed, state: Any, *, tries: int | None = None, **more: Any) -> Finish:
    fields = {
        "attempt_id": None, "outcome": None, "status": None, "message_id": one.message_id,
        "identity_id": one.identity_id, "channel": "line", "mode": None,
        "tries": one.tries if tries is None else tries, "state": state, "reason": None, "parts_done": 1,
        "not_before": None,
    }  # fmt: skip
    return Finish(**fields | more)


async def test_a_claim_opens_what_deciding_needs(database: Database, keys: DataKeys) -> None:
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao, "ความลับ")
    (one,) = await claim(database, keys)
    assert one.out is not None
    assert (one.message_id, one.out.address, one.tries) == (message, dao.address, 1)
    assert one.out.envelope.content.bubbles == (Text("ความลับ"),)
    assert "ความลับ" not in repr(one.out) + repr(one)
    assert dao.address not in repr(one.out)
    assert (await state_of(database, message))[0] == "sending"


async def test_what_is_claimed_is_claimed_by_nobody_else(database: Database, keys: DataKeys) -> None:
    dao, ek = await someone(database, keys, "ดาว"), await someone(database, keys, "เอก")
    for person in (dao, ek):
        await write(database, keys, person)
    found = await asyncio.gather(*(claim(database, keys, 1) for _ in range(4)))
    ids = [one.message_id for claimed in found for one in claimed]
    assert len(ids) == len(set(ids)) == 2


async def test_one_persons_rows_are_claimed_one_after_the_other(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    written = [await write(database, keys, dao, str(n)) for n in range(3)]
    for expected in written:
        (one,) = await claim(database, keys)
        assert one.message_id == expected
        assert await claim(database, keys) == []
        await ledger.write(finish(one, "sent"))


async def test_replies_go_before_staff_and_staff_before_the_rest(database: Database, keys: DataKeys) -> None:
    expected = []
    for lane in ("bulk", "hotline", "reply"):
        person = await someone(database, keys, lane)
        expected.insert(0, await write(database, keys, person, lane=lane))
    assert [one.message_id for one in await claim(database, keys, 2)] == expected[:2]
    assert [one.message_id for one in await claim(database, keys)] == expected[2:]


async def test_what_is_not_due_yet_or_held_is_left(database: Database, keys: DataKeys) -> None:
    dao = await someone(database, keys, "ดาว")
    first = await write(database, keys, dao)
    await sql(database, "UPDATE message SET not_before = now() + interval '1 h' WHERE id = $1", first)
    later = await write(database, keys, dao)
    assert await claim(database, keys) == []
    await sql(database, "UPDATE message SET reason = 'held', not_before = NULL WHERE id = $1", first)
    assert [one.message_id for one in await claim(database, keys)] == [later]


async def test_held_messages_go_when_their_person_wrote_and_only_theirs(
    database: Database, keys: DataKeys
) -> None:
    dao, ek = await someone(database, keys, "ดาว"), await someone(database, keys, "เอก")
    hers, his = await write(database, keys, dao), await write(database, keys, ek)
    await sql(database, "UPDATE message SET reason = 'held'")
    async with database.unit_of_work() as session:
        assert await release_held(await driver_connection(session), [dao.identity_id]) == [hers]
    assert [one.message_id for one in await claim(database, keys)] == [hers]
    assert (await state_of(database, his))[:2] == ("pending", "held")


async def expire(database: Database) -> None:
    await sql(database, "UPDATE message SET claimed_until = now() - interval '1 s' WHERE state = 'sending'")


async def test_a_late_outcome_of_a_claim_that_was_taken_over_changes_nothing(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao)
    (lost,) = await claim(database, keys)
    assert await claim(database, keys, abandoned=True) == []
    await expire(database)
    (mine,) = await claim(database, keys, abandoned=True)
    assert (mine.message_id, mine.tries) == (message, 2)
    await ledger.write(finish(lost, "failed", reason="refused"))
    assert await state_of(database, message) == ("sending", None, 0, 2)
    await ledger.write(finish(mine, "sent"))
    assert await state_of(database, message) == ("sent", None, 1, 2)
    await ledger.write(finish(mine, "failed", reason="refused"))
    assert await state_of(database, message) == ("sent", None, 1, 2)


async def test_who_takes_a_claim_over_learns_of_the_attempts_before(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao)
    (one,) = await claim(database, keys)
    key = new_id()
    await ledger.write(Begin(new_id(), message, 0, "push", key, may_be_double=False, tries=one.tries))
    await ledger.write(Begin(new_id(), message, 1, "push", new_id(), may_be_double=True, tries=one.tries))
    await expire(database)
    (mine,) = await claim(database, keys, abandoned=True)
    assert [(a.mode, a.outcome, a.retry_key) for a in mine.attempts] == [("push", None, key)]
    assert mine.out is not None
    assert mine.out.may_be_double is True


async def test_no_attempt_is_begun_under_a_claim_that_was_lost(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao)
    (lost,) = await claim(database, keys)
    await expire(database)
    (mine,) = await claim(database, keys, abandoned=True)
    late = Begin(new_id(), message, 0, "push", new_id(), may_be_double=True, tries=lost.tries)
    assert await ledger.write(late) is None
    held = await ledger.write(late._replace(attempt_id=new_id(), may_be_double=False, tries=mine.tries))
    assert held is not None
    rows = await sql(database, "SELECT may_be_double FROM message WHERE claimed_until > now()")
    assert [row["may_be_double"] for row in rows] == [False]


async def test_an_entry_that_the_database_refuses_holds_up_no_neighbour(
    database: Database, keys: DataKeys, ledger: LedgerWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "_RETRY_SECONDS", 0.01)
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao)
    (one,) = await claim(database, keys)
    refused, fine = await asyncio.gather(
        ledger.write(finish(one, "no such state")), ledger.write(finish(one, "sent")), return_exceptions=True
    )
    assert isinstance(refused, Exception)
    assert fine is None
    assert (await state_of(database, message))[0] == "sent"


async def test_an_attempt_is_a_row_before_its_outcome_and_keeps_it(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao)
    (one,) = await claim(database, keys)
    attempt = new_id()
    await ledger.write(Begin(attempt, message, 0, "push", new_id(), may_be_double=False, tries=one.tries))
    query = "SELECT mode, outcome, status, finished_at IS NULL AS open FROM message_attempt"
    assert [tuple(r.values()) for r in await sql(database, query)] == [("push", None, None, True)]
    await ledger.write(finish(one, "sent", attempt_id=attempt, outcome="sent", status=200, mode="push"))
    assert [tuple(r.values()) for r in await sql(database, query)] == [("push", "sent", 200, False)]


async def test_somebody_who_blocked_us_is_noted_with_the_outcome(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    await write(database, keys, dao)
    (one,) = await claim(database, keys)
    await ledger.write(finish(one, "failed", outcome="blocked", reason="blocked"))
    await write(database, keys, dao)
    (next_one,) = await claim(database, keys)
    assert next_one.blocked is True


async def test_while_the_database_is_away_an_outcome_waits_and_is_not_lost(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    dao = await someone(database, keys, "ดาว")
    message = await write(database, keys, dao)
    (one,) = await claim(database, keys)
    await sql(database, "ALTER TABLE message RENAME TO message_away")
    writing = asyncio.create_task(ledger.write(finish(one, "sent")))
    await asyncio.sleep(0.2)
    assert not writing.done()
    await sql(database, "ALTER TABLE message_away RENAME TO message")
    await asyncio.wait_for(writing, 5)
    assert (await state_of(database, message))[0] == "sent"


async def test_many_outcomes_at_once_are_all_written(
    database: Database, keys: DataKeys, ledger: LedgerWriter
) -> None:
    people = [await someone(database, keys, f"คน {n}") for n in range(12)]
    for person in people:
        await write(database, keys, person)
    claimed = await claim(database, keys, 50)
    await asyncio.gather(*(ledger.write(finish(one, "sent")) for one in claimed))
    rows = await sql(database, "SELECT state, count(*) AS n FROM message GROUP BY state")
    assert [tuple(r.values()) for r in rows] == [("sent", 12)]
