"""The command line as people run it: a process of its own, on this test's database."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.crypto.data_keys import DataKeys
from core.crypto.keyset import write_keyset
from core.db.database import Database


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


class CommandLine:
    """Runs `rootan` in a folder of its own."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.settings = dict(settings)

    async def run(self, *words: str, given: bytes = b"", **settings: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.cli",
            *words,
            cwd=self.folder,
            env={**bare_environment(), **self.settings, **settings},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(given)
        return Ended(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
def alone(tmp_path: Path) -> CommandLine:
    """Without any setting."""
    return CommandLine(tmp_path, {})


@pytest.fixture
def rootan(tmp_path: Path, database: Database, keys: DataKeys) -> CommandLine:
    """On the test's database, with the test's keyset in a file."""
    write_keyset(tmp_path / "keyset.json", keys.keyset)
    return CommandLine(
        tmp_path,
        {
            "ROOTAN_DATABASE_URL": database.address,
            "ROOTAN_KEYS_FILE": str(tmp_path / "keyset.json"),
            "ROOTAN_BASE_URL": "https://rootan.example",
        },
    )
