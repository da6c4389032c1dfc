from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.db.database import Database
from core.ids import new_id
from referrals.queue import claim
from referrals.teams.models import StaffAlert
from tests.referrals.conftest import Refer

Told = Callable[[UUID], Awaitable[list[str]]]


@pytest.fixture
async def staff(database: Database, anong: UUID, boon: UUID) -> tuple[UUID, UUID]:
    """Anong and Boon, each confirmed by the other, so that they may hold referrals."""
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(Account).values(
                role_confirmed_by=sa.case((Account.id == anong, boon), else_=anong), password_hash="-"
            )
        )
    return anong, boon


@pytest.fixture
async def held_by_anong(database: Database, refer: Refer, anong: UUID) -> UUID:
    """Dao's referral, P2, with words of hers, held by Anong."""
    referral_id = await refer("Dao", words="ช่วยด้วย")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    return referral_id


@pytest.fixture
def told(database: Database) -> Told:
    """Read what somebody was alerted to, the oldest first."""

    async def kinds(account_id: UUID) -> list[str]:
        async with database.unit_of_work() as session:
            return list(
                await session.scalars(
                    sa.select(StaffAlert.kind)
                    .where(StaffAlert.account_id == account_id)
                    .order_by(StaffAlert.id)
                )
            )

    return kinds


@pytest.fixture
async def form_id() -> UUID:
    return new_id()
