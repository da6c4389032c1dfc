"""Addresses at which an agency wants to be told that something changed. Those of a key for trying out get pings alone."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.faces.routers import make_router
from app.partner_api.access import Program, require_program
from app.partner_api.bodies import Given, Made, Told
from app.partner_api.once import DONE, WriteKey, keep_once
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from core.clock import utc_now
from core.errors import NotFoundError
from referrals.agencies.hook_addresses import LONGEST_ADDRESS
from referrals.agencies.hooks import (
    add_hook,
    end_hook,
    list_calls,
    list_hooks,
    ping,
    replay_calls,
    resume_hook,
)

router = make_router("hooks")
Keeper = Annotated[Program, Depends(require_program("hooks.manage"))]


class NewAddress(Given):
    address: str = Field(
        min_length=12, max_length=LONGEST_ADDRESS, description="https to a host of the public net.",
        examples=["https://cases.agency.example/rootan"],
    )  # fmt: skip


class Since(Given):
    since: AwareDatetime


class MadeHook(BaseModel):
    """`secret` signs what is sent there, and is shown this once."""

    id: UUID
    secret: str


class Hook(Told):
    """An address; `stopped_for` says why nothing is sent there any more: "failing", "gone", "private_address"."""

    id: UUID
    address: str
    is_sandbox: bool
    created_at: datetime
    stopped_at: datetime | None
    stopped_for: str | None
    waiting: int


class Hooks(Told):
    hooks: list[Hook]


class Call(Told):
    """What was sent, and how it went."""

    id: UUID
    kind: str
    case: UUID | None = Field(validation_alias="agency_referral_id")
    event: UUID | None = Field(validation_alias="event_id")
    state: str
    tries: int
    last_status: int | None
    next_at: datetime | None
    at: datetime
    told_at: datetime | None


class Calls(Told):
    """The newest first."""

    calls: list[Call]


class Replayed(BaseModel):
    """How many calls go out again."""

    calls: int


class Most(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Query(ge=1, le=100)] = 50


@router.get("/hooks", name="agency_hook.list", summary="List addresses")
async def read_hooks(request: Request, program: Keeper) -> Hooks:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program) as session:
        hooks = await list_hooks(session, runtime.keys, program.own_agency_id, is_sandbox=program.is_sandbox)
    return Hooks(hooks=[Hook.model_validate(one) for one in hooks])


@router.post(
    "/hooks", name="agency_hook.add", summary="Add an address", status_code=201, response_model=MadeHook
)
async def post_hook(request: Request, program: Keeper, given: NewAddress) -> Response:
    """Not under a key: its answer holds a secret, which is nowhere kept to be said again."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program) as session:
        made = await add_hook(
            session,
            runtime.keys,
            program.own_agency_id,
            given.address,
            is_sandbox=program.is_sandbox,
            now=utc_now(),
        )
    return JSONResponse({"id": str(made.id), "secret": made.secret}, 201)


@router.get("/hooks/{hook_id}/calls", name="agency_hook.calls", summary="See what was sent")
async def read_calls(
    request: Request, hook_id: UUID, program: Keeper, most: Annotated[Most, Query()]
) -> Calls:
    async with audited(request, program) as session:
        await _own(session, request, program, hook_id)
        calls = await list_calls(session, program.own_agency_id, hook_id, most.limit)
    return Calls(calls=[Call.model_validate(one) for one in calls])


@router.post("/hooks/{hook_id}/end", name="agency_hook.end", summary="End an address", status_code=204)
async def post_end(request: Request, hook_id: UUID, program: Keeper, key: WriteKey) -> Response:
    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await _own(session, request, program, hook_id)
        await end_hook(session, program.own_agency_id, hook_id, now=utc_now())
        return DONE

    return await keep_once(request, program, key, work)


@router.post(
    "/hooks/{hook_id}/resume", name="agency_hook.resume", summary="Try an address again", status_code=204
)
async def post_resume(request: Request, hook_id: UUID, program: Keeper, key: WriteKey) -> Response:
    """After it stopped by itself: what waits goes out now."""

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await _own(session, request, program, hook_id)
        await resume_hook(session, program.own_agency_id, hook_id, now=utc_now())
        return DONE

    return await keep_once(request, program, key, work)


@router.post(
    "/hooks/{hook_id}/ping", name="agency_hook.ping", summary="Send a call that tells of nothing", status_code=201,
    response_model=Made,
)  # fmt: skip
async def post_ping(request: Request, hook_id: UUID, program: Keeper, key: WriteKey) -> Response:
    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await _own(session, request, program, hook_id)
        return Done(201, await ping(session, program.own_agency_id, hook_id, now=utc_now()))

    return await keep_once(request, program, key, work)


@router.post("/hooks/{hook_id}/replay", name="agency_hook.replay", summary="Send again what was sent")
async def post_replay(request: Request, hook_id: UUID, program: Keeper, given: Since) -> Replayed:
    """Everything since then, each call under its old id. Twice is as once: needs no key."""
    async with audited(request, program) as session:
        await _own(session, request, program, hook_id)
        count = await replay_calls(session, program.own_agency_id, hook_id, given.since, now=utc_now())
    return Replayed(calls=count)


async def _own(session: AsyncSession, request: Request, program: Program, hook_id: UUID) -> None:
    """Raise NotFoundError for an address of the other kind: one for trying out never touches one that is told."""
    runtime: Runtime = request.app.state.runtime
    own = await list_hooks(session, runtime.keys, program.own_agency_id, is_sandbox=program.is_sandbox)
    if hook_id not in {hook.id for hook in own}:
        raise NotFoundError("no such address of yours")
