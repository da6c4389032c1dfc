"""The list of erasures: written with every backup, gathered from wherever one is at a restore.

An erasure is for good, so the lists are united; the newest one holds all of the older ones.
"""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from app.cli.backup.manifest import NAMES
from core.errors import InvalidInputError


class Erased(msgspec.Struct, frozen=True):
    """A destroyed data key; nothing about whose it was."""

    data_key_id: UUID
    erased_at: datetime


async def erasures_in(connection: Any) -> list[Erased]:
    """Read the database's own list; empty where there is no such table."""
    if await connection.fetchval("SELECT to_regclass('public.erasure')") is None:
        return []
    rows = await connection.fetch(
        "SELECT data_key_id, erased_at FROM erasure ORDER BY erased_at, data_key_id"
    )
    return [Erased(row["data_key_id"], row["erased_at"]) for row in rows]


def write_erasures(path: Path, erased: list[Erased]) -> None:
    """Write a list, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(erased), indent=1))
    draft.chmod(0o600)
    draft.replace(path)


def read_erasures(path: Path) -> list[Erased]:
    """Raises InvalidInputError for a damaged list: leaving it out could bring an erased person back."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Erased])
    except (OSError, msgspec.MsgspecError):
        raise InvalidInputError(f"the list of erasures {path} can't be read; restore it first") from None


def lists_known(folder: Path, data_dir: Path) -> list[Path]:
    """Return the lists at hand: of this backup, of those beside it, and of this host."""
    beside = sorted(folder.resolve().parent.glob(f"*/{NAMES.erasures}"))
    own = [folder.resolve() / NAMES.erasures, data_dir / NAMES.erasures]
    return [path for path in dict.fromkeys([*own, *beside]) if path.exists()]


def united(lists: list[list[Erased]]) -> list[Erased]:
    by_key = {erased.data_key_id: erased for one in reversed(lists) for erased in one}
    return sorted(by_key.values(), key=lambda e: (e.erased_at, e.data_key_id))
