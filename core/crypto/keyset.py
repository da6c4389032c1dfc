"""The master keyset: outside the database, rotated by adding a key and making it the first."""

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec

from core.crypto.sealing import open_sealed, seal
from core.errors import CryptoError, MasterKeyMissingError, SettingsError
from core.ids import new_id
from core.logs import get_logger
from core.settings import Settings

Origin = Literal["operator", "sandbox"]

_log = get_logger()


class Keyset(msgspec.Struct, frozen=True):
    """Master keys by id, the one that writes, the key of blind indexes and the key of audit heads."""

    primary: str
    keys: dict[str, bytes]
    index_key: bytes
    audit_key: bytes
    origin: Origin = "operator"

    def __repr__(self) -> str:
        return f"<Keyset of {len(self.keys)} keys>"

    def wrap(self, secret: bytes, bound_to: bytes) -> bytes:
        """Seal `secret` under the primary key; the key's id stands in front."""
        name = self.primary.encode()
        return bytes([len(name)]) + name + seal(self.keys[self.primary], secret, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Open what `wrap` made under any key of the set; raises MasterKeyMissingError, CryptoError."""
        name = self.key_name(wrapped)
        if name not in self.keys:
            if not _is_name(name):
                raise CryptoError("no wrapped key at all")
            raise MasterKeyMissingError("sealed under a master key that this keyset does not hold")
        return open_sealed(self.keys[name], wrapped[1 + len(name.encode()) :], bound_to)

    def key_name(self, wrapped: bytes) -> str:
        return wrapped[1 : 1 + wrapped[0]].decode(errors="replace") if wrapped else ""

    def index(self, purpose: str, value: str) -> bytes:
        """Return the blind index (keyed hash, 16 bytes) under which `value` can be looked up but not read."""
        return hmac.digest(self.index_key, f"{purpose}\0{value}".encode(), "sha256")[:16]

    def fingerprint(self) -> str:
        """Name this set without revealing it, so that a wrong key file is noticed at start."""
        return hashlib.sha256(b"rootan keyset" + self.index_key).hexdigest()[:16]


def _is_name(name: str) -> bool:
    """Tell the name of some master key from the first bytes of something damaged."""
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def new_keyset(origin: Origin = "operator") -> Keyset:
    name = str(new_id())
    return Keyset(
        primary=name,
        keys={name: os.urandom(32)},
        index_key=os.urandom(32),
        audit_key=os.urandom(32),
        origin=origin,
    )


def rotated(keyset: Keyset) -> Keyset:
    """Return the set with a new primary key; the old ones still read."""
    name = str(new_id())
    return msgspec.structs.replace(keyset, primary=name, keys=keyset.keys | {name: os.urandom(32)})


def without_key(keyset: Keyset, name: str) -> Keyset:
    """Return the set without a retired key; the primary cannot be retired."""
    if name == keyset.primary:
        raise CryptoError("the primary key can't be retired; rotate first")
    return msgspec.structs.replace(keyset, keys={k: v for k, v in keyset.keys.items() if k != name})


def dump_keyset(keyset: Keyset) -> str:
    def b64(value: bytes) -> str:
        return base64.b64encode(value).decode()

    return json.dumps(
        {
            "version": 1,
            "origin": keyset.origin,
            "primary": keyset.primary,
            "keys": {name: b64(key) for name, key in keyset.keys.items()},
            "index_key": b64(keyset.index_key),
            "audit_key": b64(keyset.audit_key),
        },
        indent=1,
    )


def parse_keyset(text: str) -> Keyset:
    """Read a keyset.

    Raises SettingsError when it is malformed in any way: a half-readable keyset would lose data quietly.
    """
    try:
        raw = json.loads(text)
        keyset = Keyset(
            primary=str(raw["primary"]),
            keys={str(n): base64.b64decode(k, validate=True) for n, k in raw["keys"].items()},
            index_key=base64.b64decode(raw["index_key"], validate=True),
            audit_key=base64.b64decode(raw["audit_key"], validate=True),
            origin="sandbox" if raw.get("origin") == "sandbox" else "operator",
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError(
            "ROOTAN_KEYS_FILE holds no keyset; make one with `rootan keys new FILE`"
        ) from None
    every_key = [*keyset.keys.values(), keyset.index_key, keyset.audit_key]
    if keyset.primary not in keyset.keys or any(len(k) != 32 for k in every_key):
        raise SettingsError("the keyset is damaged: restore ROOTAN_KEYS_FILE from its safe copy")
    return keyset


def write_keyset(path: Path, keyset: Keyset) -> None:
    """Write the file for its owner alone, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(dump_keyset(keyset))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def keyset_path(settings: Settings) -> Path:
    return settings.keys_file or settings.data_dir / "keys" / "keyset.json"


def load_keyset(settings: Settings) -> Keyset:
    """Return the keyset that the settings name; development and demo make one where none is.

    Raises SettingsError.
    """
    if settings.keys is not None:
        keyset = parse_keyset(settings.keys.get_secret_value())
    else:
        path = keyset_path(settings)
        if not path.exists():
            _make_first(settings, path)
        try:
            keyset = parse_keyset(path.read_text(errors="replace"))
        except OSError:
            raise SettingsError("ROOTAN_KEYS_FILE can't be read; check the path and its owner") from None
    if settings.env == "production" and keyset.origin == "sandbox":
        raise SettingsError("this keyset was made by the sandbox; make one with `rootan keys new FILE`")
    return keyset


def _make_first(settings: Settings, path: Path) -> None:
    if settings.env == "production" or settings.keys_file is not None:
        raise SettingsError("ROOTAN_KEYS_FILE names no file; make one with `rootan keys new FILE`")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mine = path.with_name(f"{path.name}.{os.getpid()}.first")
    write_keyset(mine, new_keyset("sandbox"))
    try:
        # A hard link does not replace: of two processes that start at once, one keyset wins.
        os.link(mine, path)
    except FileExistsError:
        pass
    finally:
        mine.unlink()


class KeysetFile:
    """The keyset file of a running process, read again when it changed: a rotation needs no restart to be heard of."""

    def __init__(self, settings: Settings, keyset: Keyset) -> None:
        self._settings = settings
        self._keyset = keyset
        self._seen = self._mark()

    def current(self) -> Keyset:
        """Return the newest readable form; a file that is damaged or is another set's changes nothing."""
        mark = self._mark()
        if mark is not None and mark != self._seen:
            self._seen = mark
            self._keyset = self._read()
        return self._keyset

    def _mark(self) -> tuple[int, int, int] | None:
        if self._settings.keys is not None:
            return None
        try:
            found = keyset_path(self._settings).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read(self) -> Keyset:
        try:
            found = load_keyset(self._settings)
        except SettingsError as error:
            _log.error("keyset_not_reread", error=error)
            return self._keyset
        if found.fingerprint() != self._keyset.fingerprint():
            _log.error("keyset_is_another", reason="fingerprint")
            return self._keyset
        _log.info("keyset_reread", count=len(found.keys))
        return found
