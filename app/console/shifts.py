"""Putting people on duty and on call, and taking their shifts away; the week itself is on the team's page."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.shift_week import monday_of
from app.console.teams import ADDRESS, draw_team
from core.errors import AppError, InvalidInputError
from referrals.teams.shifts import ShiftTimesError, add_shifts, drop_shift

router = APIRouter()
Supervisor = Annotated[Caller, Depends(require("referrals.assign"))]
Short = Annotated[str, Form(max_length=40)]


@router.post(f"{ADDRESS}/{{team_id}}/shifts", name="shift.add")
async def post_shift(
    request: Request,
    team_id: UUID,
    caller: Supervisor,
    *,
    account: Short = "",
    day: Short = "",
    starts: Short = "",
    ends: Short = "",
    on_call: Short = "",
    weeks: Short = "1",
) -> Response:
    typed = {
        "account": account,
        "day": day,
        "starts": starts,
        "ends": ends,
        "on_call": on_call,
        "weeks": weeks,
    }
    try:
        begins_on, times, repeats, who = _read(day, starts, ends, weeks, account)
        async with audited(request, caller) as session:
            await add_shifts(
                session, team_id=team_id, account_id=who, day=begins_on, starts=times[0], ends=times[1],
                on_call=bool(on_call), weeks=repeats,
            )  # fmt: skip
    except AppError as error:
        return await draw_team(request, caller, team_id, problem=error, typed=typed)
    return _back(team_id, begins_on)


def _read(
    day: str, starts: str, ends: str, weeks: str, account: str
) -> tuple[date, tuple[time, time], int, UUID]:
    """Read the form's fields; raises ShiftTimesError, InvalidInputError without a person."""
    try:
        times = time.fromisoformat(starts), time.fromisoformat(ends)
        begins_on, repeats = date.fromisoformat(day), int(weeks)
    except ValueError:
        raise ShiftTimesError("give a day, two clocks and a number of weeks") from None
    if not date(2020, 1, 1) <= begins_on <= date(2200, 1, 1) or any(clock.tzinfo for clock in times):
        raise ShiftTimesError("give a day of our time")
    try:
        return begins_on, times, repeats, UUID(account)
    except ValueError:
        raise InvalidInputError("say whose shift it is") from None


@router.post(f"{ADDRESS}/{{team_id}}/shifts/{{shift_id}}/drop", name="shift.drop")
async def post_drop(
    request: Request, team_id: UUID, shift_id: UUID, caller: Supervisor, day: Annotated[date, Form()]
) -> Response:
    async with audited(request, caller) as session:
        await drop_shift(session, team_id, shift_id)
    return _back(team_id, day)


def _back(team_id: UUID, day: date) -> Response:
    return RedirectResponse(f"{ADDRESS}/{team_id}?week={monday_of(day)}#shifts", 303)
