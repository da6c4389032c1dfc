from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.accounts.roster import (
    MailAddressError,
    NotBegunError,
    SecondPersonError,
    confirm_role,
    may_confirm,
    needs_confirmation,
    normal_email,
    scopes_held,
)
from core.clock import utc_now
from core.db.database import Database
from core.errors import ConflictError, NotFoundError
from core.ids import new_id


@pytest.mark.parametrize("typed", [" Anong@Example.ORG ", "ＡＮＯＮＧ@example.org"])
def test_it_stores_an_address_in_one_spelling(typed: str) -> None:
    assert normal_email(typed) == "anong@example.org"


@pytest.mark.parametrize("typed", ["", "@", "a@", "@b", "a b@c", "a@b@c", "x" * 255 + "@y"])
def test_it_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(MailAddressError):
        normal_email(typed)


@pytest.fixture
async def begun(database: Database, anong: Account) -> Account:
    """Anong, who was given her role by Somchai and has come in by her link."""
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        account.password_hash, account.role_given_by = "hash", new_id()
    return account


async def _confirm(database: Database, account_id: UUID, by: UUID) -> None:
    async with database.unit_of_work() as session:
        await confirm_role(session, account_id, by=by)


async def test_it_needs_a_second_person(database: Database, begun: Account) -> None:
    assert begun.role_given_by is not None
    for by in (begun.id, begun.role_given_by):
        assert not may_confirm(begun, by)
        with pytest.raises(SecondPersonError):
            await _confirm(database, begun.id, by)
    await _confirm(database, begun.id, new_id())
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, begun.id)
        assert not needs_confirmation(account)
        assert "referrals.read" in scopes_held(account)
    with pytest.raises(ConflictError):
        await _confirm(database, begun.id, new_id())


async def test_it_confirms_nobody_who_has_not_come_in_yet(database: Database, anong: Account) -> None:
    """Whoever made the link could use it themselves once the role counts."""
    with pytest.raises(NotBegunError):
        await _confirm(database, anong.id, new_id())


async def test_an_administrator_made_in_the_console_waits_too(database: Database, begun: Account) -> None:
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, begun.id)
        account.role = "administrator"
        assert needs_confirmation(account)
        assert scopes_held(account) == frozenset()
        account.role_given_by = None
        assert "accounts.manage" in scopes_held(account)


async def test_it_confirms_nobody_who_is_gone(database: Database, begun: Account) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(disabled_at=utc_now()))
    for account_id in (begun.id, new_id()):
        with pytest.raises(NotFoundError):
            await _confirm(database, account_id, new_id())
