"""Turning pages: a cursor is where the last page ended, sealed, and of use in the same list alone.

It holds sort keys, not a count, so that what comes in meanwhile neither repeats nor skips a row.
"""

import base64
import binascii
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

import msgspec
from fastapi import Query
from pydantic import BaseModel, ConfigDict

from core.crypto.keyset import Keyset
from core.crypto.sealing import context
from core.errors import CryptoError, InvalidInputError

T = TypeVar("T")
MOST, USUAL = 100, 50
LONGEST_CURSOR = 400


class Reader(Protocol):
    """Whose list it is: a program of staff's by its account, one of an agency's by itself."""

    @property
    def account_id(self) -> UUID: ...


class CursorError(InvalidInputError):
    """Not a cursor of this list: damaged, of another list, of other filters or of somebody else."""

    code = "cursor"


class Paging(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL
    cursor: Annotated[
        str, Query(max_length=LONGEST_CURSOR, description="`next` of the page before; without it the first page.")
    ] = ""  # fmt: skip


def seal_cursor(keyset: Keyset, program: Reader, of: str, place: tuple[Any, ...] | None) -> str | None:
    """Write where a page of the list `of` ended; None at its end."""
    if place is None:
        return None
    sealed = keyset.wrap(msgspec.json.encode(place), _bound(program, of))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_cursor(keyset: Keyset, program: Reader, of: str, cursor: str, kind: type[T]) -> T | None:
    """Read where the next page begins; None without a cursor. Raises CursorError."""
    if not cursor:
        return None
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        return msgspec.json.decode(keyset.unwrap(sealed, _bound(program, of)), type=kind)
    except (ValueError, binascii.Error, CryptoError, msgspec.MsgspecError):
        raise CursorError("begin again without a cursor") from None


def _bound(program: Reader, of: str) -> bytes:
    return context("api", of, program.account_id)
