"""What a backup says of itself, signed, so that a changed or foreign one is refused before anything is replaced."""

import hmac
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.cli.backup.tables import TableFigures, file_digest
from core.crypto.keyset import Keyset
from core.errors import InvalidInputError

FORMAT = 1


class Names(NamedTuple):
    """The files of a backup. `data_keys` must not be kept longer than seven days."""

    manifest: str = "manifest.json"
    dump: str = "database.dump"
    key_rows: str = "data_key_rows.copy"
    data_keys: str = "data_keys.copy"
    erasures: str = "erasures.json"
    files: str = "files.tar"


NAMES = Names()


class Manifest(msgspec.Struct, frozen=True):
    """`digests` are SHA-256 by file name; `figures` by table."""

    format: int
    at: datetime
    revision: str
    keyset: str
    server: str
    data_keys_until: datetime
    figures: dict[str, TableFigures]
    digests: dict[str, str]


class _Signed(msgspec.Struct, frozen=True):
    manifest: Manifest
    signature: str


def write_manifest(folder: Path, manifest: Manifest, keyset: Keyset) -> None:
    signed = _Signed(manifest, _signature(manifest, keyset))
    (folder / NAMES.manifest).write_bytes(msgspec.json.format(msgspec.json.encode(signed), indent=1))


def read_manifest(folder: Path, keyset: Keyset) -> Manifest:
    """Return the manifest after checking it and every file it names; raises InvalidInputError."""
    try:
        signed = msgspec.json.decode((folder / NAMES.manifest).read_bytes(), type=_Signed)
    except (OSError, msgspec.MsgspecError):
        raise InvalidInputError(f"{folder} holds no backup that can be read") from None
    manifest = signed.manifest
    if manifest.format != FORMAT:
        raise InvalidInputError(f"this backup has form {manifest.format}, this release reads form {FORMAT}")
    if manifest.keyset != keyset.fingerprint():
        raise InvalidInputError("this backup belongs to another keyset; point ROOTAN_KEYS_FILE at that one")
    if not hmac.compare_digest(signed.signature, _signature(manifest, keyset)):
        raise InvalidInputError("the manifest of this backup was changed")
    for name, digest in manifest.digests.items():
        _check_file(folder / name, digest)
    return manifest


def _check_file(path: Path, digest: str) -> None:
    # The data keys leave a backup after seven days; everything else must be there.
    if path.name == NAMES.data_keys and not path.exists():
        return
    if not path.is_file():
        raise InvalidInputError(f"{path.name} is missing from this backup")
    if file_digest(path) != digest:
        raise InvalidInputError(f"{path.name} of this backup is damaged or was changed")


def _signature(manifest: Manifest, keyset: Keyset) -> str:
    return hmac.digest(
        keyset.audit_key, b"backup" + msgspec.json.encode(manifest, order="sorted"), "sha256"
    ).hex()
