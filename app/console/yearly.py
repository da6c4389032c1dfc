"""The yearly report on trafficking, for supervisors and auditors: as page, spreadsheet and paper, small cells hidden."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.auditing import audited
from app.auth import Caller, require
from app.console.days import read_day
from app.console.pages import draw
from app.console.texts import say
from app.console.thai_time import exact, year_of_era
from app.console.yearly_tables import Table, say_where, sheets_of, tables_of, wide_tables_of
from app.faces.document import Column, Document
from app.faces.printing import print_document
from app.faces.sheets import write_xlsx
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError
from referrals.yearly.asked import Asked, ask, end_of
from referrals.yearly.counted import mark_of
from referrals.yearly.reading import read_counted
from referrals.yearly.report import SMALL, Form, Report, make_report

router = APIRouter()
Reader = Annotated[Caller, Depends(require("yearly.read"))]
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
# Years to choose from.
_CHOICES = 10


class Filters(BaseModel):
    """What was asked for, as typed; years are of the common era, without one it is the last whole year."""

    year: int | None = None
    as_of: str = Field(default="", max_length=10)
    form: Form = "elsewhere"
    place: str = Field(default="", max_length=40)


@dataclass(frozen=True, slots=True)
class Page:
    """A year as it is drawn."""

    asked: Asked
    report: Report
    place: str
    mark: str

    @property
    def about(self) -> list[str]:
        """What the figures are of, a line each."""
        return [
            say("yearly.of_year", year=year_of_era(self.asked.year)),
            say("yearly.as_known", at=exact(self.asked.as_of)),
            say("yearly.hides_under", n=self.report.small),
            say("yearly.mark", mark=self.mark),
        ]


@router.get("/console/yearly", name="yearly.read")
async def show_yearly(request: Request, caller: Reader, filters: Annotated[Filters, Query()]) -> Response:
    """Show a year; without one the last, by what was known when yesterday ended."""
    now, problem = utc_now(), None
    try:
        asked = _asked(filters, now)
    except AppError as error:
        problem, asked = error, _asked(Filters(), now)
    page = await _read(request, caller, asked, filters)
    this_year = bangkok(now).year
    return draw(
        request, "yearly.html", caller, status=problem.status if problem else 200, problem=problem, page=page,
        filters=filters, forms=tuple(SMALL.items()), tables=tables_of(page.report, page.place),
        years=[(year, year_of_era(year)) for year in range(this_year, this_year - _CHOICES, -1)],
        places=[(code, say_where(code)) for code in page.report.places], latest=_yesterday(now),
        as_of_day=bangkok(asked.as_of - timedelta(seconds=1)).date(),
        query=urlencode({"year": asked.year, "as_of": filters.as_of, "form": filters.form, "place": page.place}),
    )  # fmt: skip


@router.get("/console/yearly/file", name="yearly.export")
async def export_yearly(
    request: Request,
    caller: Reader,
    filters: Annotated[Filters, Query()],
    kind: Literal["xlsx", "pdf"] = "xlsx",
) -> Response:
    """Hand over the same tables as a file."""
    page = await _read(request, caller, _asked(filters, utc_now()), filters)
    tables = tables_of(page.report, page.place)
    content = await (
        asyncio.to_thread(_paper, page, tables, caller)
        if kind == "pdf"
        else asyncio.to_thread(_book, page, tables)
    )
    name = f"rootan-yearly-{page.asked.year}-{page.report.form}.{kind}"
    return Response(
        content, media_type=_MEDIA[kind], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


async def _read(request: Request, caller: Caller, asked: Asked, filters: Filters) -> Page:
    async with audited(request, caller) as session:
        counted = await read_counted(session, asked)
    report = await asyncio.to_thread(make_report, counted, asked.year, filters.form)
    place = filters.place if filters.place in report.places else ""
    return Page(asked, report, place, mark_of(counted))


def _book(page: Page, tables: list[Table]) -> bytes:
    about = Table("about", tuple(page.about), ())
    return write_xlsx(
        [*sheets_of([about, *tables]), *sheets_of(wide_tables_of(page.report))], title=say("yearly.title")
    )


def _paper(page: Page, tables: list[Table], caller: Caller) -> bytes:
    made = say("yearly.made", who=caller.name, at=exact(utc_now()))
    paper = Document(title=say("yearly.title"), foot=made, page_of=say("yearly.page_of"))
    paper.begin(say("yearly.title"))
    for line in page.about:
        paper.say(line)
    for table in tables:
        paper.head(table.title)
        columns = [
            Column(heading, 1.0 if at else 2.2, "right" if at else "left")
            for at, heading in enumerate(table.headings)
        ]
        paper.lay_out(columns, [[cell.text for cell in row] for row in table.rows])
    for line in say("yearly.meaning").splitlines():
        paper.say(line, quiet=True)
    return print_document(paper)


def _asked(filters: Filters, now: datetime) -> Asked:
    day = read_day(filters.as_of) or _yesterday(now)
    if day > _yesterday(now):
        raise InvalidInputError("choose a day that is over")
    return ask(bangkok(now).year - 1 if filters.year is None else filters.year, end_of(day), now=now)


def _yesterday(now: datetime) -> date:
    return bangkok(now).date() - timedelta(days=1)
