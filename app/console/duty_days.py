"""The days without duty: public holidays, and what supervisors add or strike."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.teams import ADDRESS as TEAMS
from app.console.texts import spoken
from app.console.thai_time import day as say_day
from app.console.thai_time import year_of_era
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError
from referrals.teams.calendar import Calendar, public_holidays
from referrals.teams.days import LONGEST_NAME, change_day, load_calendar, restore_day

router = APIRouter()
ADDRESS = f"{TEAMS}/days"
Supervisor = Annotated[Caller, Depends(require("referrals.assign"))]
YEARS = range(2020, 2101)


class DayError(InvalidInputError):
    """No day of the years that we know, or one without a name."""

    code = "duty_day"


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day that differs from an ordinary duty day: its name, and what supervisors made of it."""

    day: date
    name: str
    is_duty: bool
    is_changed: bool


def days_of(calendar: Calendar, year: int, language: Literal["th", "en"]) -> list[ShownDay]:
    """Return the holidays of a year and the days that were changed, in order."""
    public = {
        day: name
        for day, name in public_holidays(year, language).items()
        if day.weekday() in calendar.hours.weekdays
    }
    changed = {day: one for day, one in calendar.changed.items() if day.year == year}
    return [
        ShownDay(
            day,
            changed[day].name if day in changed else public[day],
            calendar.is_duty_day(day),
            day in changed,
        )
        for day in sorted(public.keys() | changed.keys())
    ]


@router.get(ADDRESS, name="duty_day.list")
async def show_days(
    request: Request, caller: Supervisor, year: Annotated[int | None, Query()] = None
) -> Response:
    return await _draw(request, caller, year)


async def _draw(
    request: Request,
    caller: Caller,
    year: int | None,
    problem: AppError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    shown = bangkok(utc_now()).year if year is None or year not in YEARS else year
    async with audited(request, caller, "duty_day.list") as session:
        calendar = await load_calendar(session)
    language: Literal["th", "en"] = "en" if spoken.get() == "en" else "th"
    return draw(
        request, "duty_days.html", caller, status=problem.status if problem else 200, year=shown,
        days=days_of(calendar, shown, language), hours=calendar.hours, say_day=say_day, era=year_of_era, problem=problem,
        typed={"day": "", "name": "", "is_duty": ""} | (typed or {}), longest_name=LONGEST_NAME,
    )  # fmt: skip


@router.post(ADDRESS, name="duty_day.change")
async def post_day(
    request: Request,
    caller: Supervisor,
    day: Annotated[str, Form(max_length=40)] = "",
    name: Annotated[str, Form(max_length=400)] = "",
    is_duty: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    try:
        when = _read(day)
        async with audited(request, caller) as session:
            await change_day(session, when, is_duty=bool(is_duty), name=name, by=caller.account_id)
    except AppError as error:
        typed = {"day": day, "name": name, "is_duty": is_duty}
        return await _draw(request, caller, None, DayError(str(error)), typed)
    return RedirectResponse(f"{ADDRESS}?year={when.year}", 303)


@router.post(f"{ADDRESS}/restore", name="duty_day.restore")
async def post_restore(
    request: Request, caller: Supervisor, day: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    when = _read(day)
    async with audited(request, caller) as session:
        await restore_day(session, when)
    return RedirectResponse(f"{ADDRESS}?year={when.year}", 303)


def _read(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise DayError("give a day of the calendar") from None
    if day.year not in YEARS:
        raise DayError("give a day of our time")
    return day
