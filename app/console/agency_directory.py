"""The directory of agencies: who they are, what they may be given, whom they are paired with; adding and changing them."""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.agency_form import AgencyForm, Filled, empty_form, form_of, particulars_of
from app.console.agency_words import (
    agreement,
    day_of,
    provinces,
    say_agency,
    say_duty,
    say_named,
    say_province,
)
from app.console.pages import draw
from core.clock import bangkok, utc_now
from core.errors import AppError
from referrals.agencies.directory import (
    ListedAgency,
    add_agency,
    change_agency,
    close_agency,
    read_agencies,
    read_agency,
)
from referrals.agencies.kinds import AGENCY_KINDS
from referrals.agencies.models import AgencyOfficer
from referrals.agencies.pairings import Pairing, read_pairings
from referrals.agencies.particulars import LONGEST_BASIS, LONGEST_NAME
from referrals.agencies.templates import templates

router = APIRouter()
ADDRESS = "/console/agencies"
Reader = Annotated[Caller, Depends(require("agencies.read"))]
Keeper = Annotated[Caller, Depends(require("agencies.read", "agencies.write"))]


@router.get(ADDRESS, name="agency.list")
async def show_agencies(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        agencies = await read_agencies(session, with_closed=True)
        officers = await _count_officers(session)
        takers = {way.taker_id for way in await read_pairings(session) if way.giver_id is None}
    return draw(
        request, "agency_list.html", caller, agencies=sorted(agencies, key=lambda one: one.closed_at is not None),
        officers=officers, takers=takers, **sayings(),
    )  # fmt: skip


async def _count_officers(session: AsyncSession) -> dict[UUID, int]:
    rows = await session.execute(
        sa.select(AgencyOfficer.agency_id, sa.func.count()).group_by(AgencyOfficer.agency_id)
    )
    return {row[0]: row[1] for row in rows}


@router.get(f"{ADDRESS}/new", name="agency.write_page")
async def show_new(request: Request, caller: Keeper) -> Response:
    async with audited(request, caller):
        return _draw_form(request, caller, empty_form())


@router.post(f"{ADDRESS}/new", name="agency.add")
async def post_new(request: Request, caller: Keeper, form: Filled) -> Response:
    try:
        async with audited(request, caller) as session:
            agency_id = await add_agency(
                session, form.code.strip(), particulars_of(form), by=caller.account_id
            )
    except AppError as error:
        return _draw_form(request, caller, form, problem=error)
    return back_to(agency_id)


@router.get(f"{ADDRESS}/{{agency_id}}/edit", name="agency.edit_page")
async def show_form(request: Request, agency_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        agency = await read_agency(session, agency_id)
    return _draw_form(request, caller, form_of(agency), agency)


@router.post(f"{ADDRESS}/{{agency_id}}/edit", name="agency.edit")
async def post_edit(request: Request, agency_id: UUID, caller: Keeper, form: Filled) -> Response:
    async with audited(request, caller, "agency.edit_page") as session:
        agency = await read_agency(session, agency_id)
    try:
        async with audited(request, caller) as session:
            await change_agency(session, agency_id, particulars_of(form))
    except AppError as error:
        return _draw_form(request, caller, form, agency, problem=error)
    return back_to(agency_id)


@router.post(f"{ADDRESS}/{{agency_id}}/close", name="agency.close")
async def post_close(request: Request, agency_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        await close_agency(session, agency_id)
    return back_to(agency_id)


def _draw_form(
    request: Request,
    caller: Caller,
    form: AgencyForm,
    agency: ListedAgency | None = None,
    *,
    problem: AppError | None = None,
) -> Response:
    return draw(
        request, "agency_form.html", caller, status=problem.status if problem else 200, form=form, agency=agency,
        problem=problem, fault=problem.code.removeprefix("agency_") if problem else "", kinds=AGENCY_KINDS,
        provinces=provinces(), longest_name=LONGEST_NAME, longest_basis=LONGEST_BASIS, **sayings(),
    )  # fmt: skip


def sayings() -> dict[str, Any]:
    """What templates say of agencies."""
    today = bangkok(utc_now()).date()
    return {
        "say_agency": say_agency,
        "say_duty": say_duty,
        "say_named": say_named,
        "say_province": say_province,
        "day_of": day_of,
        "agreement": lambda agency: agreement(agency, today),
        "templates": templates(),
    }


def ways_of(agency_id: UUID, ways: list[Pairing]) -> list[Pairing]:
    """The pairings that an agency is a side of."""
    return [way for way in ways if agency_id in (way.giver_id, way.taker_id)]


def back_to(agency_id: UUID) -> Response:
    return RedirectResponse(f"{ADDRESS}/{agency_id}", 303)
