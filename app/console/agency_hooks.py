"""Where an agency's systems are told that something changed: addresses, of which a secret is shown once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.agency_directory import ADDRESS, back_to
from app.console.agency_page import TypedHook, draw_agency
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError
from referrals.agencies.directory import read_agency
from referrals.agencies.hooks import add_hook, end_hook, resume_hook

router = APIRouter()
Keeper = Annotated[Caller, Depends(require("agencies.read", "agencies.write"))]
_ONE = f"{ADDRESS}/{{agency_id}}/hooks"


@router.post(_ONE, name="agency.add_hook")
async def post_hook(
    request: Request,
    agency_id: UUID,
    caller: Keeper,
    address: Annotated[str, Form(max_length=4_000)] = "",
    sandbox: Annotated[bool, Form()] = False,  # noqa: FBT002 - a box of a form
) -> Response:
    """Show the new secret once, in the answer itself."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await read_agency(session, agency_id)
            made = await add_hook(
                session, runtime.keys, agency_id, address.strip(), is_sandbox=sandbox, by_account=caller.account_id,
                now=utc_now(),
            )  # fmt: skip
    except AppError as error:
        typed = TypedHook(address, sandbox=sandbox)
        return await draw_agency(request, agency_id, caller, problem=error, typed_hook=typed)
    return await draw_agency(request, agency_id, caller, made_hook=made)


@router.post(f"{_ONE}/{{agency_hook_id}}/resume", name="agency.resume_hook")
async def post_resume(request: Request, agency_id: UUID, agency_hook_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        await resume_hook(session, agency_id, agency_hook_id, now=utc_now())
    return back_to(agency_id)


@router.post(f"{_ONE}/{{agency_hook_id}}/end", name="agency.end_hook")
async def post_end(request: Request, agency_id: UUID, agency_hook_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        await end_hook(session, agency_id, agency_hook_id, now=utc_now())
    return back_to(agency_id)
