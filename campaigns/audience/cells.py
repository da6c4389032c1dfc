"""Everybody once, in cells of who is alike in what an audience asks. Every count of an audience is a sum of cells.

Nothing here reads who is held (invariant 8).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import Function

from campaigns.audience.rules import People, agreed_to, holders
from campaigns.audience.selecting import at_cap
from campaigns.plans.audience import Audience
from core.consent import Consent
from core.contacts.models import Contact
from core.contacts.subjects import Subject

# Which hash of a person; of no meaning.
_SEED = 0x526F6F54616E


class Group(NamedTuple):
    """A set of people: how many, and the exclusive or of their hashes, which tells it from other sets."""

    size: int
    mark: int


class Cell(NamedTuple):
    """People who are alike. `holds` says of each rule, the included ones first, whether it holds for them."""

    agreed: bool
    # Said yes or no to news at some time.
    asked: bool
    # Had enough this week.
    full: bool
    holds: tuple[bool, ...]
    group: Group


def union(cells: Iterable[Cell]) -> Group:
    """The people of several cells."""
    size = mark = 0
    for cell in cells:
        size += cell.group.size
        mark ^= cell.group.mark
    return Group(size, mark)


async def read_cells(
    session: AsyncSession, audience: Audience, subject: Subject | str | None, now: datetime
) -> list[Cell]:
    """Read the cells of everybody who is not forgotten, in one statement; raises AudienceError."""
    rows = await session.execute(_statement(audience, subject, now))
    return [
        Cell(agreed, asked, full, tuple(holds), Group(size, mark))
        for agreed, asked, full, *holds, size, mark in rows
    ]


def _statement(audience: Audience, subject: Subject | str | None, now: datetime) -> sa.Executable:
    agreed = _once(agreed_to(*([subject] if subject else [])), "agreed")
    asked = _once(sa.select(Consent.contact_id).where(Consent.topic == "campaigns"), "asked")
    full = _once(at_cap(audience.weekly_cap, now) if audience.weekly_cap else _nobody(), "sated")
    rules = [
        _once(holders(rule, now), f"rule_{n}")
        for n, rule in enumerate((*audience.include, *audience.exclude))
    ]
    source: sa.FromClause = Contact.__table__
    for people in (agreed, asked, full, *rules):
        source = source.outerjoin(people, _id_of(people) == Contact.id)
    marks = [_id_of(people).is_not(None).label(people.name) for people in (agreed, asked, full, *rules)]
    return (
        sa.select(*marks, sa.func.count(), mark_of(sa.type_coerce(Contact.id, sa.Uuid())))
        .select_from(source)
        .where(Contact.erased_at.is_(None))
        .group_by(*(sa.text(str(n + 1)) for n in range(len(marks))))
    )


def mark_of(contact_id: sa.ColumnElement[Any]) -> Function[int]:
    """SQL: the mark of a group."""
    return sa.func.bit_xor(
        sa.func.uuid_hash_extended(contact_id, sa.cast(_SEED, sa.BigInteger)), type_=sa.BigInteger
    )


def _nobody() -> People:
    return sa.select(Contact.id).where(sa.false())


def _once(people: People, name: str) -> sa.Subquery:
    """A set to be joined: everybody of it once."""
    return people.distinct().subquery(name)


def _id_of(people: sa.Subquery) -> sa.ColumnElement[Any]:
    return next(iter(people.c))
