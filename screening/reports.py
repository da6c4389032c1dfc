"""Handles named in suspicious offers: who named which, and which of them staff confirmed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from core.clock import bangkok
from core.crypto.keyset import Keyset
from screening.handles import Handle, print_of_handle
from screening.standing import ConfirmedHandle

_SAME_HOUR = timedelta(hours=1)

_CONFIRMED = "SELECT print, decided_at FROM reported_handle WHERE print = ANY($1) AND verdict = 'confirmed'"
_ADD = """
INSERT INTO handle_report AS r (print, contact_id, kind, screening_id, known_since, first_at, last_at)
SELECT n.print, n.contact_id, n.kind, n.screening_id, c.created_at, $5, $5
FROM (SELECT DISTINCT ON (print, contact_id) *
      FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::uuid[]) AS n(print, contact_id, kind, screening_id)) n
JOIN contact c ON c.id = n.contact_id ORDER BY 1, 2
ON CONFLICT (print, contact_id) DO UPDATE SET last_at = $5, screening_id = excluded.screening_id WHERE r.last_at < $6
"""


class Named(NamedTuple):
    """A handle that a person's offer named."""

    handle: Handle
    contact_id: UUID
    screening_id: UUID


async def find_confirmed(
    connection: Any, keyset: Keyset, handles: Sequence[Handle]
) -> Mapping[Handle, ConfirmedHandle]:
    """Return those of the handles that staff confirmed; of all others a citizen hears nothing."""
    prints = {handle: print_of_handle(keyset, handle.kind, handle.value) for handle in handles}
    if not prints:
        return {}
    rows = await connection.fetch(_CONFIRMED, list(set(prints.values())))
    decided = {row["print"]: row["decided_at"] for row in rows}
    return {
        handle: ConfirmedHandle(handle.kind, handle.start, handle.end, bangkok(decided[p]).date())
        for handle, p in prints.items()
        if p in decided
    }


async def note_handles(connection: Any, keyset: Keyset, named: Sequence[Named], now: datetime) -> None:
    """Note who named which handle: one row a handle and person, whatever number of offers."""
    if not named:
        return
    await connection.execute(
        _ADD,
        [print_of_handle(keyset, one.handle.kind, one.handle.value) for one in named],
        [one.contact_id for one in named],
        [one.handle.kind for one in named],
        [one.screening_id for one in named],
        now, now - _SAME_HOUR,
    )  # fmt: skip
