"""Steps as they are recorded, and what the books, the standing and the lists then say of them."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.compensation.ledger import Ledger, book, entries_of
from referrals.compensation.worklist import read_provinces, read_worklist
from referrals.models import Referral
from referrals.tracks.errors import StepError
from referrals.tracks.recording import NewStep
from tests.conftest import MovableClock
from tests.referrals.compensation.history import BAHT, day
from tests.referrals.conftest import Refer
from tests.referrals.tracks.office import Office

COURT = {"fund": "court"}
EVERY_SATANG = 850_000 * BAHT


async def _tell(office: Office, step: str, on: str, **said: Any) -> UUID:
    return await office.tells(NewStep(step=step, track="compensation", happened_on=day(on), **said))


async def _order(office: Office, amount: int, **details: Any) -> UUID:
    await _tell(office, "claim_filed", "2026-02-01", amount=2 * amount, **COURT)
    return await _tell(office, "ordered", "2026-06-01", amount=amount, details=details, **COURT)


async def _books(office: Office, as_of: date) -> Ledger:
    return book(entries_of(await office.all_events()), as_of)


@pytest.fixture
async def offices(
    database: Database, keys: DataKeys, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> list[Office]:
    """Three cases of two provinces."""
    found = [Office(database, keys, await refer(name), boon) for name in ("Dao", "Fah", "Noi")]
    async with database.unit_of_work() as session:
        for office, place in zip(found, ("TH-50", "TH-50", "TH-63"), strict=True):
            await session.execute(
                sa.update(Referral).where(Referral.id == office.referral_id).values(place=place)
            )
    return found


async def test_lists_and_provinces_say_what_the_books_of_every_case_say(
    offices: list[Office], database: Database
) -> None:
    dao, fah, noi = offices
    order = await _order(dao, EVERY_SATANG, interest="statutory", debtors=["1", "2"])
    paid = await _tell(dao, "paid", "2026-08-01", amount=100_000 * BAHT, details={"payer": "2"}, **COURT)
    await _tell(dao, "receipt_confirmed", "2026-08-02", about_id=paid)
    await _tell(dao, "ordered", "2026-10-01", amount=500_000 * BAHT, about_id=order, **COURT)
    await _order(fah, 700_000 * BAHT)
    await _order(noi, 300_000 * BAHT)
    denied = await _tell(noi, "paid", "2026-09-01", amount=300_000 * BAHT, **COURT)
    await _tell(noi, "receipt_denied", "2026-09-03", about_id=denied)

    today = utc_now().date()
    books = [await _books(office, today) for office in offices]
    assert [(one.ordered, one.paid) for one in books] == [(500_000 * BAHT, 100_000 * BAHT), (700_000 * BAHT, 0), (300_000 * BAHT, 300_000 * BAHT)]  # fmt: skip
    assert books[0].orders[0].paid_by == {"2": 100_000 * BAHT}
    async with database.unit_of_work() as session:
        rows = (await read_worklist(session, order="largest")).rows
        provinces = {one.province: one for one in await read_provinces(session)}
    # Without interest, and what never came is owed still.
    expected = [
        (fah.referral_id, 700_000 * BAHT), (dao.referral_id, 400_000 * BAHT), (noi.referral_id, 300_000 * BAHT),
    ]  # fmt: skip
    assert [(row.referral_id, row.owed) for row in rows] == expected
    assert provinces["TH-50"].ordered == books[0].ordered + books[1].ordered
    assert provinces["TH-50"].paid == books[0].paid + books[1].paid
    assert (provinces["TH-63"].ordered, provinces["TH-63"].confirmed) == (books[2].ordered, 0)


async def test_what_is_refused_changes_neither_books_nor_list(
    offices: list[Office], database: Database
) -> None:
    office = offices[0]
    await _order(office, 1_000 * BAHT)
    before = await _books(office, day("2026-11-01"))
    tries: list[tuple[str, dict[str, Any]]] = [
        ("amount_over", {"step": "paid", "amount": 1_000 * BAHT + 1}),
        ("amount_negative", {"step": "paid", "amount": -1}),
        ("amount_over", {"step": "paid", "amount": 2**63}),
    ]
    for code, said in tries:
        with pytest.raises(StepError) as wrong:
            await office.tells(NewStep(track="compensation", happened_on=day("2026-11-01"), **said, **COURT))
        assert wrong.value.code == code
    assert await _books(office, day("2026-11-01")) == before
    async with database.unit_of_work() as session:
        assert [row.owed for row in (await read_worklist(session)).rows] == [1_000 * BAHT]


async def test_a_wrong_payment_is_taken_back_and_owed_again(
    offices: list[Office], database: Database
) -> None:
    office = offices[0]
    await _order(office, 1_000 * BAHT)
    before = await _books(office, day("2026-11-01"))
    wrong = await _tell(office, "paid", "2026-11-01", amount=1_000 * BAHT, **COURT)
    async with database.unit_of_work() as session:
        assert (await read_worklist(session)).rows == []
    await office.takes_back(wrong)
    assert await _books(office, day("2026-11-01")) == before
    async with database.unit_of_work() as session:
        assert [row.owed for row in (await read_worklist(session)).rows] == [1_000 * BAHT]
