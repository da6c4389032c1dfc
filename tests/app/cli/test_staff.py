"""Inviting staff from the command line."""

import re

import pyotp
import sqlalchemy as sa

from core.accounts.demo import ensure_demo_accounts
from core.accounts.invitations import read_link
from core.accounts.models import Account, OneTimeLink
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.cli.conftest import CommandLine

LINK = re.compile(r"^https://rootan\.example/console/welcome/(\S+)$", re.MULTILINE)


async def test_it_prints_a_link_that_welcomes(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    ended = await rootan.run(
        "staff", "add", "Anong@Example.org", "--role", "hotline_officer", "--name", "อนงค์"
    )
    found = LINK.search(ended.out)
    assert ended.status == 0
    assert found is not None
    async with database.unit_of_work() as session:
        welcome = await read_link(session, keys, found[1])
        assert (welcome.account.email, welcome.account.name) == ("anong@example.org", "อนงค์")


async def test_it_stores_no_account_for_an_unknown_role(rootan: CommandLine, database: Database) -> None:
    ended = await rootan.run("staff", "add", "anong@example.org", "--role", "king")
    assert (ended.status, "hotline_officer" in ended.err) == (1, True)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


async def test_it_replaces_a_lost_second_factor(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        await ensure_demo_accounts(session, keys)
    ended = await rootan.run("staff", "reset-2fa", "anong@rootan.test")
    assert LINK.search(ended.out)
    async with database.unit_of_work() as session:
        account = await session.scalar(sa.select(Account).where(Account.email == "anong@rootan.test"))
        assert account is not None
        assert account.totp_secret is None
        assert await session.scalar(sa.select(OneTimeLink.account_id)) == account.id


async def test_it_prints_codes_of_demo_accounts_only(
    rootan: CommandLine, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        demo = await ensure_demo_accounts(session, keys)
    await rootan.run("staff", "add", "real@example.org", "--role", "supervisor")
    code = (await rootan.run("staff", "code", demo[0].email)).out.split()[0]
    refused = await rootan.run("staff", "code", "real@example.org")
    assert pyotp.TOTP(demo[0].totp_secret).verify(code, valid_window=1)
    assert (refused.status, "demo accounts only" in refused.err) == (1, True)
