"""Tasks of a case, and everybody's own list of what is due."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_page import back_to, draw_case, readable
from app.console.days import read_day
from app.console.pages import draw
from app.console.thai_time import day as say_day
from app.runtime import Runtime
from core.errors import AppError, NotFoundError
from referrals.desk.models import ReferralTask
from referrals.desk.tasks import (
    TaskDayError,
    add_task,
    count_overdue,
    finish_task,
    owner,
    read_own_tasks,
)
from referrals.models import Referral

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]


@router.get("/console/tasks", name="tasks.read")
async def show_own_tasks(request: Request, caller: Reader) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        tasks = await read_own_tasks(session, runtime.keys, caller.account_id)
        overdue = await count_overdue(session, caller.account_id)
    return draw(request, "case_tasks.html", caller, tasks=tasks, overdue=overdue, say_day=say_day)


@router.post("/console/referrals/{referral_id}/tasks", name="referral.add_task")
async def post_task(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form()],
    text: Annotated[str, Form()] = "",
    due_on: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Add a task: for who holds the case, where nobody does for oneself."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            referral = await readable(session, runtime, referral_id, caller)
            day = read_day(due_on)
            if day is None:
                raise TaskDayError("choose a day")
            await add_task(
                session, runtime.keys, referral, account_id=referral.claimed_by or caller.account_id,
                made_by=caller.account_id, text=text, due_on=day, form_id=form_id,
            )  # fmt: skip
    except AppError as error:
        typed = {"task": text, "due_on": due_on}
        return await draw_case(request, referral_id, caller, problem=error, typed=typed, tab="desk")
    return back_to(referral_id, "desk")


@router.post("/console/referrals/{referral_id}/tasks/{task_id}/done", name="referral.finish_task")
async def post_done(
    request: Request,
    referral_id: UUID,
    task_id: UUID,
    caller: Writer,
    back: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Mark a task as done: who may read the case, and whose task it is."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            if not await _is_own(session, referral_id, task_id, caller.account_id):
                await readable(session, runtime, referral_id, caller)
            await finish_task(session, referral_id, task_id, caller.account_id)
    except AppError as error:
        return await draw_case(request, referral_id, caller, problem=error, tab="desk")
    return RedirectResponse("/console/tasks", 303) if back == "tasks" else back_to(referral_id, "desk")


async def _is_own(session: AsyncSession, referral_id: UUID, task_id: UUID, account_id: UUID) -> bool:
    """Whether it is the caller's task; raises NotFoundError where it is none of this case."""
    whose = await session.scalar(
        sa.select(owner())
        .select_from(ReferralTask)
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(ReferralTask.id == task_id, ReferralTask.referral_id == referral_id)
    )
    if whose is None:
        raise NotFoundError("no such task in this referral")
    return whose == account_id
