from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from core.db.database import Database
from referrals.listing.filters import Filters
from referrals.listing.reading import Page, read_page, see
from referrals.listing.views import Place

Look = Callable[..., Awaitable[list[UUID]]]
TurnPage = Callable[..., Awaitable[Page]]


@pytest.fixture
def turn_page(database: Database) -> TurnPage:
    """Read a page of the queue as somebody sees it."""

    async def read(viewer: UUID, after: Place | None = None, **filters: Any) -> Page:
        async with database.unit_of_work() as session:
            who, calendar = await see(session, viewer)
            return await read_page(session, Filters(**filters), who, calendar, after)

    return read


@pytest.fixture
def look(turn_page: TurnPage) -> Look:
    """Read which referrals a page shows, in their order."""

    async def names(viewer: UUID, after: Place | None = None, **filters: Any) -> list[UUID]:
        return [row.id for row in (await turn_page(viewer, after, **filters)).rows]

    return names
