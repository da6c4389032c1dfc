"""What an address of the queue asks for, and how it is written: codes and ids only, nobody's data."""

import base64
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request

from referrals.listing.filters import PRIORITIES, FilterError, Filters, read_filters, to_address
from referrals.listing.views import Place

QUEUE = "/console/referrals"
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = struct.Struct(">bq16s")
_OWN = frozenset({"after", "saved", "seen", "done"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters, where the page begins, the saved view they came from, and what the open page shows already."""

    filters: Filters
    after: Place | None = None
    saved: UUID | None = None
    seen: UUID | None = None
    # Of several that were changed at once: how many were, how many could not be.
    done: tuple[int, int] | None = None


def read_asked(request: Request) -> Asked:
    """Read the address of a request; raises FilterError for anything that is not of the queue."""
    pairs = request.query_params.multi_items()
    own = {name: value for name, value in pairs if name in _OWN and value}
    return Asked(
        filters=read_filters((name, value) for name, value in pairs if name not in _OWN),
        after=_place(own["after"]) if "after" in own else None,
        saved=_id(own["saved"]) if "saved" in own else None,
        seen=_id(own["seen"]) if "seen" in own else None,
        done=_done(own["done"]) if "done" in own else None,
    )


def address_of(
    filters: Filters, *, after: Place | None = None, saved: UUID | None = None, path: str = QUEUE
) -> str:
    pairs = to_address(filters)
    if saved is not None:
        pairs.append(("saved", str(saved)))
    if after is not None:
        pairs.append(("after", write_place(after)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def write_place(place: Place) -> str:
    """Write where a page begins; to the microsecond, as the database keeps it."""
    since = (place.at - _ZERO) // timedelta(microseconds=1)
    packed = _PLACE.pack(PRIORITIES.index(place.priority), since, place.id.bytes)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _place(written: str) -> Place:
    try:
        priority, since, row = _PLACE.unpack(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        return Place(PRIORITIES[priority], _ZERO + timedelta(microseconds=since), UUID(bytes=row))
    except (ValueError, struct.error, IndexError, OverflowError):
        raise FilterError("this is no place in the queue") from None


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise FilterError("this is no id") from None


def _done(written: str) -> tuple[int, int]:
    changed, _, refused = written.partition(".")
    if not (changed.isdecimal() and refused.isdecimal() and len(written) < 9):
        raise FilterError("this is no count")
    return int(changed), int(refused)
