"""The hotline's figures, for supervisors: how much, how soon, with what end, where and when; as page, file and paper."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.days import read_day
from app.console.pages import draw
from app.console.statistics_tables import Table, bounds_of, provinces_of, say_total, sheets_of, tables_of
from app.console.texts import load_texts, say, spoken
from app.console.thai_time import day as say_day
from app.console.thai_time import exact
from app.faces.document import Column, Document
from app.faces.printing import print_document
from app.faces.provinces import load_map
from app.faces.sheets import write_csv, write_xlsx
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError
from referrals.questionnaires.places import every_place, say_place
from referrals.statistics.asked import NAMED, Asked, Named, Period, period_of
from referrals.statistics.figures import Figures
from referrals.statistics.reading import read_figures
from referrals.teams.models import Team

router = APIRouter()
# Figures are for who leads the work; auditors see what was done with them, in the audit.
Supervisor = Annotated[Caller, Depends(require("referrals.read", "referrals.assign"))]
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
CHANNELS = ("line", "telegram", "phone")


class Filters(BaseModel):
    """What was asked for, as typed."""

    period: Named = "month"
    since: str = Field(default="", max_length=10)
    until: str = Field(default="", max_length=10)
    team: str = Field(default="", max_length=40)
    kind: str = Field(default="", max_length=40)
    channel: str = Field(default="", max_length=40)
    place: str = Field(default="", max_length=40)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer, as code and words."""

    teams: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    channels: list[tuple[str, str]]
    places: tuple[tuple[str, str], ...]


@router.get("/console/statistics", name="statistics.read")
async def show_statistics(
    request: Request, caller: Supervisor, filters: Annotated[Filters, Query()]
) -> Response:
    """Show the figures of a period; without one, of this month."""
    problem: AppError | None = None
    try:
        asked = _asked(filters)
    except AppError as error:
        problem, asked = error, Asked(_period(Filters()))
    async with audited(request, caller) as session:
        choices = await _choices(session)
        figures = await read_figures(session, asked)
    return _page(request, caller, filters, figures, choices, problem)


def _page(
    request: Request,
    caller: Caller,
    filters: Filters,
    figures: Figures,
    choices: Choices,
    problem: AppError | None,
) -> Response:
    provinces, most = provinces_of(figures)
    tables = tables_of(figures)
    return draw(
        request, "statistics.html", caller, status=problem.status if problem else 200, problem=problem,
        filters=filters, named=NAMED, choices=choices, tables=tables, total=say_total(figures), figures=figures,
        period=_say_period(figures.asked.period), thailand=load_map(), provinces=provinces, most=most, bounds=bounds_of,
        place_name=lambda code: say_place(code, spoken.get()),
        hides=any(table.hides for table in tables), query=urlencode(filters.model_dump()),
    )  # fmt: skip


@router.get("/console/statistics/file", name="statistics.export")
async def export_statistics(
    request: Request,
    caller: Supervisor,
    filters: Annotated[Filters, Query()],
    form: Literal["csv", "xlsx", "pdf"] = "csv",
) -> Response:
    """Hand over the same tables as a file."""
    async with audited(request, caller) as session:
        figures = await read_figures(session, _asked(filters))
        choices = await _choices(session)
    about = [_say_period(figures.asked.period), *_say_filters(filters, choices)]
    content = await asyncio.to_thread(_file, form, tables_of(figures), figures, about, caller)
    period = figures.asked.period
    name = f"rootan-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{form}"
    return Response(
        content, media_type=_MEDIA[form], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _file(form: str, tables: list[Table], figures: Figures, about: list[str], caller: Caller) -> bytes:
    sheets = sheets_of([Table("total", (say("figures.title"), say_total(figures)), ()), *tables])
    match form:
        case "csv":
            return write_csv(sheets)
        case "xlsx":
            return write_xlsx(sheets, title=say("figures.title"))
        case _:
            return _paper(tables, figures, about, caller)


def _paper(tables: list[Table], figures: Figures, about: list[str], caller: Caller) -> bytes:
    made = say("figures.made", who=caller.name, at=exact(utc_now()))
    paper = Document(title=say("figures.title"), foot=made, page_of=say("figures.page_of"))
    paper.begin(say("figures.title"))
    paper.say(" · ".join(about))
    paper.say(f"{say('figures.total')}: {say_total(figures)}", bold=True)
    for table in tables:
        paper.head(table.title)
        if table.rows is None:
            paper.say(say("figures.all_hidden"), quiet=True)
        else:
            share = 1.0 if table.shape == "heat" else 2.2
            columns = [
                Column(heading, 1.0 if at else share, "right" if at else "left")
                for at, heading in enumerate(table.headings)
            ]
            paper.lay_out(columns, [[cell.text for cell in row] for row in table.rows])
    paper.say(say("figures.hint"), quiet=True)
    return print_document(paper)


def _asked(filters: Filters) -> Asked:
    places = dict(every_place(spoken.get()))
    if filters.place and filters.place not in places:
        raise InvalidInputError("choose a place of the list")
    return Asked(
        _period(filters),
        _team(filters.team),
        filters.kind or None,
        filters.channel or None,
        filters.place or None,
    )


def _period(filters: Filters) -> Period:
    today: date = bangkok(utc_now()).date()
    return period_of(filters.period, today, read_day(filters.since), read_day(filters.until))


def _team(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise InvalidInputError("choose a team of the list") from None


async def _choices(session: AsyncSession) -> Choices:
    teams = await session.execute(sa.select(Team.id, Team.name).order_by(Team.name))
    texts = load_texts(spoken.get())
    kinds = [key.partition(".")[2] for key in texts if key.startswith("kind.") and key != "kind.other"]
    return Choices(
        [(str(row.id), row.name) for row in teams],
        [(code, texts[f"kind.{code}"]) for code in kinds],
        [(code, say(f"figures.channel.{code}")) for code in CHANNELS],
        every_place(spoken.get()),
    )


def _say_period(period: Period) -> str:
    return say("figures.from_to", first=say_day(period.first), last=say_day(period.last))


def _say_filters(filters: Filters, choices: Choices) -> list[str]:
    return [
        words
        for chosen, offered in (
            (filters.team, choices.teams),
            (filters.kind, choices.kinds),
            (filters.channel, choices.channels),
            (filters.place, choices.places),
        )
        for code, words in offered
        if chosen == code
    ]
