"""Reply tokens that name their own person and time.

Benchmarks build webhook bodies beforehand and send them themselves, so the fake platform never issued their
tokens; it recognises these by their check digits instead of being lenient.
"""

from __future__ import annotations

import hashlib
import hmac

_LENGTH = 32 + 12 + 8 + 8


def mint_offline_token(secret: str, user_id: str, issued_ms: int, nonce: int) -> str:
    """60 hexadecimal digits: person, time of issue in ms, nonce (32 bits), check digits."""
    head = f"{user_id[1:]}{issued_ms:012x}{nonce & 0xFFFFFFFF:08x}"
    return head + _check_digits(secret, head)


def read_offline_token(secret: str, token: str) -> tuple[str, float] | None:
    """(user id, time of issue in seconds), or None when it is no such token."""
    if len(token) != _LENGTH or _check_digits(secret, token[:52]) != token[52:]:
        return None
    return f"U{token[:32]}", int(token[32:44], 16) / 1000


def _check_digits(secret: str, head: str) -> str:
    return hmac.digest(secret.encode(), head.encode(), hashlib.sha256)[:4].hex()
