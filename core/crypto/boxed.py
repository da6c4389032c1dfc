"""A column type whose value never prints: sealed bytes that open only with a key and a context."""

from typing import Any

import sqlalchemy as sa

from core.crypto.sealing import open_sealed


class Box:
    """Sealed bytes from the database."""

    __slots__ = ("sealed",)

    def __init__(self, sealed: bytes) -> None:
        self.sealed = sealed

    def __repr__(self) -> str:
        return "<encrypted>"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and other.sealed == self.sealed

    def __hash__(self) -> int:
        return hash(self.sealed)

    def open(self, key: bytes, bound_to: bytes) -> bytes:
        """Return the plaintext; raises CryptoError."""
        return open_sealed(key, self.sealed, bound_to)


class Sealed(sa.TypeDecorator[Box]):
    """`bytea` that is only ever handled as a Box."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Box | None, _dialect: Any) -> bytes | None:
        return None if value is None else value.sealed

    def process_result_value(self, value: bytes | None, _dialect: Any) -> Box | None:
        return None if value is None else Box(value)
