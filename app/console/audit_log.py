"""The audit as its auditor reads it: who did what to which object, when, and how it ended; nothing of any content."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from core.accounts.roster import list_accounts
from core.audit.chain import STREAMS, Outcome
from core.audit.reading import Place, Wanted, read_audit
from core.clock import BANGKOK, bangkok, utc_now
from core.errors import InvalidInputError

router = APIRouter()
Auditor = Annotated[Caller, Depends(require("audit.read"))]
_PAGE = 50
_DAYS = 7
_YEARS = range(2000, 2200)
# What leaves a row without being what a route is called.
_WITHOUT_ROUTE = (
    "account.bind_openid", "account.invite", "account.reset_password", "account.reset_second_factor",
    "account.used_elsewhere",
)  # fmt: skip


class Filters(BaseModel):
    """What the auditor asked for, as typed; days are Bangkok's, `after` is where the last page ended."""

    since: str = Field(default="", max_length=10)
    until: str = Field(default="", max_length=10)
    who: str = Field(default="", max_length=40)
    action: str = Field(default="", max_length=80)
    object: str = Field(default="", max_length=40)
    outcome: Outcome | Literal[""] = ""
    after: str = Field(default="", max_length=80)


@router.get("/console/audit", name="audit.read")
async def show_audit(request: Request, caller: Auditor, asked: Annotated[Filters, Query()]) -> Response:
    """Show one page; without a first day, the last seven days."""
    today = bangkok(utc_now()).date()
    first, last = _day(asked.since, today - timedelta(days=_DAYS - 1)), _day(asked.until, today)
    wanted = Wanted(
        since=_midnight(first), until=_midnight(last + timedelta(days=1)), actor_id=_id(asked.who),
        action=asked.action.strip(), object_id=_id(asked.object), outcome=asked.outcome or None,
    )  # fmt: skip
    async with audited(request, caller) as session:
        people = await list_accounts(session)
        rows, end = await read_audit(session, wanted, after=_place(asked.after), limit=_PAGE)
    filters = asked.model_dump(exclude={"after"}) | {"since": first.isoformat(), "until": last.isoformat()}
    return draw(
        request, "audit.html", caller, rows=rows, people=people, names={p.id: p.name for p in people},
        filters=filters, actions=_actions(request),
        older=urlencode(filters | {"after": _written(end)}) if end else "",
        newest=urlencode(filters) if asked.after else "",
    )  # fmt: skip


def _actions(request: Request) -> list[str]:
    """Return what requests are called in the audit, for the list of suggestions."""
    names = {*_WITHOUT_ROUTE, *(str(getattr(route, "name", "")) for route in request.app.routes)}
    dotted = {name for name in names if "." in name}
    return sorted(dotted | {name.partition(".")[0] for name in dotted})


def _day(typed: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(typed) if typed else otherwise
    except ValueError:
        raise InvalidInputError("give a day like 2026-11-23") from None
    if day.year not in _YEARS:
        raise InvalidInputError("give a day of our time")
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK).astimezone(UTC)


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed.strip()) if typed.strip() else None
    except ValueError:
        raise InvalidInputError("give the whole id") from None


def _written(place: Place) -> str:
    return f"{place.at.isoformat()}~{place.stream}~{place.number}"


def _place(typed: str) -> Place | None:
    if not typed:
        return None
    try:
        at, stream, number = typed.split("~")
        place = Place(datetime.fromisoformat(at), int(stream), int(number))
    except ValueError:
        place = None
    if place is None or place.at.tzinfo is None or place.at.year not in _YEARS:
        raise InvalidInputError("this page's address is damaged; begin again")
    if not (0 <= place.stream < STREAMS and 0 <= place.number < 2**62):
        raise InvalidInputError("this page's address is damaged; begin again")
    return place
