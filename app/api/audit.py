"""The audit for auditors' programs: who did what to which object, when, and how it ended; nothing of any content."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.access import Program, require_token
from app.auditing import audited
from app.faces.pages import Paging, open_cursor, seal_cursor
from app.faces.routers import make_router
from app.runtime import Runtime
from core.audit.chain import Outcome
from core.audit.reading import Place, Wanted, read_audit

router = make_router("audit")
Auditor = Annotated[Program, Depends(require_token("audit.read"))]
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Asked(Paging):
    """Which rows: of a time, an account, an action or a whole kind of object, one object, an outcome."""

    since: Annotated[AwareDatetime, Query(ge=_FIRST, lt=_LAST)] = _FIRST
    until: Annotated[AwareDatetime, Query(ge=_FIRST, lt=_LAST)] = datetime(2199, 1, 1, tzinfo=UTC)
    actor_id: UUID | None = None
    action: Annotated[
        str, Query(max_length=80, description="`referral.claim`, or `referral` for all of its kind.")
    ] = ""
    object_id: UUID | None = None
    outcome: Outcome | None = None

    def wanted(self) -> Wanted:
        return Wanted(
            since=self.since.astimezone(UTC), until=self.until.astimezone(UTC), actor_id=self.actor_id,
            action=self.action, object_id=self.object_id, outcome=self.outcome,
        )  # fmt: skip


class Event(BaseModel):
    """One row of the audit; `stream` and `number` are its place in the chain."""

    model_config = ConfigDict(from_attributes=True)

    stream: int
    number: int
    at: datetime
    actor_id: UUID | None
    action: str = Field(examples=["referral.claim"])
    object_kind: str
    object_id: UUID | None
    outcome: Outcome


class Events(BaseModel):
    """Rows, the newest first."""

    events: list[Event]
    next: str | None


@router.get("/audit/events", name="audit.read", summary="Read the audit")
async def list_events(request: Request, program: Auditor, asked: Annotated[Asked, Query()]) -> Events:
    runtime: Runtime = request.app.state.runtime
    wanted = asked.wanted()
    async with audited(request, program) as session:
        of = f"audit {wanted!r}"
        after = open_cursor(runtime.keys.keyset, program, of, asked.cursor, Place)
        rows, end = await read_audit(session, wanted, after=after, limit=asked.limit)
    return Events(
        events=[Event.model_validate(row) for row in rows],
        next=seal_cursor(runtime.keys.keyset, program, of, end),
    )
