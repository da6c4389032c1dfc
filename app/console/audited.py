"""A unit of work that leaves its audit row, also when it was refused or failed (invariant 12)."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import Act, Caller, describe_act
from app.runtime import Runtime
from core.audit.chain import Outcome, record_audit
from core.errors import AppError
from core.logs import get_logger

_log = get_logger()


@contextlib.asynccontextmanager
async def audited(request: Request, caller: Caller, action: str = "") -> AsyncIterator[AsyncSession]:
    """Open the request's transaction and end it with one audit row; a failed one leaves its row apart.

    The row is named after the route, or `action` where the request does more than its route says.
    """
    runtime: Runtime = request.app.state.runtime
    act = describe_act(request)
    if action:
        act = dataclasses.replace(act, action=action)
    try:
        async with runtime.database.unit_of_work() as session:
            yield session
            await _note(session, caller, act, "ok")
    except Exception as error:
        refused = isinstance(error, AppError) and error.status < 500
        await _note_apart(runtime, caller, act, "refused" if refused else "failed")
        raise


async def _note(session: AsyncSession, caller: Caller, act: Act, outcome: Outcome) -> None:
    await record_audit(
        session,
        actor_id=caller.account_id,
        action=act.action,
        object_kind=act.object_kind,
        object_id=act.object_id,
        outcome=outcome,
    )


async def _note_apart(runtime: Runtime, caller: Caller, act: Act, outcome: Outcome) -> None:
    try:
        async with runtime.database.unit_of_work() as session:
            await _note(session, caller, act, outcome)
    except Exception as error:  # noqa: BLE001 - the first error is the one to tell; this one is logged
        _log.error("audit_missed", error=error, account_id=str(caller.account_id))
