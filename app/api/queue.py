"""The queue: the console's views and filters, page by page; nothing of what anybody wrote."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.access import Program, require_token
from app.auditing import audited
from app.faces.pages import Paging, open_cursor, seal_cursor
from app.faces.routers import make_router
from app.runtime import Runtime
from referrals.listing.filters import Age, Channel, Code, Filters, Flag, Language, Priority, View, from_stored
from referrals.listing.reading import Page, QueueRow, read_page, see
from referrals.listing.views import Place, is_newest_first

router = make_router("queue")
Reader = Annotated[Program, Depends(require_token("referrals.read"))]
# An ended report stands in the order of its end alone.
_SAME = "P0"


class Wish(Paging):
    """A view and filters; what is left out narrows nothing."""

    view: View = "waiting"
    priority: Annotated[list[Priority], Query(max_length=4)] = Field(default_factory=list)
    kind: Code | None = None
    place: Annotated[str | None, Query(max_length=40, description="A code of the directory of places.")] = (
        None
    )
    channel: Channel | None = None
    team: UUID | None = None
    holder: UUID | None = None
    age: Age | None = None
    flag: Flag | None = None
    language: Language | None = None

    def filters(self) -> Filters:
        """Raises FilterError for a place that does not exist."""
        return from_stored(self.model_dump(exclude={"limit", "cursor"}, exclude_none=True))


class Row(BaseModel):
    """A report as the queue shows it; `due` is when its running `clock` runs out."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    priority: Priority
    state: str = Field(examples=["open"])
    source: str = Field(examples=["crisis"])
    channel: str = Field(examples=["line"])
    kinds: list[str] = Field(examples=[["detention"]])
    reasons: list[str] = Field(examples=[["crisis_words"]])
    place: str | None = Field(examples=["province:TH-10"])
    opened_at: datetime
    ended_at: datetime | None
    closed_as: str | None
    holder_id: UUID | None
    holder: str | None
    team: str | None
    language: str = Field(examples=["th"])
    person_waits: bool
    is_claimable: bool
    clock: str | None = Field(examples=["claim"])
    due: datetime | None
    snoozed_until: datetime | None
    bot_dialogue: str | None
    flags: int
    flag_due: date | None


class Rows(BaseModel):
    """A page; `next` is the cursor of the one that follows, null at the end. With filters a page may be short."""

    rows: list[Row]
    next: str | None


@router.get("/referrals", name="queue.read", summary="List reports")
async def list_referrals(request: Request, program: Reader, wish: Annotated[Wish, Query()]) -> Rows:
    """The console's queue: one view, most urgent first (`ended`: the newest first), narrowed by filters."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program) as session:
        filters = wish.filters()
        of = f"queue {msgspec.json.encode(filters).decode()}"
        after = open_cursor(runtime.keys.keyset, program, of, wish.cursor, Place)
        page = await _read(session, program, filters, after, wish.limit)
    return Rows(
        rows=[Row.model_validate(row) for row in page.rows],
        next=seal_cursor(runtime.keys.keyset, program, of, page.next),
    )


async def _read(
    session: AsyncSession, program: Program, filters: Filters, after: Place | None, limit: int
) -> Page:
    """Read up to `limit` rows of the console's pages."""
    viewer, calendar = await see(session, program.account_id)
    page = await read_page(session, filters, viewer, calendar, after)
    rows = page.rows
    while len(rows) < limit and page.next is not None and page.rows:
        page = await read_page(session, filters, viewer, calendar, page.next)
        rows += page.rows
    if len(rows) > limit:
        return Page(rows[:limit], _place(rows[limit - 1], filters))
    return Page(rows, page.next)


def _place(row: QueueRow, filters: Filters) -> Place:
    if is_newest_first(filters.view) and row.ended_at is not None:
        return Place(_SAME, row.ended_at, row.id)
    return Place(row.priority, row.opened_at, row.id)
