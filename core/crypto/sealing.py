"""Sealed bytes: AES-256-GCM bound to where they stand, in lengths that say little.

A sealed value is `version (1) | nonce (12) | ciphertext and tag`. The context (table, column, row) is associated data,
so that a ciphertext moved to another row does not open. The plaintext is padded to a bucket before it is sealed.
"""

import os
import struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import CryptoError

VERSION = b"\x01"
_HEADER = 13
_SMALLEST = 64
_DOUBLING_UNTIL = 512
_COARSE_FROM = 4_096


def context(table: str, column: str, row: UUID | str) -> bytes:
    return f"{table}.{column}:{row}".encode()


def bucket(length: int) -> int:
    """Return the padded size: powers of two from 64 to 512 bytes, multiples of 512 to 4,096, then of 4,096.

    Doubling on would push an ordinary event past the two kilobytes at which PostgreSQL moves a value out of its row.
    """
    if length <= _DOUBLING_UNTIL:
        return max(_SMALLEST, 1 << (length - 1).bit_length())
    step = _DOUBLING_UNTIL if length <= _COARSE_FROM else _COARSE_FROM
    return -(-length // step) * step


def seal(key: bytes, plaintext: bytes, bound_to: bytes) -> bytes:
    padded = struct.pack(">I", len(plaintext)) + plaintext
    nonce = os.urandom(12)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, padded.ljust(bucket(len(padded)), b"\0"), bound_to)


def open_sealed(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Return the plaintext.

    Raises CryptoError for a wrong key, another row's ciphertext, an unknown version or damage.
    """
    if sealed[:1] != VERSION:
        raise CryptoError("unknown form of a sealed value")
    try:
        padded = AESGCM(key).decrypt(sealed[1:_HEADER], sealed[_HEADER:], bound_to)
    except (InvalidTag, ValueError):
        raise CryptoError("a sealed value does not open here") from None
    (length,) = struct.unpack(">I", padded[:4])
    return padded[4 : 4 + length]
