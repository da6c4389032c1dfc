"""Writing a backup: database, data keys apart, files, list of erasures; all of one moment."""

import asyncio
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg

from app.cli.backup.erasures import erasures_in, write_erasures
from app.cli.backup.manifest import FORMAT, NAMES, Manifest, read_manifest, write_manifest
from app.cli.backup.programs import run_program
from app.cli.backup.tables import figures, file_digest
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import ConflictError

DATA_KEYS_KEPT = timedelta(days=7)
# What of ROOTAN_DATA_DIR belongs to a backup. The keyset never does, the spool empties itself into the database.
FOLDERS = ("audit", "media")

_KEY_ROWS = "SELECT id, purpose, name, master, created_at, destroyed_at FROM data_key"
_DATA_KEYS = "SELECT id, wrapped FROM data_key WHERE wrapped IS NOT NULL"

Say = Callable[[str], None]


async def back_up(runtime: Runtime, folder: Path, say: Say) -> Manifest:
    """Write a backup to a new folder, check it and return its manifest.

    Raises ConflictError when the folder holds something, UnavailableError when PostgreSQL's programs fail.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise ConflictError(f"{folder} is not empty; name a new folder for each backup")
    connection = await asyncpg.connect(
        runtime.database.asyncpg_address, timeout=10, server_settings={"timezone": "UTC"}
    )
    try:
        # One snapshot for the dump, the keys and the figures: all of them speak of the same moment.
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            manifest = await _write_all(runtime, connection, folder, say)
    finally:
        await connection.close()
    write_manifest(folder, manifest, runtime.keys.keyset)
    for path in folder.iterdir():
        path.chmod(0o600)
    read_manifest(folder, runtime.keys.keyset)
    say(f"checked: {len(manifest.digests)} files against their digests")
    return manifest


async def _write_all(runtime: Runtime, connection: Any, folder: Path, say: Say) -> Manifest:
    at = utc_now()
    await _dump_database(runtime, connection, folder)
    counted = await figures(connection)
    say(f"database: {len(counted)} tables, {sum(f.rows for f in counted.values())} rows")
    await connection.copy_from_query(_KEY_ROWS, output=folder / NAMES.key_rows, format="binary")
    await connection.copy_from_query(_DATA_KEYS, output=folder / NAMES.data_keys, format="binary")
    say(
        f"data keys: apart, in {NAMES.data_keys}; delete that file by {at + DATA_KEYS_KEPT:%Y-%m-%d %H:%M} UTC"
    )
    erased = await erasures_in(connection)
    write_erasures(folder / NAMES.erasures, erased)
    runtime.settings.data_dir.mkdir(parents=True, exist_ok=True)
    write_erasures(runtime.settings.data_dir / NAMES.erasures, erased)
    say(f"erasures: {len(erased)} listed")
    kept = await asyncio.to_thread(_pack_files, runtime.settings.data_dir, folder / NAMES.files)
    say(f"files: {kept}")
    written = (NAMES.dump, NAMES.key_rows, NAMES.data_keys, NAMES.erasures, NAMES.files)
    return Manifest(
        format=FORMAT,
        at=at,
        revision=await connection.fetchval("SELECT version_num FROM alembic_version"),
        keyset=runtime.keys.keyset.fingerprint(),
        server=await connection.fetchval("SHOW server_version"),
        data_keys_until=at + DATA_KEYS_KEPT,
        figures=counted,
        digests={name: await asyncio.to_thread(file_digest, folder / name) for name in written},
    )


async def _dump_database(runtime: Runtime, connection: Any, folder: Path) -> None:
    snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
    await run_program(
        "pg_dump",
        [
            "--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--schema=public",
            "--exclude-table-data=public.data_key", f"--snapshot={snapshot}", f"--file={folder / NAMES.dump}",
        ],
        address=runtime.database.address,
        server_major=connection.get_server_version().major,
    )  # fmt: skip


def _pack_files(data_dir: Path, target: Path) -> int:
    """Pack the folders that belong to a backup and return how many files they hold."""
    with tarfile.open(target, "w") as archive:
        for name in FOLDERS:
            if (data_dir / name).is_dir():
                archive.add(data_dir / name, arcname=name)
    with tarfile.open(target) as archive:
        return sum(member.isfile() for member in archive)
