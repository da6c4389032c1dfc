import pytest
import sqlalchemy as sa

from core.accounts.invitations import DeadLinkError, invite, read_link
from core.accounts.models import Account
from core.accounts.openid import OpenIdPerson
from core.accounts.openid_accounts import OpenIdUnknownError, account_of
from core.accounts.roster import needs_confirmation
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database


def _person(
    subject: str = "issuer u1", email: str = "Anong@example.org", *, verified: bool = True
) -> OpenIdPerson:
    return OpenIdPerson(subject, email, verified, frozenset())


async def _arrive(database: Database, person: OpenIdPerson) -> Account:
    async with database.unit_of_work() as session:
        return await account_of(session, person)


async def test_the_first_time_goes_by_the_address_and_later_ones_by_the_subject(
    database: Database, anong: Account
) -> None:
    assert (await _arrive(database, _person())).id == anong.id
    again = await _arrive(database, _person(email="another@example.org", verified=False))
    assert again.id == anong.id
    # The role still waits for its second person.
    assert needs_confirmation(again)
    async with database.unit_of_work() as session:
        rows = [(r.action, r.object_id) for r in await session.scalars(sa.select(AuditEvent))]
    assert rows == [("account.bind_openid", anong.id)]


@pytest.mark.parametrize(
    "person",
    [
        _person(verified=False),
        _person(email="nobody@example.org"),
        _person(email=""),
        _person(email="no address"),
    ],
)
async def test_who_was_not_invited_gets_no_account(
    database: Database, anong: Account, person: OpenIdPerson
) -> None:
    with pytest.raises(OpenIdUnknownError):
        await _arrive(database, person)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


async def test_an_account_belongs_to_one_subject(database: Database, anong: Account) -> None:
    await _arrive(database, _person())
    with pytest.raises(OpenIdUnknownError):
        await _arrive(database, _person("issuer u2"))


@pytest.mark.parametrize("change", [{"disabled_at": utc_now()}, {"is_demo": True}])
async def test_a_closed_or_demo_account_is_not_entered(
    database: Database, anong: Account, change: dict[str, object]
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(**change))
    with pytest.raises(OpenIdUnknownError):
        await _arrive(database, _person())


async def test_a_bound_account_that_was_closed_is_not_entered(database: Database, anong: Account) -> None:
    await _arrive(database, _person())
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(disabled_at=utc_now()))
    with pytest.raises(OpenIdUnknownError):
        await _arrive(database, _person())


async def test_the_unused_link_dies(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        token = await invite(session, keys, email="anong@example.org", name="Anong", role="auditor")
    await _arrive(database, _person())
    with pytest.raises(DeadLinkError):
        async with database.unit_of_work() as session:
            await read_link(session, keys, token)
