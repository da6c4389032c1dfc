"""A unit of work that leaves the audit row that the console leaves for the same act, also when refused (invariant 12)."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import Act, describe_act
from app.runtime import Runtime
from core.audit.chain import Outcome, record_audit
from core.errors import AppError
from core.logs import get_logger

_log = get_logger()


@contextlib.asynccontextmanager
async def audited(request: Request, account_id: UUID, action: str = "") -> AsyncIterator[AsyncSession]:
    """Open the request's transaction and end it with one audit row; a failed one leaves its row apart.

    The row is named after the route, or `action` where the console has another name for it.
    """
    runtime: Runtime = request.app.state.runtime
    act = describe_act(request)
    if action:
        act = dataclasses.replace(act, action=action)
    try:
        async with runtime.database.unit_of_work() as session:
            yield session
            await _note(session, account_id, act, "ok")
    except Exception as error:
        refused = isinstance(error, AppError) and error.status < 500
        await note_apart(runtime, account_id, act, "refused" if refused else "failed")
        raise


async def note_apart(runtime: Runtime, account_id: UUID, act: Act, outcome: Outcome) -> None:
    """Leave a row of its own; where that fails the error before it is the one to tell."""
    try:
        async with runtime.database.unit_of_work() as session:
            await _note(session, account_id, act, outcome)
    except Exception as error:  # noqa: BLE001 - this one is logged
        _log.error("audit_missed", error=error, account_id=str(account_id))


async def _note(session: AsyncSession, account_id: UUID, act: Act, outcome: Outcome) -> None:
    await record_audit(
        session, actor_id=account_id, action=act.action, object_kind=act.object_kind, object_id=act.object_id,
        outcome=outcome,
    )  # fmt: skip
