import sqlalchemy as sa

from core.accounts.demo import _password, ensure_demo_accounts, has_demo_accounts
from core.accounts.models import Account
from core.accounts.passwords import password_matches, refuse_weak_password
from core.accounts.roster import find_account, scopes_held
from core.accounts.second_factor import code_at, current_step, spend_code
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database
from core.permissions import SCOPES


async def test_it_makes_them_once_and_tells_the_same_each_time(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        assert not await has_demo_accounts(session)
        first = await ensure_demo_accounts(session, keys)
    async with database.unit_of_work() as session:
        assert await ensure_demo_accounts(session, keys) == first
        assert await has_demo_accounts(session)
        assert await session.scalar(sa.select(sa.func.count()).select_from(Account)) == len(first)


async def test_they_can_sign_in_with_what_is_printed(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        demo = await ensure_demo_accounts(session, keys)
    for printed in demo:
        async with database.unit_of_work() as session:
            account = await find_account(session, printed.email)
            assert account is not None
            assert account.is_demo
            refuse_weak_password(printed.password, printed.email)
            assert await password_matches(account.password_hash, printed.password)
            await spend_code(session, keys, account, code_at(printed.totp_secret, current_step()))
            assert scopes_held(account) == SCOPES[printed.role]


async def test_they_differ_from_installation_to_installation(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        demo = await ensure_demo_accounts(session, keys)
    elsewhere = {_password(new_keyset(), d.email) for d in demo}
    secrets = {d.password for d in demo} | {d.totp_secret for d in demo}
    assert len(secrets | elsewhere) == 3 * len(demo)
