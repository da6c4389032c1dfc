"""The audit chain shows every edit, deletion and cut tail. Guards 12."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.audit.chain import STREAMS, record_audit
from core.audit.heads import heads_path, sign_heads, verify_audit
from core.crypto.keyset import Keyset, new_keyset
from core.db.database import Database
from core.ids import new_id
from tests.support.undone import undone


async def record(database: Database, count: int = 1) -> None:
    for _ in range(count):
        async with database.unit_of_work() as session:
            await record_audit(
                session, actor_id=new_id(), action="referral.read", object_kind="referral", object_id=new_id()
            )


async def problems(database: Database, keyset: Keyset, path: Path) -> list[str]:
    async with database.unit_of_work() as session:
        return [line async for line in verify_audit(session, keyset, path)]


async def sql(database: Database, statement: str) -> Any:
    async with database.unit_of_work() as session:
        return await session.execute(sa.text(statement))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return heads_path(tmp_path)


async def sign(database: Database, keyset: Keyset, path: Path) -> None:
    async with database.unit_of_work() as session:
        await sign_heads(session, keyset, path)


async def test_an_untouched_chain_holds(database: Database, keyset: Keyset, path: Path) -> None:
    assert await problems(database, keyset, path) == []
    await record(database, 20)
    await sign(database, keyset, path)
    await record(database, 10)
    assert await problems(database, keyset, path) == []
    assert path.stat().st_mode & 0o777 == 0o600


LONGEST = "(SELECT stream FROM audit_head ORDER BY number DESC, stream LIMIT 1)"


@pytest.mark.parametrize(
    "change",
    [
        "action = 'referral.list'", "actor_id = NULL", "object_id = gen_random_uuid()", "outcome = 'refused'",
        "at = at + interval '1 microsecond'", "object_kind = 'account'", "previous = '\\x00'", "hash = '\\x00'",
    ],
)  # fmt: skip
async def test_every_edited_field_shows(database: Database, keyset: Keyset, path: Path, change: str) -> None:
    await record(database, 20)
    await sql(database, f"UPDATE audit_event SET {change} WHERE number = 1 AND stream = {LONGEST}")
    (line,) = await problems(database, keyset, path)
    assert "broken at row 1" in line


async def test_a_deleted_row_shows(database: Database, keyset: Keyset, path: Path) -> None:
    await record(database, 30)
    await sql(database, f"DELETE FROM audit_event WHERE number = 1 AND stream = {LONGEST}")
    assert len(await problems(database, keyset, path)) == 1


async def test_a_cut_tail_shows_against_the_signed_heads(
    database: Database, keyset: Keyset, path: Path
) -> None:
    await record(database, 30)
    await sign(database, keyset, path)
    await sql(
        database,
        f"DELETE FROM audit_event e USING audit_head h WHERE e.stream = h.stream AND e.number = h.number AND h.stream = {LONGEST}",
    )
    await sql(database, f"UPDATE audit_head SET number = number - 1 WHERE stream = {LONGEST}")
    (line,) = await problems(database, keyset, path)
    assert "cut off" in line


async def test_a_chain_written_anew_shows_against_the_signed_heads(
    database: Database, keyset: Keyset, path: Path
) -> None:
    await record(database, 30)
    await sign(database, keyset, path)
    await sql(database, "TRUNCATE audit_event, audit_head")
    await record(database, 60)
    assert len(await problems(database, keyset, path)) > 0


async def test_signed_heads_that_were_changed_or_signed_by_another_show(
    database: Database, keyset: Keyset, path: Path
) -> None:
    await record(database, 5)
    await sign(database, keyset, path)
    assert "line 1" in (await problems(database, new_keyset(), path))[0]
    path.write_bytes(path.read_bytes().replace(b'"heads":{"', b'"heads":{"9":[1,"00"],"'))
    assert "line 1" in (await problems(database, keyset, path))[0]


async def test_many_writers_at_once_keep_every_chain_whole(
    database: Database, keyset: Keyset, path: Path
) -> None:
    await asyncio.gather(*(record(database, 4) for _ in range(8)))
    assert await problems(database, keyset, path) == []
    rows = (await sql(database, "SELECT count(*), count(DISTINCT stream) FROM audit_event")).one()
    assert rows[0] == 32
    assert 1 < rows[1] <= STREAMS


async def test_transactions_of_several_rows_never_wait_for_each_other_in_vain(
    database: Database, keyset: Keyset, path: Path
) -> None:
    async def deed() -> None:
        async with database.unit_of_work() as session:
            for _ in range(6):
                await record_audit(session, actor_id=None, action="x", object_kind="y")

    await asyncio.gather(*(deed() for _ in range(8)))
    assert await problems(database, keyset, path) == []


async def test_what_was_rolled_back_leaves_no_gap(database: Database, keyset: Keyset, path: Path) -> None:
    for _ in range(6):
        async with undone(database) as session:
            await record_audit(session, actor_id=None, action="x", object_kind="y")
    await record(database, 6)
    assert await problems(database, keyset, path) == []
