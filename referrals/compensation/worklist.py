"""Ordered and not paid: the cases that wait longest, or for most; and the sums of each province."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from referrals.models import Referral

Sorting = Literal["oldest", "largest"]

PAGE = 50

# Named and not imported: the tracks, whose table it is, stand on these books.
_STANDING = sa.table(
    "case_standing",
    sa.column("referral_id", sa.Uuid),
    sa.column("compensation", sa.Text),
    sa.column("ordered", sa.BigInteger),
    sa.column("paid", sa.BigInteger),
    sa.column("confirmed", sa.BigInteger),
    sa.column("owed", sa.BigInteger),
    sa.column("ordered_on", sa.Date),
    sa.column("final_on", sa.Date),
    sa.column("last_paid_on", sa.Date),
    sa.column("next_clock", sa.Text),
    sa.column("next_due_at", sa.DateTime(timezone=True)),
)


class Place(NamedTuple):
    """Where a page ended: the day of the order (oldest) or the satang owed (largest), and the case."""

    value: date | int
    referral_id: UUID


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One case that is owed money. Amounts are satang, without interest."""

    referral_id: UUID
    # Where the person concerned is, province or country, as a code of the directory of places.
    province: str | None
    holder_id: UUID | None
    holder: str | None
    # The newest step of compensation.
    step: str | None
    ordered: int
    paid: int
    confirmed: int
    owed: int
    ordered_on: date
    final_on: date | None
    last_paid_on: date | None
    next_clock: str | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some rows; `next` is where the next page begins, None at the end."""

    rows: list[WorkRow]
    next: Place | None


@dataclass(frozen=True, slots=True)
class ProvinceSums:
    """Of one province, None where nobody told it: cases with an order or a payment, how many are owed, and satang."""

    province: str | None
    cases: int
    unpaid_cases: int
    ordered: int
    paid: int
    confirmed: int
    owed: int


async def read_worklist(
    session: AsyncSession,
    *,
    order: Sorting = "oldest",
    after: Place | None = None,
    limit: int = PAGE,
    province: str | None = None,
) -> WorkPage:
    """Read one page of what was ordered and not paid, beyond a place, of one province where it is given."""
    columns = _STANDING.c
    value = columns.ordered_on if order == "oldest" else columns.owed
    query = (
        # In the order of WorkRow.
        sa.select(
            columns.referral_id, Referral.place, Referral.claimed_by, Account.name, columns.compensation,
            columns.ordered, columns.paid, columns.confirmed, columns.owed, columns.ordered_on, columns.final_on,
            columns.last_paid_on, columns.next_clock, columns.next_due_at,
        )
        .join(Referral, Referral.id == columns.referral_id)
        .outerjoin(Account, Account.id == Referral.claimed_by)
        # Said as the indexes say it, and not as a parameter: they hold only such rows.
        .where(columns.owed > sa.literal_column("0"))
        .limit(limit + 1)
    )  # fmt: skip
    if province is not None:
        query = query.where(Referral.place == province)
    here = sa.tuple_(value, columns.referral_id)
    if after is not None:
        beyond = sa.tuple_(sa.literal(after.value, value.type), sa.literal(after.referral_id, sa.Uuid))
        query = query.where(here > beyond if order == "oldest" else here < beyond)
    keys = (value, columns.referral_id)
    query = query.order_by(*(keys if order == "oldest" else [key.desc() for key in keys]))
    found = [WorkRow(*row) for row in await session.execute(query)]
    last = found[limit - 1] if len(found) > limit else None
    return WorkPage(found[:limit], _place(last, order) if last else None)


def _place(row: WorkRow, order: Sorting) -> Place:
    return Place(row.ordered_on if order == "oldest" else row.owed, row.referral_id)


async def read_provinces(session: AsyncSession) -> list[ProvinceSums]:
    """Read the sums of each province, most owed first; all together they are the sums over all cases."""
    columns = _STANDING.c
    owed = _sum(columns.owed)
    found = await session.execute(
        # In the order of ProvinceSums.
        sa.select(
            Referral.place, sa.func.count(), sa.func.count().filter(columns.owed > 0),
            _sum(columns.ordered), _sum(columns.paid), _sum(columns.confirmed), owed,
        )
        .select_from(_STANDING)
        .join(Referral, Referral.id == columns.referral_id)
        .where(sa.or_(columns.ordered > 0, columns.paid > 0))
        .group_by(Referral.place)
        .order_by(owed.desc(), Referral.place)
    )  # fmt: skip
    return [ProvinceSums(*row) for row in found]


def _sum(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """PostgreSQL adds large integers up to a numeric; satang stay whole numbers."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)
