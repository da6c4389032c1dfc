"""Jobs whose arguments are ids of something that was erased: nobody needs them any more."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

# A worker that has picked one finds nothing and ends it; the engine's own rows stay with it until then.
_DROP = """
DELETE FROM pgqueuer WHERE status <> 'picked' AND entrypoint = ANY($1)
AND convert_from(payload, 'UTF8')::jsonb <@ to_jsonb($2::text[])
"""


async def drop_jobs(connection: Any, entrypoints: Collection[str], ids: Collection[UUID]) -> None:
    """Delete the waiting and the held jobs of these kinds that name none but these ids."""
    if ids:
        await connection.execute(_DROP, sorted(entrypoints), [str(one) for one in ids])
