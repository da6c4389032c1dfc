"""A month of campaigns: what goes out on which day, and to how many."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.auditing import audited
from app.console.campaign_list import ADDRESS, Reader
from app.console.count_pace import keep_pace
from app.console.pages import draw
from app.console.texts import say
from app.console.thai_time import year_of_era
from campaigns.scheduler.calendar import CalendarRangeError, Day, read_calendar
from core.clock import bangkok, utc_now

router = APIRouter()
# How strongly a day's load is drawn, by its share of the month's largest.
_LEVELS = 4


@router.get(f"{ADDRESS}/calendar", name="campaign.calendar")
async def show_calendar(
    request: Request, caller: Reader, month: Annotated[str, Query(max_length=7)] = ""
) -> Response:
    """A month as `2026-11`; without one, this month."""
    now = utc_now()
    first = _first(month, bangkok(now).date())
    last = first.replace(day=monthrange(first.year, first.month)[1])
    async with audited(request, caller) as session:
        await keep_pace(session, caller.account_id)
        days = await read_calendar(session, first, last, now)
    most = max((day.expected for day in days), default=0)
    return draw(
        request, "campaign_calendar.html", caller, weeks=_weeks(days), named=_named(first), today=bangkok(now).date(),
        levels={day.day: _level(day.expected, most) for day in days}, days=days,
        before=f"{first - timedelta(days=1):%Y-%m}", after=f"{last + timedelta(days=1):%Y-%m}", local=bangkok,
    )  # fmt: skip


def _first(typed: str, today: date) -> date:
    """Raises CalendarRangeError."""
    if not typed:
        return today.replace(day=1)
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise CalendarRangeError("give a month such as 2026-11") from None


def _named(first: date) -> str:
    return f"{say(f'time.months.{first.month}')} {year_of_era(first.year)}"


def _weeks(days: list[Day]) -> list[list[Day | None]]:
    """Weeks from Monday, filled up with nothing before the first and after the last."""
    cells: list[Day | None] = [None] * days[0].day.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _level(expected: int, most: int) -> int:
    return -(-expected * _LEVELS // most) if most else 0
