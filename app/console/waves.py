"""The radar: waves by week, new handles, provinces; and one wave with its examples, its parts and its name."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.provinces import say_province
from app.console.texts import say
from app.examining.apart import masking, quoting
from app.runtime import Runtime
from campaigns.response.warning import draft_warning
from core.accounts.models import Account
from core.clock import BANGKOK, bangkok, utc_now
from core.db.database import driver_connection
from core.errors import AppError, ConflictError, InvalidInputError
from screening.examples import Draft, approve_example, draft_example, examples_of, withdraw_example
from screening.labels.merging import LONGEST_NAME, merge_waves, name_wave, part_wave, read_wave
from screening.radar import (
    ALL,
    NOWHERE,
    Cell,
    WaveOnRadar,
    list_waves,
    new_handles,
    trend,
    weeks_of,
)

router = APIRouter()
Reader = Annotated[Caller, Depends(require("screening.read"))]
Keeper = Annotated[Caller, Depends(require("screening.write"))]
Publisher = Annotated[Caller, Depends(require("screening.write", "referrals.assign"))]
WEEKS = 10
_MOST_WAVES = 12
_MOST_PROVINCES = 15
# How strongly a week is shaded, by its share of the table's largest.
_SHADES = 4


class Lane(msgspec.Struct, frozen=True):
    """A wave's row: its new senders and their shade (0 to 4), week by week."""

    wave: WaveOnRadar
    weeks: tuple[tuple[int, int], ...]


@router.get("/console/screening/radar", name="radar.read")
async def show_radar(request: Request, caller: Reader) -> Response:
    now = utc_now()
    mondays = _mondays(bangkok(now).date())
    since = _midnight(mondays[0])
    async with audited(request, caller) as session:
        connection = await driver_connection(session)
        waves = await list_waves(connection, now, days=7 * WEEKS, limit=_MOST_WAVES)
        courses = await weeks_of(connection, [wave.id for wave in waves], mondays[0])
        handles = await new_handles(connection, since)
        cells = await trend(connection, "week", mondays[-2], mondays[-1], province=None)
        total = await trend(connection, "week", mondays[0], mondays[-1])
    return draw(
        request, "radar.html", caller, mondays=mondays, lanes=_lanes(waves, courses, mondays), handles=handles,
        provinces=_provinces(cells, mondays), total={cell.starts_on: cell for cell in total}, short=_short,
        say_province=say_province,
    )  # fmt: skip


@router.get("/console/screening/waves/{wave_id}", name="wave.read")
async def show_wave(request: Request, wave_id: UUID, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        return await _draw_wave(request, caller, session, wave_id)


@router.post("/console/screening/waves/{wave_id}/name", name="wave.name")
async def post_name(
    request: Request, wave_id: UUID, caller: Keeper, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    try:
        async with audited(request, caller) as session:
            await name_wave(session, wave_id, name, by=await _account(session, caller), mask=masking(request))
    except InvalidInputError as error:
        async with audited(request, caller, "wave.read") as session:
            return await _draw_wave(request, caller, session, wave_id, typed=name, problem=error)
    return _to(wave_id)


@router.post("/console/screening/waves/{wave_id}/merge", name="wave.merge")
async def post_merge(
    request: Request, wave_id: UUID, caller: Keeper, into: Annotated[UUID, Form()]
) -> Response:
    async with audited(request, caller) as session:
        await merge_waves(session, wave_id, into=into, by=await _account(session, caller))
    return _to(into)


@router.post("/console/screening/waves/{wave_id}/parts/{part_id}/take-out", name="wave.part")
async def post_part(request: Request, wave_id: UUID, part_id: UUID, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        await part_wave(session, wave_id, part=part_id, by=await _account(session, caller))
    return _to(wave_id)


@router.post("/console/screening/waves/{wave_id}/draft", name="wave.draft")
async def post_draft(request: Request, wave_id: UUID, caller: Keeper) -> Response:
    """Show a masked copy of the newest text; nothing of it is kept until a supervisor approves it."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        by = await _account(session, caller)
        draft = await draft_example(session, runtime.keys, wave_id, by=by, mask=masking(request))
        return await _draw_wave(request, caller, session, wave_id, draft=draft)


@router.post("/console/screening/waves/{wave_id}/warning", name="wave.warn")
async def post_warning(request: Request, wave_id: UUID, caller: Keeper) -> Response:
    """Draft a campaign that warns of it; who makes campaigns reads it, edits it and has it approved."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            by = await _account(session, caller)
            await draft_warning(
                session, runtime.keys, wave_id, by=by, mask=masking(request), quote=quoting(request)
            )
    except ConflictError as error:
        async with audited(request, caller, "wave.read") as session:
            return await _draw_wave(request, caller, session, wave_id, problem=error)
    async with audited(request, caller, "wave.read") as session:
        return await _draw_wave(request, caller, session, wave_id, warned=True)


@router.post("/console/screening/waves/{wave_id}/examples", name="wave.approve")
async def post_example(
    request: Request, wave_id: UUID, caller: Publisher, text: Annotated[str, Form(max_length=4_000)]
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            by = await _account(session, caller)
            await approve_example(session, runtime.keys, wave_id, text, by=by, mask=masking(request))
    except InvalidInputError as error:
        async with audited(request, caller, "wave.read") as session:
            draft = Draft(wave_id, text)
            return await _draw_wave(request, caller, session, wave_id, draft=draft, problem=error)
    return _to(wave_id)


@router.post("/console/screening/waves/{wave_id}/examples/{example_id}/withdraw", name="wave.withdraw")
async def post_withdrawal(request: Request, wave_id: UUID, example_id: UUID, caller: Publisher) -> Response:
    async with audited(request, caller) as session:
        await withdraw_example(session, wave_id, example_id, by=await _account(session, caller))
    return _to(wave_id)


async def _draw_wave(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    wave_id: UUID,
    *,
    typed: str | None = None,
    draft: Draft | None = None,
    problem: AppError | None = None,
    warned: bool = False,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    now = utc_now()
    mondays = _mondays(bangkok(now).date())
    connection = await driver_connection(session)
    wave = await read_wave(session, wave_id, by=await _account(session, caller))
    others = await list_waves(connection, now, days=7 * WEEKS)
    course = (await weeks_of(connection, [wave_id], mondays[0]))[wave_id]
    family = [wave_id, *(part.id for part in wave.parts)]
    return draw(
        request, "wave.html", caller, status=problem.status if problem else 200, wave=wave, draft=draft,
        problem=problem, warned=warned, typed=wave.name if typed is None else typed, longest=LONGEST_NAME, mondays=mondays,
        weeks=[(monday, course.get(monday, 0)) for monday in mondays], short=_short,
        examples=await examples_of(session, runtime.keys, family),
        others=[other for other in others if other.id != wave_id],
    )  # fmt: skip


async def _account(session: AsyncSession, caller: Caller) -> Account:
    return await session.get_one(Account, caller.account_id)


def _mondays(today: date) -> list[date]:
    """The weeks of the radar, this one last."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=weeks) for weeks in reversed(range(WEEKS))]


def _lanes(
    waves: Sequence[WaveOnRadar], courses: dict[UUID, dict[date, int]], mondays: Sequence[date]
) -> list[Lane]:
    largest = max((count for course in courses.values() for count in course.values()), default=1)
    return [
        Lane(
            wave,
            tuple((count, -(-count * _SHADES // largest)) for m in mondays for count in [course.get(m, 0)]),
        )
        for wave in waves
        for course in [courses[wave.id]]
    ]


def _provinces(cells: Sequence[Cell], mondays: Sequence[date]) -> list[tuple[str, Any, Any]]:
    """Return the provinces that most offers of this week and the last name, with both weeks' cells; small ones are left out."""
    by_place: dict[str, dict[date, Cell]] = {}
    for cell in cells:
        if cell.province not in (ALL, NOWHERE) and cell.flagged is not None:
            by_place.setdefault(cell.province, {})[cell.starts_on] = cell
    rows = [
        (place, found.get(mondays[-1]), found.get(mondays[-2]))
        for place, found in by_place.items()
        if any(map(_flagged, found.values()))
    ]
    return sorted(rows, key=lambda row: [-_flagged(row[1]) - _flagged(row[2]), row[0]])[:_MOST_PROVINCES]


def _flagged(cell: Cell | None) -> int:
    return (cell.flagged or 0) if cell else 0


def _short(day: date) -> str:
    """23 พ.ย."""
    return say("radar.day", day=day.day, month=say(f"time.months.{day.month}"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


def _to(wave_id: UUID) -> Response:
    return RedirectResponse(f"/console/screening/waves/{wave_id}", 303)
