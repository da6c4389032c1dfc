"""What came of a campaign, against those who were held out: as page, file and paper."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller
from app.console.campaign_frame import read_frame
from app.console.campaign_list import ADDRESS, Reader
from app.console.campaign_report_tables import Table, sheets_of, tables_of
from app.console.pages import draw
from app.console.texts import say
from app.console.thai_time import exact
from app.faces.document import Column, Document
from app.faces.printing import print_document
from app.faces.sheets import write_csv, write_xlsx
from app.runtime import Runtime
from campaigns.drafting import CampaignView, read_campaign
from campaigns.reports.outcomes import Outcomes, read_outcomes
from campaigns.reports.trials import Trialled, read_trial
from campaigns.sender.progress import Progress, list_runs
from core.clock import utc_now
from core.errors import NotFoundError

router = APIRouter()
_PAGE = f"{ADDRESS}/{{campaign_id}}/report"
_MOST_RUNS = 30
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Run = Annotated[UUID | None, Query()]


@router.get(_PAGE, name="campaign.outcomes")
async def show_report(request: Request, campaign_id: UUID, caller: Reader, run: Run = None) -> Response:
    """Show the outcomes of all runs, or of one."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        frame = await read_frame(session, runtime, campaign_id)
        runs, outcomes, trials = await _read(session, runtime, frame.view, run)
    return draw(
        request, "campaign_report.html", caller, frame=frame, runs=runs, run=run, outcomes=outcomes,
        tables=tables_of(outcomes, frame.view.plan, trials),
    )  # fmt: skip


async def _read(
    session: AsyncSession, runtime: Runtime, view: CampaignView, run: UUID | None
) -> tuple[list[Progress], Outcomes, dict[UUID, Trialled]]:
    """Raises NotFoundError for another campaign's run."""
    now = utc_now()
    runs = [one for one in await list_runs(session, view.id, _MOST_RUNS) if one.frozen_at]
    if run is not None and run not in {one.run_id for one in runs}:
        raise NotFoundError("no such run")
    outcomes = await read_outcomes(session, runtime.keys.keyset, view.id, now, run)
    trials: dict[UUID, Trialled] = {}
    for one in runs if view.plan.trial else ():
        if run in (None, one.run_id) and (found := await read_trial(session, one.run_id, now)):
            trials[one.run_id] = found
    return runs, outcomes, trials


@router.get(f"{_PAGE}/file", name="campaign.export_outcomes")
async def export_report(
    request: Request,
    campaign_id: UUID,
    caller: Reader,
    run: Run = None,
    form: Literal["csv", "xlsx", "pdf"] = "csv",
) -> Response:
    """Hand over the same tables as a file."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        view = await read_campaign(session, campaign_id)
        _, outcomes, trials = await _read(session, runtime, view, run)
    tables = tables_of(outcomes, view.plan, trials)
    content = await asyncio.to_thread(_file, form, view.title, tables, caller)
    name = f"rootan-campaign-{campaign_id}.{form}"
    return Response(
        content, media_type=_MEDIA[form], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _file(form: str, title: str, tables: list[Table], caller: Caller) -> bytes:
    match form:
        case "csv":
            return write_csv(sheets_of(tables))
        case "xlsx":
            return write_xlsx(sheets_of(tables), title=title)
        case _:
            return _paper(title, tables, caller)


def _paper(title: str, tables: list[Table], caller: Caller) -> bytes:
    made = say("figures.made", who=caller.name, at=exact(utc_now()))
    paper = Document(title=title, foot=made, page_of=say("figures.page_of"))
    paper.begin(title)
    paper.say(say("campaign_report.lead"))
    for table in tables:
        paper.head(table.title)
        columns = [
            Column(heading, 1.0 if at else 2.2, "right" if at else "left")
            for at, heading in enumerate(table.headings)
        ]
        paper.lay_out(columns, [[cell.text for cell in row] for row in table.rows])
        if table.note:
            paper.say(table.note, quiet=True)
    paper.say(say("campaign_audience.rounded"), quiet=True)
    return print_document(paper)
