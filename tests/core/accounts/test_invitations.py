import pytest
import sqlalchemy as sa

from core.accounts.invitations import (
    DeadLinkError,
    invite,
    read_link,
    reset_password,
    reset_second_factor,
    use_link,
)
from core.accounts.models import Account, OneTimeLink
from core.accounts.roster import find_account, needs_confirmation, scopes_held
from core.accounts.second_factor import set_secret
from core.accounts.sessions import read_session, start_session
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from tests.conftest import MovableClock


async def _invite(
    database: Database, keys: DataKeys, email: str = "anong@example.org", role: str = "hotline_officer"
) -> str:
    async with database.unit_of_work() as session:
        return await invite(session, keys, email=email, name="Anong", role=role)


async def test_it_makes_a_link_that_works_once(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    token = await _invite(database, keys)
    async with database.unit_of_work() as session:
        welcome = await read_link(session, keys, token)
        assert welcome.sets_password
        await use_link(session, keys, token, "hash")
    async with database.unit_of_work() as session:
        with pytest.raises(DeadLinkError):
            await read_link(session, keys, token)


async def test_it_stores_only_a_hash_of_the_link(database: Database, keys: DataKeys) -> None:
    token = await _invite(database, keys)
    async with database.unit_of_work() as session:
        link = (await session.scalars(sa.select(OneTimeLink))).one()
    assert token.encode() not in link.token_hash


async def test_it_lets_a_link_die_after_three_days(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    token = await _invite(database, keys)
    standing_clock.advance(hours=72)
    async with database.unit_of_work() as session:
        with pytest.raises(DeadLinkError):
            await use_link(session, keys, token, "hash")


async def test_it_replaces_the_link_of_who_never_began(database: Database, keys: DataKeys) -> None:
    first = await _invite(database, keys)
    second = await _invite(database, keys, "ANONG@example.org ")
    async with database.unit_of_work() as session:
        with pytest.raises(DeadLinkError):
            await read_link(session, keys, first)
        await read_link(session, keys, second)
        assert await session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


async def test_it_does_not_invite_who_works_here_already(database: Database, keys: DataKeys) -> None:
    token = await _invite(database, keys)
    async with database.unit_of_work() as session:
        await use_link(session, keys, token, "hash")
    with pytest.raises(ConflictError):
        await _invite(database, keys)


@pytest.mark.parametrize(
    ("email", "role"), [("no address", "auditor"), ("a@", "auditor"), ("a@example.org", "king")]
)
async def test_it_refuses_nonsense(database: Database, keys: DataKeys, email: str, role: str) -> None:
    with pytest.raises(InvalidInputError):
        await _invite(database, keys, email, role)


async def test_it_gives_a_reading_role_no_rights_before_it_is_confirmed(
    database: Database, keys: DataKeys
) -> None:
    await _invite(database, keys)
    await _invite(database, keys, "malee@example.org", "campaign_manager")
    async with database.unit_of_work() as session:
        anong = await find_account(session, "anong@example.org")
        malee = await find_account(session, "malee@example.org")
    assert anong is not None
    assert malee is not None
    assert needs_confirmation(anong)
    assert scopes_held(anong) == frozenset()
    assert "campaigns.write" in scopes_held(malee)


async def test_it_resets_a_second_factor_and_signs_the_person_out(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    token = await _invite(database, keys)
    async with database.unit_of_work() as session:
        account = await use_link(session, keys, token, "hash")
        await set_secret(session, keys, account, "JBSWY3DPEHPK3PXP")
        live = await start_session(session, account.id, confirmed=True)
    async with database.unit_of_work() as session:
        reset = await reset_second_factor(session, keys, "anong@example.org")
    async with database.unit_of_work() as session:
        assert await read_session(session, live) is None
        welcome = await read_link(session, keys, reset)
        assert welcome.account.totp_secret is None
        # Who made the link does not know the password, so the link alone opens nothing.
        assert not welcome.sets_password
        assert (await use_link(session, keys, reset, None)).password_hash == "hash"


async def test_it_knows_whom_it_does_not_know(database: Database, keys: DataKeys) -> None:
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await reset_second_factor(session, keys, "nobody@example.org")


async def _confirmed(database: Database, keys: DataKeys) -> Account:
    token = await _invite(database, keys)
    async with database.unit_of_work() as session:
        account = await use_link(session, keys, token, "hash")
        account.role_confirmed_by = new_id()
    return account


async def test_a_new_password_leaves_the_second_factor_and_wants_the_role_confirmed_anew(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    """Whoever made the link could choose the password themselves."""
    account, somchai = await _confirmed(database, keys), new_id()
    async with database.unit_of_work() as session:
        await set_secret(session, keys, await session.get_one(Account, account.id), "JBSWY3DPEHPK3PXP")
        live = await start_session(session, account.id, confirmed=True)
    async with database.unit_of_work() as session:
        token = await reset_password(session, keys, "anong@example.org", by=somchai)
    async with database.unit_of_work() as session:
        assert await read_session(session, live) is None
        assert (await read_link(session, keys, token)).sets_password
        used = await use_link(session, keys, token, "another hash")
        assert (used.password_hash, used.role_given_by) == ("another hash", somchai)
        assert used.totp_secret is not None
        assert needs_confirmation(used)


async def test_a_lost_second_factor_leaves_a_role_confirmed_only_where_a_password_stands(
    database: Database, keys: DataKeys
) -> None:
    account = await _confirmed(database, keys)
    for password, waits in (("hash", False), (None, True)):
        async with database.unit_of_work() as session:
            row = await session.get_one(Account, account.id)
            row.password_hash, row.openid_subject = password, "issuer subject"
            await session.flush()
            await reset_second_factor(session, keys, "anong@example.org", by=new_id())
            assert needs_confirmation(row) == waits
            assert row.openid_subject is None
