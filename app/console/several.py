"""What a supervisor does with several referrals of the queue at once."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, describe_act, require
from app.console.days import read_day
from app.console.queue_asked import QUEUE
from app.runtime import Runtime
from core.audit.several import record_each
from core.errors import ConflictError, KeyDestroyedError, NotFoundError
from referrals.desk.assigning import Done, assign_each, several
from referrals.desk.flags import put_flag
from referrals.desk.handing_over import ReceiverError
from referrals.listing.filters import VIEWS

router = APIRouter()
Overseer = Annotated[Caller, Depends(require("referrals.read", "referrals.assign"))]
Chosen = Annotated[list[UUID] | None, Form()]


@router.post(f"{QUEUE}/several/assign", name="queue.assign")
async def post_assign(
    request: Request,
    caller: Overseer,
    referral_id: Chosen = None,
    to_account: Annotated[str, Form(max_length=40)] = "",
    view: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    chosen = referral_id or []
    async with audited(request, caller) as session:
        done = await assign_each(session, chosen, caller.account_id, to_account=_receiver(to_account))
        await _note_each(request, session, caller, chosen)
    return _back(view, done)


@router.post(f"{QUEUE}/several/flag", name="queue.flag")
async def post_flag(
    request: Request,
    caller: Overseer,
    form_id: Annotated[UUID, Form()],
    referral_id: Chosen = None,
    text: Annotated[str, Form()] = "",
    due_on: Annotated[str, Form(max_length=20)] = "",
    view: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    chosen, changed = several(referral_id or []), 0
    async with audited(request, caller) as session:
        for one in chosen:
            try:
                await put_flag(
                    session, runtime.keys, one, caller.account_id, message=text, due_on=read_day(due_on), oversees=True,
                    form_id=uuid5(form_id, str(one)),
                )  # fmt: skip
            except (ConflictError, NotFoundError, KeyDestroyedError):
                continue
            changed += 1
        await _note_each(request, session, caller, chosen)
    return _back(view, Done(changed, len(chosen) - changed))


async def _note_each(request: Request, session: AsyncSession, caller: Caller, chosen: list[UUID]) -> None:
    """What was done to each case stands in the audit of that case."""
    await record_each(
        session, actor_id=caller.account_id, action=describe_act(request).action, object_kind="referral",
        object_ids=chosen,
    )  # fmt: skip


def _receiver(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise ReceiverError("choose a colleague") from None


def _back(view: str, done: Done) -> Response:
    shown = view if view in VIEWS else VIEWS[0]
    return RedirectResponse(f"{QUEUE}?view={shown}&done={done.changed}.{done.refused}", 303)
