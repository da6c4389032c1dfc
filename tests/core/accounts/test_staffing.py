from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.invitations import DeadLinkError, invite, read_link
from core.accounts.models import Account
from core.accounts.roster import needs_confirmation
from core.accounts.sessions import read_session, start_session
from core.accounts.staffing import OwnAccountError, change_role, disable_account, enable_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from tests.conftest import MovableClock

SOMCHAI = new_id()
Change = Callable[[AsyncSession, UUID], Awaitable[None]]


async def _to_auditor(session: AsyncSession, account_id: UUID, by: UUID = SOMCHAI) -> None:
    await change_role(session, account_id, "auditor", by=by)


async def _disable(session: AsyncSession, account_id: UUID, by: UUID = SOMCHAI) -> None:
    await disable_account(session, account_id, by=by)


async def _enable(session: AsyncSession, account_id: UUID, by: UUID = SOMCHAI) -> None:
    await enable_account(session, account_id, by=by)


@pytest.mark.parametrize("change", [_to_auditor, _disable])
async def test_a_change_signs_the_person_out(
    database: Database, anong: Account, standing_clock: MovableClock, change: Change
) -> None:
    async with database.unit_of_work() as session:
        token = await start_session(session, anong.id, confirmed=True)
    async with database.unit_of_work() as session:
        await change(session, anong.id)
    async with database.unit_of_work() as session:
        assert await read_session(session, token) is None
    with pytest.raises(ConflictError):
        async with database.unit_of_work() as session:
            await change(session, anong.id)


@pytest.mark.parametrize("change", [_to_auditor, _disable, _enable])
async def test_nobody_changes_their_own_account_or_one_that_is_not_there(
    database: Database, anong: Account, change: Callable[..., Awaitable[None]]
) -> None:
    for account_id, by, error in ((anong.id, anong.id, OwnAccountError), (new_id(), anong.id, NotFoundError)):
        with pytest.raises(error):
            async with database.unit_of_work() as session:
                await change(session, account_id, by)


async def test_a_reading_role_waits_for_its_second_person_however_it_came(
    database: Database, anong: Account
) -> None:
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        account.role_confirmed_by = new_id()
        await _to_auditor(session, anong.id)
        assert not needs_confirmation(account)
        await change_role(session, anong.id, "supervisor", by=SOMCHAI)
        assert needs_confirmation(account)
        assert account.role_given_by == SOMCHAI
        account.role_confirmed_by = new_id()
        await _disable(session, anong.id)
        await _enable(session, anong.id)
        assert account.disabled_at is None
        assert needs_confirmation(account)


async def test_a_disabled_account_has_no_living_link_and_takes_no_role(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        link = await invite(session, keys, email="kanda@example.org", name="Kanda", role="auditor")
        kanda = (await read_link(session, keys, link)).account
        await _disable(session, kanda.id)
        await _enable(session, kanda.id)
        with pytest.raises(DeadLinkError):
            await read_link(session, keys, link)
        await _disable(session, kanda.id)
    with pytest.raises(ConflictError):
        async with database.unit_of_work() as session:
            await change_role(session, kanda.id, "supervisor", by=SOMCHAI)


async def test_it_knows_the_roles(database: Database, anong: Account) -> None:
    with pytest.raises(InvalidInputError):
        async with database.unit_of_work() as session:
            await change_role(session, anong.id, "king", by=SOMCHAI)
