"""The command line as people run it: a process of its own, on this test's database."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.crypto.data_keys import DataKeys
from core.crypto.keyset import write_keyset
from core.db.database import Database

ROOT = Path(__file__).parents[3]
# Where nobody listens: a public address would be looked up outside.
NOWHERE = "http://127.0.0.1:9"
_ENDED = "the process that forks commands has ended; what it said stands in the captured output"


class Ended(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ROOTAN_")}


class Forge:
    """Starts commands, each a process of its own forked from one that has read their modules; see `forking`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = count()
        self._awaited: dict[int, asyncio.Future[int]] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            ended = json.loads(line)
            self._awaited.pop(ended["number"]).set_result(ended["status"])
        for waiting in self._awaited.values():
            waiting.set_exception(RuntimeError(_ENDED))

    async def run(self, **run: Any) -> int:
        """Return the status of a command; its streams are files."""
        assert self._process.stdin is not None
        if self._reading.done():
            raise RuntimeError(_ENDED)
        number = next(self._numbers)
        self._awaited[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps(run | {"number": number}).encode() + b"\n")
        return await self._awaited[number]

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading


@pytest.fixture(scope="session")
async def forge() -> AsyncIterator[Forge]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.app.cli.forking", cwd=ROOT,
        env=bare_environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    forge = Forge(process)
    yield forge
    await forge.close()


class CommandLine:
    """Runs `rootan` in a folder of its own."""

    def __init__(self, folder: Path, settings: Mapping[str, str], forge: Forge | None = None) -> None:
        self.folder = folder
        self.settings = dict(settings)
        self._forge = forge

    async def run(self, *words: str, given: bytes = b"", **settings: str) -> Ended:
        """Run a command to its end."""
        environment = {**bare_environment(), **self.settings, **settings}
        if self._forge is None:
            return await self._start(words, given, environment)
        with tempfile.TemporaryDirectory() as folder:
            streams = {name: Path(folder) / name for name in ("given", "out", "err")}
            streams["given"].write_bytes(given)
            status = await self._forge.run(
                words=words, folder=str(self.folder), environment=environment,
                **{name: str(path) for name, path in streams.items()},
            )  # fmt: skip
            return Ended(status, streams["out"].read_text(), streams["err"].read_text())

    async def _start(self, words: tuple[str, ...], given: bytes, environment: dict[str, str]) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", *words, cwd=self.folder, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate(given)
        return Ended(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
def alone(tmp_path: Path, forge: Forge) -> CommandLine:
    """Without any setting."""
    return CommandLine(tmp_path, {}, forge)


@pytest.fixture
def started(tmp_path: Path) -> CommandLine:
    """Without any setting, and an interpreter for each command, as people start it."""
    return CommandLine(tmp_path, {})


@pytest.fixture
def rootan(tmp_path: Path, database: Database, keys: DataKeys, forge: Forge) -> CommandLine:
    """On the test's database, with the test's keyset in a file."""
    write_keyset(tmp_path / "keyset.json", keys.keyset)
    return CommandLine(
        tmp_path,
        {
            "ROOTAN_DATABASE_URL": database.address,
            "ROOTAN_KEYS_FILE": str(tmp_path / "keyset.json"),
            "ROOTAN_BASE_URL": "https://rootan.example",
        },
        forge,
    )
