"""Tasks: those of a report for who reads its words, and everybody's own."""

from datetime import date
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.access import Program, require_token
from app.api.case import READ, readable
from app.api.case_steps import Given, Made
from app.api.once import DONE, WriteKey, once
from app.auditing import audited
from app.faces.routers import make_router
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from core.errors import NotFoundError
from referrals.desk.models import ReferralTask
from referrals.desk.tasks import LONGEST_TASK, Task, add_task, finish_task, read_own_tasks, read_tasks

router = make_router("tasks")
Reader = Annotated[Program, Depends(require_token("referrals.read"))]
CaseReader = Annotated[Program, Depends(require_token("referrals.read", action=READ))]
Writer = Annotated[Program, Depends(require_token("referrals.read", "referrals.write"))]


class TaskRead(BaseModel):
    """A task; `text` is null for looking at an ended report again, and where the words are gone or not yours."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    referral_id: UUID
    text: str | None
    is_follow_up: bool
    who: str
    is_mine: bool
    due_on: date
    done: bool
    is_overdue: bool


class Tasks(BaseModel):
    """Open tasks first, the earliest first; up to a hundred."""

    tasks: list[TaskRead]


class TaskGiven(Given):
    text: str = Field(min_length=1, max_length=LONGEST_TASK, pattern=r"\S")
    due_on: date = Field(description="From today on, within a year.")


@router.get("/tasks", name="tasks.read", summary="List one's own tasks")
async def list_own(request: Request, program: Reader) -> Tasks:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program) as session:
        own = await read_own_tasks(session, runtime.keys, program.account_id)
    return _shown([task for task, _ in own])


@router.get(
    "/referrals/{referral_id}/tasks", name="referral.read_tasks", summary="Read the tasks of a report"
)
async def list_of_case(request: Request, referral_id: UUID, program: CaseReader) -> Tasks:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program, READ) as session:
        referral = await readable(session, runtime, referral_id, program)
        tasks = await read_tasks(session, runtime.keys, referral, program.account_id)
    return _shown(tasks)


@router.post(
    "/referrals/{referral_id}/tasks", name="referral.add_task", summary="Add a task", status_code=201,
    response_model=Made,
)  # fmt: skip
async def post_task(
    request: Request, referral_id: UUID, program: Writer, key: WriteKey, given: TaskGiven
) -> Response:
    """Add a task: for who holds the report, where nobody does for oneself."""
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, form_id: UUID) -> Done:
        referral = await readable(session, runtime, referral_id, program)
        task_id = await add_task(
            session, runtime.keys, referral, account_id=referral.claimed_by or program.account_id,
            made_by=program.account_id, text=given.text, due_on=given.due_on, form_id=form_id,
        )  # fmt: skip
        return Done(201, task_id)

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/tasks/{task_id}/done", name="referral.finish_task", summary="Mark a task as done",
    status_code=204,
)  # fmt: skip
async def post_done(
    request: Request, referral_id: UUID, task_id: UUID, program: Writer, key: WriteKey
) -> Response:
    """By who may read the report, and by whose task it is."""
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        if not await _is_own(session, referral_id, task_id, program.account_id):
            await readable(session, runtime, referral_id, program)
        await finish_task(session, referral_id, task_id, program.account_id)
        return DONE

    return await once(request, program, key, work)


async def _is_own(session: AsyncSession, referral_id: UUID, task_id: UUID, account_id: UUID) -> bool:
    """Whether it is the caller's task; raises NotFoundError where it is none of this report."""
    whose = await session.scalar(
        sa.select(ReferralTask.account_id).where(
            ReferralTask.id == task_id, ReferralTask.referral_id == referral_id
        )
    )
    if whose is None:
        raise NotFoundError("no such task in this referral")
    return whose == account_id


def _shown(tasks: list[Task]) -> Tasks:
    return Tasks(tasks=[TaskRead.model_validate(task) for task in tasks])
