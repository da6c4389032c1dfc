from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.db.database import Database
from referrals.compensation.worklist import Sorting, WorkPage, read_provinces, read_worklist
from referrals.models import Referral
from referrals.queue import claim
from referrals.tracks.models import CaseStanding
from tests.referrals.conftest import Refer

FIRST = date(2026, 1, 1)


@pytest.fixture
async def cases(database: Database, refer: Refer) -> list[UUID]:
    """Seven cases: three of Chiang Mai, three of Tak, one of nobody knows where; the last two are paid and never ordered."""
    owed = [500, 300, 300, 900, 100, 0, 0]
    places = ["TH-50", "TH-50", "TH-63", "TH-63", None, "TH-50", "TH-63"]
    found = [await refer(f"case {number}") for number in range(7)]
    for number, (referral_id, left, place) in enumerate(zip(found, owed, places, strict=True)):
        await _stand(database, referral_id, left, place, FIRST + timedelta(days=number // 2))
    await _change(database, found[6], ordered=0, paid=0, ordered_on=None)
    return found


async def _stand(database: Database, referral_id: UUID, owed: int, place: str | None, on: date) -> None:
    await _change(
        database, referral_id, compensation="ordered", ordered=1_000, paid=1_000 - owed, confirmed=10, owed=owed,
        ordered_on=on,
    )  # fmt: skip
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == referral_id).values(place=place))


async def _change(database: Database, referral_id: UUID, **values: Any) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(CaseStanding).where(CaseStanding.referral_id == referral_id).values(**values)
        )


async def _read(database: Database, **asked: Any) -> WorkPage:
    async with database.unit_of_work() as session:
        return await read_worklist(session, **asked)


async def _read_all(database: Database, order: Sorting, **asked: Any) -> list[UUID]:
    found, after = [], None
    for _ in range(9):
        page = await _read(database, order=order, after=after, limit=2, **asked)
        found += [row.referral_id for row in page.rows]
        after = page.next
        if after is None:
            break
    return found


async def test_the_oldest_order_comes_first_and_pages_go_on_where_they_ended(
    database: Database, cases: list[UUID]
) -> None:
    days = {FIRST: cases[:2], FIRST + timedelta(1): cases[2:4], FIRST + timedelta(2): cases[4:5]}
    expected = [one for day in sorted(days) for one in sorted(days[day])]
    assert await _read_all(database, "oldest") == expected


async def test_the_largest_debt_comes_first_and_none_that_is_paid(
    database: Database, cases: list[UUID]
) -> None:
    alike = sorted(cases[1:3], reverse=True)
    assert await _read_all(database, "largest") == [cases[3], cases[0], *alike, cases[4]]


async def test_a_province_has_a_list_of_its_own(database: Database, cases: list[UUID]) -> None:
    assert await _read_all(database, "largest", province="TH-63") == [cases[3], cases[2]]
    assert await _read_all(database, "oldest", province="TH-10") == []


async def test_a_row_tells_who_holds_the_case_and_what_is_owed(
    database: Database, cases: list[UUID], anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        await claim(session, cases[3], anong)
    row = (await _read(database, order="largest", limit=1)).rows[0]
    assert (row.referral_id, row.holder, row.province, row.step) == (cases[3], "Anong", "TH-63", "ordered")
    assert (row.ordered, row.paid, row.confirmed, row.owed) == (1_000, 100, 10, 900)


async def test_provinces_add_up_to_the_sum_over_cases(database: Database, cases: list[UUID]) -> None:
    async with database.unit_of_work() as session:
        provinces = await read_provinces(session)
    assert [one.province for one in provinces] == ["TH-63", "TH-50", None]
    assert [(one.cases, one.unpaid_cases, one.owed) for one in provinces] == [(2, 2, 1_200), (3, 2, 800), (1, 1, 100)]  # fmt: skip
    async with database.unit_of_work() as session:
        rows = list(await session.scalars(sa.select(CaseStanding)))
    for figure in ("ordered", "paid", "confirmed", "owed"):
        each = [getattr(one, figure) for one in provinces]
        assert all(type(one) is int for one in each)
        assert sum(each) == sum(getattr(row, figure) for row in rows if row.ordered or row.paid)
