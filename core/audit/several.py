"""Many rows of the audit at once: one stream, locked once, however many objects somebody read."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.chain import AuditEvent, append, chained_hash, lock_head
from core.clock import utc_now


async def record_each(
    session: AsyncSession, *, actor_id: UUID, action: str, object_kind: str, object_ids: Sequence[UUID]
) -> None:
    """Append one row for each object, in three statements; nothing where there is no object.

    Call it last, as `record_audit`.
    """
    if not object_ids:
        return
    stream, number, previous = await lock_head(session)
    events, now = [], utc_now()
    for place, object_id in enumerate(object_ids, number + 1):
        event = AuditEvent(
            stream=stream, number=place, at=now, actor_id=actor_id, action=action, object_kind=object_kind,
            object_id=object_id, outcome="ok", previous=previous,
        )  # fmt: skip
        event.hash = previous = chained_hash(event)
        events.append(event)
    await append(session, events)
