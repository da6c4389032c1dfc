"""A unit of work that leaves its audit row, also when it was refused or failed (invariant 12)."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import Act, describe_act
from app.runtime import Runtime
from core.audit.chain import Outcome, record_audit
from core.errors import AppError
from core.logs import get_logger

_log = get_logger()


class Actor(Protocol):
    """Whoever calls: a member of staff, or a program of theirs."""

    @property
    def account_id(self) -> UUID: ...


@contextlib.asynccontextmanager
async def audited(request: Request, actor: Actor, action: str = "") -> AsyncIterator[AsyncSession]:
    """Open the request's transaction and end it with one audit row; a failed one leaves its row apart.

    The row is named after the route, or `action` where the request does more than its route says.
    """
    runtime: Runtime = request.app.state.runtime
    act = describe_act(request)
    if action:
        act = dataclasses.replace(act, action=action)
    request.state.is_audited = True
    try:
        async with runtime.database.unit_of_work() as session:
            yield session
            await _note(session, actor, act, "ok")
    except Exception as error:
        refused = isinstance(error, AppError) and error.status < 500
        await note_apart(runtime, actor, act, "refused" if refused else "failed")
        raise


async def note_apart(runtime: Runtime, actor: Actor, act: Act, outcome: Outcome) -> None:
    """Leave a row of its own; where that fails the error before it is the one to tell."""
    try:
        async with runtime.database.unit_of_work() as session:
            await _note(session, actor, act, outcome)
    except Exception as error:  # noqa: BLE001 - this one is logged
        _log.error("audit_missed", error=error, account_id=str(actor.account_id))


async def _note(session: AsyncSession, actor: Actor, act: Act, outcome: Outcome) -> None:
    await record_audit(
        session, actor_id=actor.account_id, action=act.action, object_kind=act.object_kind,
        object_id=act.object_id, outcome=outcome,
    )  # fmt: skip
