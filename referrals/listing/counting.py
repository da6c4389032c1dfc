"""How many reports each view holds, counted no further than anybody needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.listing.filters import Filters
from referrals.listing.narrowing import narrowed
from referrals.listing.views import Viewer, scan

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
    """Count what each of these would show, in one query."""
    if not every:
        return []
    columns: list[sa.ScalarSelect[int]] = []
    for filters in every:
        scanned = scan(filters, viewer, _WINDOW if filters.narrows else MOST + 1)
        some = narrowed(sa.select(scanned.c.id), scanned, filters, viewer.now).limit(
            sa.literal_column(str(MOST + 1))
        )
        columns += [
            sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery(),
            sa.select(sa.func.count()).select_from(scanned).scalar_subquery(),
        ]
    found = (await session.execute(sa.select(*columns))).one()
    return [
        _count(shown, looked_at, narrows=filters.narrows)
        for filters, shown, looked_at in zip(every, found[::2], found[1::2], strict=True)
    ]


def _count(shown: int, looked_at: int, *, narrows: bool) -> Count:
    if shown > MOST:
        return Count(MOST, or_more=True)
    return Count(shown, or_more=narrows and looked_at == _WINDOW)
