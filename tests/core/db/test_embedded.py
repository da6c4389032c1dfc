"""PostgreSQL from the wheel: shared, closed to others, and never held up by the dead. Guards item 2."""

import asyncio
import json
import os
import stat
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from core.db.embedded import _forget_dead_processes, start_embedded
from tests.support.postgres import TestCluster

ROOT = Path(__file__).parents[3]


async def test_a_second_process_joins_the_server_that_runs(cluster: TestCluster) -> None:
    folder = Path(cluster._folder.name)
    code = f"from core.db.embedded import start_embedded; from pathlib import Path; print(start_embedded(Path({str(folder)!r})))"
    second = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await second.communicate()
    assert said.decode().strip() == cluster._address
    assert await asyncio.to_thread(start_embedded, folder) == cluster._address
    connection = await asyncpg.connect(cluster._address.replace("+asyncpg", ""))
    assert await connection.fetchval("SELECT current_database()") == "rootan"
    await connection.close()


def test_nobody_else_reaches_the_socket(cluster: TestCluster) -> None:
    socket_folder = Path(parse_qs(urlsplit(cluster._address).query)["host"][0])
    assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700


def test_killed_processes_are_forgotten_and_living_ones_kept(tmp_path: Path) -> None:
    listed = tmp_path / ".handle_pids.json"
    listed.write_text(json.dumps([os.getpid(), 2**22 + 7]))
    _forget_dead_processes(tmp_path)
    assert json.loads(listed.read_text()) == [os.getpid()]
    listed.write_text("")
    _forget_dead_processes(tmp_path)
    assert json.loads(listed.read_text()) == []
    listed.write_text("{half")
    _forget_dead_processes(tmp_path)
