"""Many rows at once are links of the same chains as rows written one by one. Guards 12."""

import asyncio
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from core.audit.chain import AuditEvent, record_audit
from core.audit.heads import heads_path, sign_heads, verify_audit
from core.audit.several import record_each
from core.crypto.keyset import Keyset
from core.db.database import Database
from core.ids import new_id
from tests.support.undone import undone

READER = new_id()


async def _read(database: Database, ids: list[UUID]) -> None:
    async with database.unit_of_work() as session:
        await record_each(
            session, actor_id=READER, action="referral.last_words", object_kind="referral", object_ids=ids
        )


async def _problems(database: Database, keyset: Keyset, path: Path) -> list[str]:
    async with database.unit_of_work() as session:
        return [line async for line in verify_audit(session, keyset, path)]


async def test_many_who_read_much_at_once_wait_for_nobody_in_vain_and_every_row_is_a_link(
    database: Database, keyset: Keyset, tmp_path: Path
) -> None:
    path = heads_path(tmp_path)
    lists = [[new_id() for _ in range(size)] for size in (1, 30, 0, 30, 2, 30)]

    async def read_one() -> None:
        async with database.unit_of_work() as session:
            await record_audit(session, actor_id=READER, action="queue.read", object_kind="queue")

    await asyncio.gather(*(_read(database, ids) for ids in lists), *(read_one() for _ in range(4)))
    async with database.unit_of_work() as session:
        await sign_heads(session, keyset, path)
    async with undone(database) as session:
        await record_each(
            session, actor_id=READER, action="x", object_kind="referral", object_ids=[new_id(), new_id()]
        )
    for ids in lists:
        await _read(database, ids)
    # Signed once more: a row that ends its stream is missed only where a later head names it.
    async with database.unit_of_work() as session:
        await sign_heads(session, keyset, path)
    assert await _problems(database, keyset, path) == []
    async with database.unit_of_work() as session:
        rows = list(
            await session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "referral.last_words"))
        )
        assert sorted(row.object_id for row in rows if row.object_id) == sorted(
            2 * [one for ids in lists for one in ids]
        )
        assert {(row.actor_id, row.object_kind, row.outcome) for row in rows} == {(READER, "referral", "ok")}
        cut = rows[len(rows) // 2]
        await session.delete(cut)
    assert await _problems(database, keyset, path) != []
