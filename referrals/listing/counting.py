"""How many reports each view holds, counted no further than anybody needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.listing.filters import Filters
from referrals.listing.narrowing import narrowed
from referrals.listing.viewer import Viewer, sight_of, values_of
from referrals.listing.views import scan

MOST = 99
# Rows that the count of a view with filters looks through at most.
_WINDOW = 300


@dataclass(frozen=True, slots=True)
class Count:
    """A number, and whether there may be more."""

    number: int
    or_more: bool

    def __str__(self) -> str:
        return f"{self.number}+" if self.or_more else str(self.number)


async def count_each(session: AsyncSession, every: Sequence[Filters], viewer: Viewer) -> list[Count]:
    """Count what each of these would show: in one query, and in one more where some of them narrow."""
    plain = tuple(filters for filters in every if not filters.narrows)
    narrow = [filters for filters in every if filters.narrows]
    counts = await _count_plain(session, plain, viewer) if plain else {}
    if narrow:
        counts |= await _count_narrow(session, narrow, viewer)
    return [counts[filters] for filters in every]


async def _count_plain(
    session: AsyncSession, every: tuple[Filters, ...], viewer: Viewer
) -> dict[Filters, Count]:
    found = (await session.execute(_plain(every, len(viewer.teams)), values_of(viewer))).one()
    return {
        filters: Count(min(number, MOST), or_more=number > MOST)
        for filters, number in zip(every, found, strict=True)
    }


@lru_cache(maxsize=100)
def _plain(every: tuple[Filters, ...], teams: int) -> sa.Select[Any]:
    """Return the query that counts views: for each number of teams it is made once, for making it takes as long as
    all that PostgreSQL does for it, and every open page counts anew at every change.
    """
    viewer = sight_of(teams)
    scans = [scan(filters, viewer, MOST + 1) for filters in every]
    return sa.select(*(sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in scans))


async def _count_narrow(
    session: AsyncSession, every: Sequence[Filters], viewer: Viewer
) -> dict[Filters, Count]:
    columns: list[sa.ScalarSelect[int]] = []
    for filters in every:
        scanned = scan(filters, sight_of(len(viewer.teams)), _WINDOW)
        some = narrowed(sa.select(scanned.c.id), scanned, filters, viewer.now).limit(
            sa.literal_column(str(MOST + 1))
        )
        columns += [
            sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery(),
            sa.select(sa.func.count()).select_from(scanned).scalar_subquery(),
        ]
    found = (await session.execute(sa.select(*columns), values_of(viewer))).one()
    return {
        filters: Count(min(shown, MOST), or_more=shown > MOST or looked_at == _WINDOW)
        for filters, shown, looked_at in zip(every, found[::2], found[1::2], strict=True)
    }
