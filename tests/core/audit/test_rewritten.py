"""Whoever rewrites a chain and waits for the next signature is found out all the same. Guards 12."""

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from core.audit.chain import STREAMS, AuditEvent, AuditHead, chained_hash
from core.audit.heads import heads_path
from core.crypto.keyset import Keyset
from core.db.database import Database
from tests.core.audit.test_chain import problems, record, sign


async def rewrite(database: Database) -> None:
    """Give every row to another actor and chain it all anew, as only somebody with the whole database can."""
    async with database.unit_of_work() as session:
        for stream in range(STREAMS):
            previous = b"\0" * 32
            rows = await session.scalars(
                sa.select(AuditEvent).where(AuditEvent.stream == stream).order_by(AuditEvent.number)
            )
            for event in rows.all():
                event.actor_id, event.previous = UUID(int=1), previous
                event.hash = previous = chained_hash(event)
            await session.execute(
                sa.update(AuditHead).where(AuditHead.stream == stream).values(hash=previous)
            )


async def test_a_chain_rewritten_between_two_signatures_shows(
    database: Database, keyset: Keyset, tmp_path: Path
) -> None:
    path = heads_path(tmp_path)
    await record(database, 20)
    await sign(database, keyset, path)
    await rewrite(database)
    await record(database, 20)
    await sign(database, keyset, path)
    assert await problems(database, keyset, path) != []


async def test_a_tail_cut_between_two_signatures_shows(
    database: Database, keyset: Keyset, tmp_path: Path
) -> None:
    path = heads_path(tmp_path)
    await record(database, 40)
    await sign(database, keyset, path)
    async with database.unit_of_work() as session:
        await session.execute(sa.text("DELETE FROM audit_event WHERE number > 1"))
        await session.execute(
            sa.text(
                "UPDATE audit_head h SET number = 1, hash = e.hash FROM audit_event e"
                " WHERE e.stream = h.stream AND e.number = 1"
            )
        )
    await sign(database, keyset, path)
    assert any("cut off" in line for line in await problems(database, keyset, path))


async def test_a_line_that_is_no_line_is_named(database: Database, keyset: Keyset, tmp_path: Path) -> None:
    path = heads_path(tmp_path)
    await record(database, 3)
    await sign(database, keyset, path)
    with path.open("ab") as file:
        file.write(b'{"torn":')
    assert "line 2" in (await problems(database, keyset, path))[0]
