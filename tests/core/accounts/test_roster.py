import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.accounts.roster import confirm_role, needs_confirmation, normal_email, scopes_held
from core.clock import utc_now
from core.db.database import Database
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.ids import new_id


@pytest.mark.parametrize("typed", [" Anong@Example.ORG ", "ＡＮＯＮＧ@example.org"])
def test_it_stores_an_address_in_one_spelling(typed: str) -> None:
    assert normal_email(typed) == "anong@example.org"


@pytest.mark.parametrize("typed", ["", "@", "a@", "@b", "a b@c", "x" * 255 + "@y"])
def test_it_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidInputError):
        normal_email(typed)


async def test_it_needs_a_second_person(database: Database, anong: Account) -> None:
    with pytest.raises(ForbiddenError):
        async with database.unit_of_work() as session:
            await confirm_role(session, anong.id, by=anong.id)
    async with database.unit_of_work() as session:
        await confirm_role(session, anong.id, by=new_id())
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        assert not needs_confirmation(account)
        assert "referrals.read" in scopes_held(account)
    with pytest.raises(ConflictError):
        async with database.unit_of_work() as session:
            await confirm_role(session, anong.id, by=new_id())


async def test_it_confirms_nobody_who_is_gone(database: Database, anong: Account) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(disabled_at=utc_now()))
    for account_id in (anong.id, new_id()):
        with pytest.raises(NotFoundError):
            async with database.unit_of_work() as session:
                await confirm_role(session, account_id, by=new_id())
