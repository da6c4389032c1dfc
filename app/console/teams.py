"""Teams: who belongs to them, who leads, which one takes what no rule sends elsewhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.shift_week import bounds_of, read_week, show_week
from app.console.thai_time import day as say_day
from core.clock import bangkok, utc_now
from core.errors import AppError
from referrals.teams.roster import (
    LONGEST_NAME,
    add_member,
    change_team,
    close_team,
    create_team,
    list_members,
    list_teams,
    make_fallback,
    read_team,
    remove_member,
    staff_with,
)
from referrals.teams.shifts import MOST_WEEKS, WEEK, list_shifts, who_is_there

router = APIRouter()
ADDRESS = "/console/teams"
Supervisor = Annotated[Caller, Depends(require("referrals.assign"))]
Name = Annotated[str, Form(max_length=400)]


@router.get(ADDRESS, name="team.list")
async def show_teams(request: Request, caller: Supervisor) -> Response:
    return await _draw_teams(request, caller)


async def _draw_teams(
    request: Request, caller: Caller, problem: AppError | None = None, typed: str = ""
) -> Response:
    async with audited(request, caller, "team.list") as session:
        teams = await list_teams(session)
        members = await list_members(session)
        there = await who_is_there(session, [team.id for team in teams], utc_now())
    return draw(
        request, "teams.html", caller, status=problem.status if problem else 200, teams=teams, members=members,
        there=there, problem=problem, typed=typed, longest_name=LONGEST_NAME,
    )  # fmt: skip


@router.post(ADDRESS, name="team.create")
async def post_team(request: Request, caller: Supervisor, name: Name = "") -> Response:
    try:
        async with audited(request, caller) as session:
            team_id = await create_team(session, name)
    except AppError as error:
        return await _draw_teams(request, caller, error, name)
    return RedirectResponse(f"{ADDRESS}/{team_id}", 303)


@router.get(f"{ADDRESS}/{{team_id}}", name="team.read")
async def show_team(request: Request, team_id: UUID, caller: Supervisor, week: str = "") -> Response:
    return await draw_team(request, caller, team_id, week)


async def draw_team(
    request: Request,
    caller: Caller,
    team_id: UUID,
    week: str = "",
    problem: AppError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """Draw one team's page; `typed` is what a refused form held, by its fields."""
    monday = read_week(week, bangkok(utc_now()).date())
    begins, ends = bounds_of(monday)
    async with audited(request, caller, "team.read") as session:
        team = await read_team(session, team_id)
        members = (await list_members(session)).get(team_id, [])
        inside = {member.account_id for member in members}
        others = [one for one in await staff_with(session, "referrals.write") if one.id not in inside]
        shifts = await list_shifts(session, team_id, begins, ends)
    standing = {"name": team.name, "on_call_after": team.on_call_after, "day": "", "starts": "08:30",
                "ends": "16:30", "account": "", "on_call": "", "weeks": "1"}  # fmt: skip
    return draw(
        request, "team.html", caller, status=problem.status if problem else 200, team=team, members=members,
        others=others, days=show_week(monday, shifts), week=monday, before=monday - WEEK, after=monday + WEEK,
        say_day=say_day, problem=problem, typed=standing | (typed or {}), longest_name=LONGEST_NAME,
        most_weeks=MOST_WEEKS, of_settings=problem is not None and "on_call_after" in (typed or {}),
    )  # fmt: skip


@router.post(f"{ADDRESS}/{{team_id}}", name="team.change")
async def post_change(
    request: Request,
    team_id: UUID,
    caller: Supervisor,
    name: Name = "",
    on_call_after: Annotated[int, Form()] = 0,
) -> Response:
    try:
        async with audited(request, caller) as session:
            await change_team(session, team_id, name=name, on_call_after=on_call_after)
    except AppError as error:
        typed = {"name": name, "on_call_after": str(on_call_after)}
        return await draw_team(request, caller, team_id, problem=error, typed=typed)
    return _back(team_id)


@router.post(f"{ADDRESS}/{{team_id}}/fallback", name="team.make_fallback")
async def post_fallback(request: Request, team_id: UUID, caller: Supervisor) -> Response:
    async with audited(request, caller) as session:
        await make_fallback(session, team_id)
    return _back(team_id)


@router.post(f"{ADDRESS}/{{team_id}}/close", name="team.close")
async def post_close(request: Request, team_id: UUID, caller: Supervisor) -> Response:
    try:
        async with audited(request, caller) as session:
            await close_team(session, team_id)
    except AppError as error:
        return await draw_team(request, caller, team_id, problem=error)
    return RedirectResponse(ADDRESS, 303)


@router.post(f"{ADDRESS}/{{team_id}}/members", name="team.add_member")
async def post_member(
    request: Request,
    team_id: UUID,
    caller: Supervisor,
    account: Annotated[UUID, Form()],
    leads: Annotated[bool, Form()] = False,  # noqa: FBT002 - a box of a form
) -> Response:
    """Take somebody in, or change whether they lead."""
    async with audited(request, caller) as session:
        await add_member(session, team_id, account, leads=leads)
    return _back(team_id)


@router.post(f"{ADDRESS}/{{team_id}}/members/{{account_id}}/remove", name="team.remove_member")
async def post_remove(request: Request, team_id: UUID, account_id: UUID, caller: Supervisor) -> Response:
    async with audited(request, caller) as session:
        await remove_member(session, team_id, account_id)
    return _back(team_id)


def _back(team_id: UUID) -> Response:
    return RedirectResponse(f"{ADDRESS}/{team_id}", 303)
