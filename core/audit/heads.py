"""Signed heads outside the database, and the walk that holds the chains against them."""

import hmac
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.chain import STREAMS, AuditEvent, AuditHead, chained_hash
from core.clock import utc_now
from core.crypto.keyset import Keyset

_PAGE = 2_000


def heads_path(data_dir: Path) -> Path:
    return data_dir / "audit" / "heads.jsonl"


async def sign_heads(session: AsyncSession, keyset: Keyset, path: Path) -> None:
    """Append one signed line with all heads; written and synced, so that a cut tail shows later."""
    heads = (await session.scalars(sa.select(AuditHead).order_by(AuditHead.stream))).all()
    body = {"at": utc_now().isoformat(), "heads": {str(h.stream): [h.number, h.hash.hex()] for h in heads}}
    line = orjson.dumps(body | {"signature": _signature(keyset, body)}) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _signature(keyset: Keyset, body: object) -> str:
    return hmac.digest(keyset.audit_key, orjson.dumps(body, option=orjson.OPT_SORT_KEYS), "sha256").hex()


def read_signed_heads(path: Path, keyset: Keyset) -> dict[int, dict[int, bytes]]:
    """Return every row that was ever signed, hash by number by stream; empty where no file is.

    Raises ValueError when a line was tampered with. All lines count: whoever rewrites a chain need only wait for the
    next line to be signed, but the earlier ones still say how it was.
    """
    signed: dict[int, dict[int, bytes]] = defaultdict(dict)
    for place, line in enumerate(path.read_bytes().splitlines() if path.exists() else (), 1):
        for stream, (number, hash_) in _read_line(place, line, keyset).items():
            known = signed[int(stream)].setdefault(number, bytes.fromhex(hash_))
            if known.hex() != hash_:
                raise ValueError(f"line {place} of the signed heads says otherwise than an earlier one")
    return signed


def _read_line(place: int, line: bytes, keyset: Keyset) -> dict[str, tuple[int, str]]:
    try:
        body = orjson.loads(line)
        signature = str(body.pop("signature", ""))
        heads: dict[str, tuple[int, str]] = body["heads"]
    except (orjson.JSONDecodeError, AttributeError, KeyError):
        raise ValueError(f"line {place} of the signed heads can't be read") from None
    if not hmac.compare_digest(signature.encode(), _signature(keyset, body).encode()):
        raise ValueError(f"line {place} of the signed heads was changed")
    return heads


async def verify_audit(session: AsyncSession, keyset: Keyset, path: Path) -> AsyncIterator[str]:
    """Walk every stream and yield one line for each break; nothing is yielded when all holds."""
    try:
        signed = read_signed_heads(path, keyset)
    except ValueError as error:
        yield str(error)
        signed = {}
    for stream in range(STREAMS):
        async for problem in _verify_stream(session, stream, signed.get(stream, {})):
            yield problem


async def _verify_stream(session: AsyncSession, stream: int, signed: dict[int, bytes]) -> AsyncIterator[str]:
    number, previous = 0, b"\0" * 32
    while True:
        page = (
            await session.scalars(
                sa.select(AuditEvent)
                .where(AuditEvent.stream == stream, AuditEvent.number > number)
                .order_by(AuditEvent.number)
                .limit(_PAGE)
            )
        ).all()
        for event in page:
            if event.number != number + 1 or event.previous != previous or event.hash != chained_hash(event):
                yield f"stream {stream}: broken at row {event.number}"
                return
            number, previous = event.number, event.hash
            if signed.get(number, previous) != previous:
                yield f"stream {stream}: row {number} is not the one that was signed"
                return
        if len(page) < _PAGE:
            break
        session.expunge_all()
    newest = max(signed, default=0)
    if number < newest:
        yield f"stream {stream}: cut off after row {number}; row {newest} was signed"
