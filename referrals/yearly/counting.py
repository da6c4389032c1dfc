"""Counting a year of all cases, by the events that were recorded up to a moment, reversed ones left out.

A year is that of the Bangkok day on which something happened. What happened to one case several times (two indictments)
counts once, in the year of the first, unless it is people or money. An order that another changed is the other's. A case
begins when victim, prosecution or compensation first take a step. The place is the report's.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.yearly.asked import Asked
from referrals.yearly.counted import ALL, Count, Counted, Span
from referrals.yearly.disputes import read_overruled
from referrals.yearly.queries import COUNTS, FIRSTS

# Nationalities that stand by themselves; all others are one line, or a table would be of small cells alone.
NATIONALITIES = ("th", "mm", "kh", "la", "vn", "cn", "bd", "pk", "in", "ph", "id", "xx", "unknown")
OTHERS = "other"


async def count(session: AsyncSession, asked: Asked) -> Counted:
    """Read every case once; takes seconds among millions of events."""
    given = {
        "as_of": asked.as_of,
        "first": asked.first,
        "last": asked.last,
        "overruled": await read_overruled(session, asked.as_of),
    }
    await session.execute(sa.text("SET LOCAL work_mem = '128MB'"))
    counted = [Count(*row) for row in await session.execute(sa.text(COUNTS), given)]
    firsts = (await session.execute(sa.text(FIRSTS), given)).all()
    cases = [Count(row.name, row.year, ALL, row.place, row.n) for row in firsts if row.days is None]
    spans = [Span(*row) for row in firsts if row.days is not None]
    return Counted(
        tuple(sorted([*_few_nationalities(counted), *cases], key=_order)), tuple(sorted(spans, key=_order))
    )


def _few_nationalities(counts: list[Count]) -> list[Count]:
    kept = [one for one in counts if one.measure != "nationality" or one.category in NATIONALITIES]
    others: dict[tuple[int, str], int] = {}
    for one in counts:
        if one.measure == "nationality" and one.category not in NATIONALITIES:
            others[one.year, one.place] = others.get((one.year, one.place), 0) + one.n
    return kept + [Count("nationality", year, OTHERS, place, n) for (year, place), n in others.items()]


def _order(one: Count | Span) -> tuple[Any, ...]:
    return (
        (one.measure, one.year, one.category, one.place)
        if isinstance(one, Count)
        else (one.pair, one.year, one.place)
    )
