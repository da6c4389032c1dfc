"""A worker's parts in one process: slow jobs leave the turns their room. Guards 2."""

import asyncio
from pathlib import Path
from typing import Any

from app.worker.replies import run_worker
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.support.house import open_quiet_house


def event(number: int, person: str, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": person}, "message": message,
    }  # fmt: skip


async def test_a_flood_of_pictures_keeps_nobody_from_being_answered(
    database: Database, keys: DataKeys, tmp_path: Path
) -> None:
    let_go = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await let_go.wait()
        writer.close()
        await writer.wait_closed()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with open_quiet_house(database, keys, tmp_path) as quiet:
        quiet.runtime.settings.line_data_api_base = f"http://127.0.0.1:{port}"
        pictures = [
            event(n, "U" + "a1" * 16, {"type": "image", "id": f"{n}", "contentProvider": {"type": "line"}})
            for n in range(1, 21)
        ]
        assert await quiet.post_line({"destination": "U", "events": pictures}) == 200
        stop = asyncio.Event()
        working = asyncio.create_task(run_worker(quiet.runtime, lambda: None, stop=stop))
        try:
            async with asyncio.timeout(10):
                while await quiet.value("SELECT count(*) FROM inbound_event WHERE handled_at IS NULL"):
                    await asyncio.sleep(0.1)
            await asyncio.sleep(1.5)
            text = event(99, "U" + "b2" * 16, {"type": "text", "id": "99", "text": "เมนู"})
            assert await quiet.post_line({"destination": "U", "events": [text]}) == 200
            # Well before the sweep, which takes up after ten seconds what no job took up.
            async with asyncio.timeout(5):
                while await quiet.value("SELECT count(*) FROM inbound_event WHERE handled_at IS NULL"):
                    await asyncio.sleep(0.1)
        finally:
            let_go.set()
            stop.set()
            await working
            silent.close()
