"""`rootan keys`: the master keyset."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction, plain_database_errors, prepare_process
from app.runtime import Runtime, make_runtime
from core.crypto.data_keys import DataKey, rewrap_keys
from core.crypto.keyset import keyset_path, new_keyset, rotated, without_key, write_keyset
from core.errors import ConflictError, NotFoundError, SettingsError

cli = typer.Typer()
keys = typer.Typer(name="keys", help="The master keyset.", no_args_is_help=True)
cli.add_typer(keys)

_BATCH = 500
_RELOAD = "Restart web and worker processes now: those that started before do not hold the new key."


@keys.command()
def new(file: Path) -> None:
    """Make a keyset in a new file that only its owner can read."""
    if file.exists():
        raise ConflictError(f"{file} exists; a keyset is never overwritten")
    made = new_keyset()
    write_keyset(file, made)
    print(f"keyset {made.fingerprint()} in {file}")
    print(
        "Keep a copy in a safe place away from the database: without it nothing that is stored can be read."
    )


@keys.command("list")
def list_keys() -> None:
    """Show the keys of the set and how many data keys each one wraps."""

    async def work(runtime: Runtime, session: AsyncSession) -> str:
        used, keyset = await _data_keys_by_master(session), runtime.keys.keyset
        names = sorted(keyset.keys.keys() | used.keys())
        return "\n".join(
            f"{name}  {used.get(name, 0)} data keys"
            + ("  primary" if name == keyset.primary else "")
            + ("" if name in keyset.keys else "  MISSING from the keyset: what it wraps can't be read")
            for name in names
        )

    print(asyncio.run(in_one_transaction(work)))


@keys.command()
def rotate() -> None:
    """Make a new primary key and wrap every data key under it; when interrupted, run it again to go on."""
    asyncio.run(_rotate())


async def _rotate() -> None:
    settings = prepare_process()
    if settings.keys is not None:
        raise SettingsError(
            "a keyset in ROOTAN_KEYS can't be changed from here; put it in a file, ROOTAN_KEYS_FILE"
        )
    runtime = make_runtime(settings, pool_size=1)
    try:
        with plain_database_errors():
            if await _left(runtime) == 0:
                write_keyset(keyset_path(settings), rotated(runtime.keys.keyset))
                runtime = Runtime(settings, runtime.database, make_runtime(settings, pool_size=1).keys)
                print(f"new primary key {runtime.keys.keyset.primary}")
            else:
                print("going on with a rotation that was interrupted")
            await _rewrap(runtime)
    finally:
        await runtime.database.close()
    print(_RELOAD)


async def _left(runtime: Runtime) -> int:
    """Count the data keys that the primary key does not wrap yet."""
    async with runtime.database.unit_of_work() as session:
        used = await _data_keys_by_master(session)
    return sum(count for name, count in used.items() if name != runtime.keys.keyset.primary)


async def _rewrap(runtime: Runtime) -> None:
    done, left = 0, await _left(runtime)
    while True:
        async with runtime.database.unit_of_work() as session:
            wrapped = await rewrap_keys(session, runtime.keys.keyset, _BATCH)
        if wrapped == 0:
            break
        done += wrapped
        print(f"{done} of {left} data keys", flush=True)
    remaining = await _left(runtime)
    if remaining:
        raise ConflictError(f"{remaining} data keys were in use; run `rootan keys rotate` again")
    print("every data key is under the primary key")


@keys.command()
def retire(name: str) -> None:
    """Take an old key out of the set, once nothing is wrapped under it."""

    async def work(runtime: Runtime, session: AsyncSession) -> str:
        settings, keyset = runtime.settings, runtime.keys.keyset
        if settings.keys is not None:
            raise SettingsError("a keyset in ROOTAN_KEYS can't be changed from here; put it in a file")
        if name not in keyset.keys:
            raise NotFoundError("the keyset holds no such key; `rootan keys list` shows all")
        used = (await _data_keys_by_master(session)).get(name, 0)
        if used:
            raise ConflictError(f"{used} data keys are wrapped under it; run `rootan keys rotate` first")
        if any((settings.data_dir / "spool").glob("*.*")):
            raise ConflictError(
                "events wait in the spool, perhaps under this key; wait until they are taken in"
            )
        write_keyset(keyset_path(settings), without_key(keyset, name))
        return f"{name} retired. Backups made before the last rotation need it: keep the old keyset file with them."

    print(asyncio.run(in_one_transaction(work)))
    print(_RELOAD)


async def _data_keys_by_master(session: AsyncSession) -> dict[str, int]:
    rows = await session.execute(
        sa.select(DataKey.master, sa.func.count())
        .where(DataKey.destroyed_at.is_(None))
        .group_by(DataKey.master)
    )
    return {row[0]: row[1] for row in rows}
