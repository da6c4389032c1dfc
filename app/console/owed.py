"""Ordered and not paid: the cases that wait longest, or for most, a page at a time."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_agencies_words import read_id
from app.console.case_money_words import say_baht
from app.console.case_tracks_words import say_clock_code, say_due, say_step
from app.console.pages import draw
from app.console.texts import say, spoken
from core.errors import InvalidInputError
from referrals.compensation.worklist import (
    PAGE,
    Place,
    ProvinceSums,
    Sorting,
    WorkRow,
    read_provinces,
    read_worklist,
)
from referrals.questionnaires.places import every_place, say_place

router = APIRouter()
ADDRESS = "/console/owed"
# Sums are for who leads the work (referrals/tracks/visibility.toml).
Supervisor = Annotated[Caller, Depends(require("referrals.assign", "tracks.read"))]
_TRACK = "compensation"
# Provinces that are named beside the sum.
_MOST = 8


@router.get(ADDRESS, name="owed.list")
async def show_owed(
    request: Request,
    caller: Supervisor,
    order: Sorting = "oldest",
    after: str = "",
    province: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """List one page, of one province where it is given; `after` is where the page before ended."""
    chosen = _known(province)
    async with audited(request, caller) as session:
        page = await read_worklist(
            session, order=order, after=_place(after, order), limit=PAGE, province=chosen or None
        )
    return draw(
        request, "owed.html", caller, rows=page.rows, order=order, after=after, province=chosen,
        places=every_place(spoken.get()),
        next=f"{page.next.value}.{page.next.referral_id}" if page.next else "", say_baht=say_baht, say_where=_where,
        say_clock_code=say_clock_code, say_due=say_due, say_state=lambda row: say_step(_TRACK, row.step) if row.step else "",
    )  # fmt: skip


@router.get(f"{ADDRESS}/sums", name="owed.sums")
async def show_sums(
    request: Request,
    caller: Supervisor,
    order: Sorting = "oldest",
    province: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Add up what is owed, of one province or of all: a part of the list's page, which need not wait for it."""
    async with audited(request, caller) as session:
        sums = await read_provinces(session)
    return draw(
        request, "_owed_sums.html", caller, sums=_sums(sums, _known(province)), order=order, say_baht=say_baht,
        say_province=_say_province, most=[] if _known(province) else [one for one in sums if one.province and one.owed][:_MOST],
    )  # fmt: skip


def _known(province: str) -> str:
    """Return a place that can be chosen; "" for any other."""
    return province if any(code == province for code, _ in every_place()) else ""


def _say_province(code: str) -> str:
    return say_place(code, spoken.get())


def _sums(provinces: Sequence[ProvinceSums], province: str) -> str:
    """Say what is owed in how many cases, of one province or everywhere."""
    chosen = [one for one in provinces if province in ("", one.province)]
    return say(
        "owed.sums",
        where=_say_province(province) if province else say("owed.everywhere"),
        owed=say_baht(sum(one.owed for one in chosen)),
        unpaid=sum(one.unpaid_cases for one in chosen),
        ordered=say_baht(sum(one.ordered for one in chosen)),
    )


def _where(row: WorkRow) -> str:
    return say_place(row.province, spoken.get()) if row.province else ""


def _place(typed: str, order: Sorting) -> Place | None:
    """Read where a page ended; raises InvalidInputError for what is no address of ours."""
    if not typed:
        return None
    value, _, written = typed.partition(".")
    referral_id: UUID | None = read_id(written)
    if referral_id is None:
        raise InvalidInputError("begin with the first page")
    try:
        return Place(date.fromisoformat(value) if order == "oldest" else int(value[:19]), referral_id)
    except ValueError:
        raise InvalidInputError("begin with the first page") from None
