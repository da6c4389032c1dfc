"""What a process holds: its dialogues read the directory of hotlines as staff changed it."""

import asyncio

import msgspec

from app.runtime import keep_hotlines
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.directory.hotlines import hotline, shipped_hotlines
from referrals.hotline_desk.changing import edit_hotline
from tests.screening.conftest import Ground


async def _until(number: str) -> None:
    async with asyncio.timeout(10):
        while hotline("1694").number != number:
            await asyncio.sleep(0.02)


async def test_a_process_reads_changes_while_it_runs_and_the_shipped_directory_after_it(
    database: Database, keys: DataKeys
) -> None:
    supervisor = await Ground(database, keys).member("supervisor")
    keeping = asyncio.create_task(keep_hotlines(database, every=0.02))
    try:
        for seen, number in enumerate(("1506", "1507")):
            async with database.unit_of_work() as session:
                new = msgspec.structs.replace(hotline("1694"), number=number, source="called them")
                await edit_hotline(session, "1694", new, seen=seen, owner_id=None, by=supervisor.id)
            await _until(number)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert hotline("1694") in shipped_hotlines()
    assert hotline("1694").number == "1694"


async def test_while_the_database_is_away_what_came_with_the_program_holds() -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:9/nowhere")
    keeping = asyncio.create_task(keep_hotlines(away))
    await asyncio.sleep(0.1)
    assert not keeping.done()
    assert hotline("191").number == "191"
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    await away.close()
