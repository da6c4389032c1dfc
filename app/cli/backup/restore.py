"""Restoring a backup: check it, replace the database, replay erasures, compare, mark what may go out twice."""

import asyncio
import tarfile
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.backup.dump import Say
from app.cli.backup.erasures import Erased, erasures_in, lists_known, read_erasures, united, write_erasures
from app.cli.backup.manifest import NAMES, Manifest, read_manifest
from app.cli.backup.programs import run_program
from app.cli.backup.tables import figures, rows_kept
from app.runtime import Runtime
from app.schema import migrate
from core.audit.heads import heads_path
from core.clock import utc_now
from core.crypto.data_keys import replay_erasures
from core.errors import ConflictError, UnavailableError
from core.messages.models import Message

_LOCK_WAIT = "10s"
# A dump of one schema makes that schema itself, without its usual owner and right of use.
_DROP_SCHEMA = "DROP SCHEMA IF EXISTS public CASCADE"
_USUAL_RIGHTS = "ALTER SCHEMA public OWNER TO pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC"


async def restore(runtime: Runtime, folder: Path, say: Say, *, replace: bool = False) -> None:
    """Put the database and files of a backup in place and check them.

    Raises InvalidInputError for a backup that is damaged, changed or of another keyset, ConflictError when something
    would be lost or the service runs, UnavailableError when the restored data differ from the backup.
    """
    manifest = await asyncio.to_thread(read_manifest, folder, runtime.keys.keyset)
    connection = await asyncpg.connect(
        runtime.database.asyncpg_address,
        timeout=10,
        server_settings={"timezone": "UTC", "lock_timeout": _LOCK_WAIT, "application_name": "restore"},
    )
    try:
        await _refuse_loss(connection, replace=replace)
        erased = united(
            [
                await erasures_in(connection),
                *map(read_erasures, lists_known(folder, runtime.settings.data_dir)),
            ]
        )
        await _load(runtime, connection, folder, say)
        await _compare(connection, manifest, say)
    finally:
        await connection.close()
    await _settle(runtime, erased, say)
    kept = await asyncio.to_thread(_unpack_files, folder / NAMES.files, runtime.settings.data_dir)
    write_erasures(runtime.settings.data_dir / NAMES.erasures, erased)
    say(f"files: {kept} put back under {runtime.settings.data_dir}")


async def _refuse_loss(connection: Any, *, replace: bool) -> None:
    others = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'rootan%'"
    )
    if others:
        raise ConflictError(
            f"{others} connections of the service are open; stop web and worker processes first"
        )
    kept = await rows_kept(connection)
    if kept and not replace:
        raise ConflictError(
            f"the database holds {kept} rows; give --replace to lose them, or name an empty database"
        )


async def _load(runtime: Runtime, connection: Any, folder: Path, say: Say) -> None:
    await connection.execute(_DROP_SCHEMA)
    await _pg_restore(runtime, connection, folder, "pre-data")
    await connection.execute(_USUAL_RIGHTS)
    await _pg_restore(runtime, connection, folder, "data")
    await connection.copy_to_table(
        "data_key",
        source=folder / NAMES.key_rows,
        columns=["id", "purpose", "name", "master", "created_at", "destroyed_at"],
        format="binary",
    )
    opened = await _load_data_keys(connection, folder / NAMES.data_keys)
    await _pg_restore(runtime, connection, folder, "post-data")
    say(
        f"data keys: {opened} put back"
        if opened
        else "data keys: none in this backup, so no content can be read"
    )


async def _pg_restore(runtime: Runtime, connection: Any, folder: Path, section: str) -> None:
    await run_program(
        "pg_restore",
        [
            "--exit-on-error", "--no-owner", "--no-privileges", f"--section={section}",
            f"--dbname={runtime.database.asyncpg_address.split('/')[3].split('?')[0]}", str(folder / NAMES.dump),
        ],
        address=runtime.database.address,
        server_major=connection.get_server_version().major,
    )  # fmt: skip


async def _load_data_keys(connection: Any, path: Path) -> int:
    """Give the rows their keys back; a backup older than seven days has none."""
    if not path.exists():
        return 0
    async with connection.transaction():
        await connection.execute("CREATE TEMP TABLE restored_key (id uuid, wrapped bytea) ON COMMIT DROP")
        await connection.copy_to_table("restored_key", source=path, format="binary")
        done = await connection.execute(
            "UPDATE data_key SET wrapped = r.wrapped FROM restored_key r WHERE data_key.id = r.id"
        )
    return int(done.split()[-1])


async def _compare(connection: Any, manifest: Manifest, say: Say) -> None:
    found = await figures(connection)
    different = sorted(
        name
        for name in found.keys() | manifest.figures.keys()
        if found.get(name) != manifest.figures.get(name)
    )
    if different:
        raise UnavailableError(f"restored, but these tables differ from the backup: {', '.join(different)}")
    say(f"database of {manifest.at:%Y-%m-%d %H:%M} UTC: {len(found)} tables equal to the backup, "
        f"{sum(f.rows for f in found.values())} rows")  # fmt: skip


async def _settle(runtime: Runtime, erased: list[Erased], say: Say) -> None:
    """Bring the restored database to today: schema, erasures, and messages that may have gone out since."""
    await migrate(runtime.database)
    async with runtime.database.unit_of_work() as session:
        again = await replay_erasures(session, [e.data_key_id for e in erased])
        doubles = await mark_possible_doubles(session)
    say(f"erasures: {len(erased)} replayed, {again} of them newer than the backup")
    say(
        f"messages not yet sent at the time of the backup: {doubles} marked, for they may have gone out since"
    )


async def mark_possible_doubles(session: AsyncSession) -> int:
    """What was waiting may have been sent after the backup (invariant 4): answers go out marked, campaigns do not."""
    waiting = Message.state.in_(("pending", "sending"))
    campaigns = await session.execute(
        sa.update(Message)
        .where(waiting, Message.batch_id.is_not(None))
        .values(state="unknown", reason="restored", finished_at=utc_now())
        .returning(Message.id)
    )
    answers = await session.execute(
        sa.update(Message)
        .where(waiting, Message.batch_id.is_(None))
        .values(may_be_double=True)
        .returning(Message.id)
    )
    return len(campaigns.all()) + len(answers.all())


def _unpack_files(archive: Path, data_dir: Path) -> int:
    data_dir.mkdir(parents=True, exist_ok=True)
    heads = heads_path(data_dir)
    if heads.exists():
        # Signed heads of rows that the backup does not hold would look like a cut tail; they stay as evidence.
        heads.rename(heads.with_name(f"heads.before-restore-{utc_now():%Y%m%dT%H%M%S}.jsonl"))
    with tarfile.open(archive) as files:
        files.extractall(data_dir, filter="data")
        return sum(member.isfile() for member in files)
