"""An agency's desk: what waits for it, and the requests that were sent to it, drawn anew as they change."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller
from app.console.pages import draw
from app.console.portal_desk import (
    CASES,
    HOME,
    Desk,
    PassiveReader,
    Reader,
    desk_of,
    draw_no_desk,
    ref_of,
)
from app.console.portal_waiting import own_clocks, read_alarms, read_unread
from app.runtime import Runtime
from core.errors import InvalidInputError
from referrals.referring.reading import PAGE, Box, InboxLine, count_inbox
from referrals.referring.stepping import PENDING
from referrals.referring.turns import Place, Turn, read_turns

router = APIRouter()
BOXES: tuple[Box, ...] = get_args(Box)


@dataclass(frozen=True, slots=True)
class Row:
    """A request as the list shows it: no word of what was sent."""

    id: UUID
    ref: str
    state: str
    sent_at: datetime
    due_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    unread: int
    is_urgent: bool = False
    clock_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING


@router.get(HOME, name="portal.home")
async def show_home(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        desk = await desk_of(session, caller)
        if desk is None:
            return draw_no_desk(request, caller)
        return draw(request, "portal_home.html", caller, **await _read_home(desk))


async def _read_home(desk: Desk) -> dict[str, Any]:
    turns = await read_turns(desk.session, desk.agency.id, box="waiting", clocks=own_clocks(desk.agency.kind))
    shown = {
        "new": [_row_of(turn) for turn in turns],
        "waiting": (await count_inbox(desk.session, desk.agency.id))["waiting"],
        "unread": [_row(line) for line in await read_unread(desk.session, desk.agency.id)],
        "alarms": await read_alarms(desk.session, desk.agency),
    }
    return {"agency": desk.agency, "version": _name(shown), **shown}


@router.get(CASES, name="portal.inbox")
async def show_inbox(
    request: Request,
    caller: Reader,
    which: Annotated[str, Query(max_length=20)] = BOXES[0],
    after: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Show one page of a box; `after` is where the page before ended."""
    async with audited(request, caller) as session:
        desk = await desk_of(session, caller)
        if desk is None:
            return draw_no_desk(request, caller)
        return draw(request, "portal_inbox.html", caller, **await _read_box(desk, which, after))


async def _read_box(desk: Desk, which: str, after: str) -> dict[str, Any]:
    box = next((one for one in BOXES if one == which), BOXES[0])
    turns = await read_turns(
        desk.session, desk.agency.id, box=box, clocks=own_clocks(desk.agency.kind), after=_place(after)
    )
    shown = {
        "rows": [_row_of(turn) for turn in turns],
        "counts": await count_inbox(desk.session, desk.agency.id),
        "next": _say_place(turns[-1].place) if len(turns) == PAGE else "",
    }
    return {
        "agency": desk.agency,
        "which": box,
        "boxes": BOXES,
        "after": after,
        "version": _name(shown),
        **shown,
    }


@router.get(f"{HOME}/news", name="portal.home_news")
async def see_home_news(request: Request, caller: PassiveReader, seen: str = "") -> Response:
    """Say whether the desk changed: the page then asks for itself anew, and that is the reading."""
    return await _news(request, caller, seen, _read_home)


@router.get(f"{HOME}/inbox/news", name="portal.inbox_news")
async def see_inbox_news(
    request: Request, caller: PassiveReader, which: str = "", after: str = "", seen: str = ""
) -> Response:
    async def read(desk: Desk) -> dict[str, Any]:
        return await _read_box(desk, which, after)

    return await _news(request, caller, seen, read)


async def _news(
    request: Request, caller: Caller, seen: str, read: Callable[[Desk], Awaitable[dict[str, Any]]]
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        desk = await desk_of(session, caller)
        is_same = desk is not None and (await read(desk))["version"] == seen
    return Response(status_code=204, headers={} if is_same else {"HX-Refresh": "true"})


def _name(shown: dict[str, Any]) -> str:
    """Name what a page shows, for the page that looks whether that changed."""
    return hashlib.sha256(repr(sorted(shown.items())).encode()).hexdigest()[:16]


def _say_place(place: Place) -> str:
    return f"{place.rank}_{place.at.isoformat()}_{place.id}"


def _place(typed: str) -> Place | None:
    """Read where a page ended; raises InvalidInputError for what is no address of ours."""
    if not typed:
        return None
    rank, _, rest = typed.partition("_")
    at, _, written = rest.partition("_")
    try:
        place = Place(int(rank), datetime.fromisoformat(at), UUID(written))
    except ValueError:
        raise InvalidInputError("begin with the first page") from None
    if place.rank not in (0, 1) or place.at.tzinfo is None:
        raise InvalidInputError("begin with the first page")
    return place


def _row_of(turn: Turn) -> Row:
    return _row(turn.line, is_urgent=turn.is_urgent, clock_at=turn.clock_at)


def _row(line: InboxLine, *, is_urgent: bool = False, clock_at: datetime | None = None) -> Row:
    return Row(
        line.id, ref_of(line.id), line.state, line.sent_at, line.due_at, line.answered_at, line.ended_at, line.unread,
        is_urgent, clock_at,
    )  # fmt: skip
