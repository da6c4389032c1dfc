"""The proof that a webhook comes from LINE."""

from __future__ import annotations

import base64
import hashlib
import hmac


def sign_line(secret: str, body: bytes) -> str:
    """Value of `X-Line-Signature`: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode("ascii")
