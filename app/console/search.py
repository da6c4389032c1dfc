"""Search: what is looked for travels in a form, never in an address, and stands in no log and no audit row."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.queue_view import clock_words, place_words
from app.console.referral_queue import read_choices
from app.examining.apart import examiner_of
from app.examining.asking import ReadQuery
from app.runtime import Runtime
from core.errors import AppError
from referrals.desk.search import LONGEST, MOST_FOUND, find_referrals, read_query, spend_search
from referrals.listing.filters import NAMES, Filters, read_filters
from referrals.listing.reading import narrow_ids, read_rows, see

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]


@router.get("/console/search", name="search.open")
async def show_search(request: Request, caller: Reader) -> Response:
    examiner_of(request).prepare()
    return await _draw(request, caller, Filters())


@router.post("/console/search", name="search.find")
async def post_search(request: Request, caller: Reader, text: Annotated[str, Form()] = "") -> Response:
    runtime: Runtime = request.app.state.runtime
    filters = Filters()
    try:
        async with audited(request, caller) as session:
            filters = await _filters(request)
            query = read_query(text)
            await spend_search(session, caller.account_id)
            meant = await examiner_of(request).ask(ReadQuery(query))
            found = await find_referrals(session, runtime.keys.keyset, query, meant.terms, meant.words)
            viewer, calendar = await see(session, caller.account_id)
            fitting = await narrow_ids(session, list(found), filters, viewer.now)
            rows = await read_rows(session, fitting, calendar)
    except AppError as error:
        return await _draw(request, caller, filters, problem=error, typed=text[:LONGEST])
    return await _draw(request, caller, filters, typed=query, rows=rows, found=found)


async def _filters(request: Request) -> Filters:
    """Read the filters of the form; a view is not asked for."""
    form = await request.form()
    asked = NAMES - {"view"}
    return read_filters((key, str(value)) for key, value in form.multi_items() if key in asked)


async def _draw(
    request: Request, caller: Caller, filters: Filters, *, problem: AppError | None = None, **values: Any
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        choices = await read_choices(session)
    shown = {"typed": "", "rows": None, "found": {}} | values
    return draw(
        request, "search.html", caller, status=problem.status if problem else 200, problem=problem, filters=filters,
        clock_words=clock_words, place_words=place_words, longest=LONGEST, most=MOST_FOUND, **shown, **choices,
    )  # fmt: skip
