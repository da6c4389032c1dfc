from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.clock import utc_now
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.directory import add_agency, close_agency
from referrals.agencies.officers import (
    OfficerError,
    active_officers,
    agency_of,
    dismiss_officer,
    name_officer,
    read_officers,
)
from tests.referrals.agencies.conftest import POLICE, AccountOf


async def test_an_officer_works_for_one_agency_and_leaves_it_for_another(
    database: Database, boon: UUID, account_of: AccountOf
) -> None:
    krit = await account_of("krit")
    async with database.unit_of_work() as session:
        a = await add_agency(session, "a-1", POLICE, by=boon)
        b = await add_agency(session, "b-1", POLICE, by=boon)
        assert await agency_of(session, krit) is None
        for agency_id in (a, a, b):
            await name_officer(session, agency_id, krit, by=boon)
        found = await agency_of(session, krit)
        assert found is not None
        assert found.id == b
        assert await read_officers(session, a) == []
        (named,) = await read_officers(session, b)
        assert (named.name, named.is_active) == ("krit", True)
        await dismiss_officer(session, a, krit)
        assert await active_officers(session, b) == [krit]
        await dismiss_officer(session, b, krit)
        assert await agency_of(session, krit) is None


async def test_of_a_closed_agency_nobody_is_an_officer_any_more(
    database: Database, boon: UUID, account_of: AccountOf
) -> None:
    krit = await account_of("krit")
    async with database.unit_of_work() as session:
        a = await add_agency(session, "a-1", POLICE, by=boon)
        await name_officer(session, a, krit, by=boon)
        await close_agency(session, a)
        assert await agency_of(session, krit) is None
        with pytest.raises(NotFoundError):
            await name_officer(session, a, krit, by=boon)


async def test_only_partner_officers_are_named_and_only_those_who_may_sign_in_are_told(
    database: Database, boon: UUID, account_of: AccountOf
) -> None:
    krit, malee = await account_of("krit"), await account_of("malee", "campaign_manager")
    async with database.unit_of_work() as session:
        a = await add_agency(session, "a-1", POLICE, by=boon)
        for account_id in (malee, boon, new_id()):
            with pytest.raises(OfficerError):
                await name_officer(session, a, account_id, by=boon)
        await name_officer(session, a, krit, by=boon)
        for gone in ({"role_confirmed_by": None}, {"role_confirmed_by": boon, "disabled_at": utc_now()}):
            await session.execute(sa.update(Account).where(Account.id == krit).values(gone))
            assert await active_officers(session, a) == []
            assert [one.is_active for one in await read_officers(session, a)] == [False]
        session.expire_all()
        with pytest.raises(OfficerError):
            await name_officer(session, a, krit, by=boon)
