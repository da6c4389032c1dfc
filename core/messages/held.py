"""Staff answers that wait until the person writes ("อย่าทักก่อน", invariant 9)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID


async def release_held(connection: Any, identity_ids: Sequence[UUID]) -> list[UUID]:
    """The person wrote: what waited for them may go out now. Returns the messages' ids."""
    rows = await connection.fetch(
        "UPDATE message SET reason = NULL WHERE identity_id = ANY($1) AND state = 'pending' AND reason = 'held'"
        # Members of a batch are never held; saying so is what lets the index of open messages serve.
        " AND batch_id IS NULL RETURNING id",
        list(identity_ids),
    )
    return [row["id"] for row in rows]
