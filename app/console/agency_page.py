"""One agency: its facts, pairings and officers, and the keys of its systems, of which a secret is shown once."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.agency_directory import ADDRESS, back_to, sayings, ways_of
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.models import Account
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from referrals.agencies.directory import read_agencies, read_agency
from referrals.agencies.hooks import NewHook, list_hooks
from referrals.agencies.models import AgencyOfficer
from referrals.agencies.officers import ROLE, dismiss_officer, name_officer, read_officers
from referrals.agencies.pairings import end_pairing, pair, read_pairings
from referrals.agencies.programs import (
    LONGEST_NAME,
    PROGRAM_SCOPES,
    NewProgram,
    list_programs,
    make_program,
    revoke_program,
)

router = APIRouter()
Reader = Annotated[Caller, Depends(require("agencies.read"))]
Keeper = Annotated[Caller, Depends(require("agencies.read", "agencies.write"))]
Way = Literal["to_here", "from_here", "both"]
_ONE = f"{ADDRESS}/{{agency_id}}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of a program."""

    name: str = ""
    scopes: tuple[str, ...] = ("cases.read",)
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class TypedHook:
    """What stands in the form of an address."""

    address: str = ""
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """An account of a partner officer that no agency has."""

    id: UUID
    name: str
    email: str


@router.get(_ONE, name="agency.read")
async def show_agency(request: Request, agency_id: UUID, caller: Reader) -> Response:
    return await draw_agency(request, agency_id, caller)


async def draw_agency(
    request: Request,
    agency_id: UUID,
    caller: Caller,
    *,
    problem: AppError | None = None,
    made: NewProgram | None = None,
    made_hook: NewHook | None = None,
    typed: Typed | None = None,
    typed_hook: TypedHook | None = None,
) -> Response:
    """Draw one agency; `made` and `made_hook` are what was made just now, whose secrets are shown this once."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "agency.read") as session:
        agency = await read_agency(session, agency_id)
        others = [one for one in await read_agencies(session) if one.id != agency_id]
        ways = ways_of(agency_id, await read_pairings(session))
        officers = await read_officers(session, agency_id)
        programs = await list_programs(session, agency_id)
        hooks = await list_hooks(session, runtime.keys, agency_id)
        free = await _free_officers(session)
    return draw(
        request, "agency_page.html", caller, status=problem.status if problem else 200, agency=agency, others=others,
        names={one.id: one for one in (agency, *others)}, ways=ways, officers=officers, free=free, programs=programs,
        hooks=hooks, problem=problem, made=made, made_hook=made_hook, typed=typed or Typed(),
        typed_hook=typed_hook or TypedHook(), scopes=PROGRAM_SCOPES, longest=LONGEST_NAME, **sayings(),
    )  # fmt: skip


async def _free_officers(session: AsyncSession) -> list[Free]:
    rows = await session.execute(
        sa.select(Account.id, Account.name, Account.email)
        .where(
            Account.role == ROLE,
            Account.disabled_at.is_(None),
            ~sa.exists().where(AgencyOfficer.account_id == Account.id),
        )
        .order_by(Account.name, Account.id)
    )
    return [Free(*row) for row in rows]


@router.post(f"{_ONE}/pairings", name="agency.pair")
async def post_pairing(
    request: Request,
    agency_id: UUID,
    caller: Keeper,
    side: Annotated[str, Form(max_length=40)] = "",
    way: Annotated[Way, Form()] = "to_here",
) -> Response:
    """Pair with the hotline ("hotline") or another agency (its id)."""
    try:
        async with audited(request, caller) as session:
            other = await _side(session, side)
            giver, taker = (agency_id, other) if way == "from_here" else (other, agency_id)
            await pair(session, giver, taker, by=caller.account_id, both=way == "both")
    except AppError as error:
        return await draw_agency(request, agency_id, caller, problem=error)
    return back_to(agency_id)


@router.post(f"{_ONE}/pairings/end", name="agency.end_pairing")
async def post_end_pairing(
    request: Request,
    agency_id: UUID,
    caller: Keeper,
    giver: Annotated[str, Form(max_length=40)] = "",
    taker: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    async with audited(request, caller) as session:
        await end_pairing(session, await _side(session, giver), await _side(session, taker), both=False)
    return back_to(agency_id)


async def _side(session: AsyncSession, typed: str) -> UUID | None:
    """Return the side that a form names; None is the hotline. Raises NotFoundError."""
    if typed == "hotline":
        return None
    try:
        return (await read_agency(session, UUID(typed))).id
    except ValueError:
        raise NotFoundError("no such agency") from None


@router.post(f"{_ONE}/officers", name="agency.name_officer")
async def post_officer(
    request: Request, agency_id: UUID, caller: Keeper, account: Annotated[UUID, Form()]
) -> Response:
    try:
        async with audited(request, caller) as session:
            await name_officer(session, agency_id, account, by=caller.account_id)
    except AppError as error:
        return await draw_agency(request, agency_id, caller, problem=error)
    return back_to(agency_id)


@router.post(f"{_ONE}/officers/{{account_id}}/remove", name="agency.remove_officer")
async def post_remove(request: Request, agency_id: UUID, account_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        await dismiss_officer(session, agency_id, account_id)
    return back_to(agency_id)


@router.post(f"{_ONE}/programs", name="agency.make_program")
async def post_program(
    request: Request,
    agency_id: UUID,
    caller: Keeper,
    name: Annotated[str, Form(max_length=400)] = "",
    scopes: Annotated[list[str] | None, Form(max_length=40)] = None,
    sandbox: Annotated[bool, Form()] = False,  # noqa: FBT002 - a box of a form
) -> Response:
    """Show the new secret once, in the answer itself."""
    typed = Typed(name, tuple(scopes or ()), sandbox)
    try:
        async with audited(request, caller) as session:
            made = await make_program(
                session, agency_id, name=name, scopes=typed.scopes, is_sandbox=sandbox, by_account=caller.account_id,
                now=utc_now(),
            )  # fmt: skip
    except AppError as error:
        return await draw_agency(request, agency_id, caller, problem=error, typed=typed)
    return await draw_agency(request, agency_id, caller, made=made)


@router.post(f"{_ONE}/programs/{{program_id}}/revoke", name="agency.revoke_program")
async def post_revoke(request: Request, agency_id: UUID, program_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        await revoke_program(session, agency_id, program_id, now=utc_now())
    return back_to(agency_id)
