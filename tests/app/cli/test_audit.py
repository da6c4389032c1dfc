"""Walking the audit's chains."""

from sqlalchemy import text

from core.audit.chain import record_audit
from core.audit.heads import heads_path, sign_heads
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.cli.conftest import CommandLine


async def fill(rootan: CommandLine, database: Database, keys: DataKeys) -> None:
    for _ in range(20):
        async with database.unit_of_work() as session:
            await record_audit(session, actor_id=None, action="case.read", object_kind="referral")
    async with database.unit_of_work() as session:
        await sign_heads(session, keys.keyset, heads_path(rootan.folder / "var"))


async def test_it_says_that_whole_chains_hold(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    await fill(rootan, database, keys)
    ended = await rootan.run("audit", "verify")
    assert (ended.status, ended.out) == (0, "20 rows in 8 streams hold, up to their signed heads\n")


async def test_it_fails_on_a_changed_row(rootan: CommandLine, database: Database, keys: DataKeys) -> None:
    await fill(rootan, database, keys)
    async with database.unit_of_work() as session:
        await session.execute(text("UPDATE audit_event SET outcome = 'refused' WHERE number = 1"))
    ended = await rootan.run("audit", "verify")
    assert (ended.status, "broken at row 1" in ended.err) == (1, True)


async def test_it_fails_on_a_tail_that_was_cut_off(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    await fill(rootan, database, keys)
    async with database.unit_of_work() as session:
        await session.execute(
            text(
                "DELETE FROM audit_event e USING audit_head h WHERE h.stream = e.stream AND h.number = e.number"
            )
        )
    ended = await rootan.run("audit", "verify")
    assert (ended.status, "cut off" in ended.err) == (1, True)
