from app.cli.demo.agencies import ensure_demo_agencies
from core.accounts.demo import ensure_demo_accounts
from core.accounts.roster import find_account, scopes_held
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.agencies.directory import close_agency, read_agencies
from referrals.agencies.officers import agency_of
from referrals.agencies.pairings import may_refer


async def test_a_trial_begins_with_agencies_that_the_hotline_may_refer_to(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        accounts = await ensure_demo_accounts(session, keys)
        await ensure_demo_agencies(session, accounts)
        agencies = {one.kind: one for one in await read_agencies(session)}
        assert set(agencies) == {"msdhs", "police", "prosecutor", "court", "execution", "amlo"}
        assert all([await may_refer(session, None, one.id) for one in agencies.values()])
        assert await may_refer(session, agencies["police"].id, agencies["msdhs"].id)
        assert not await may_refer(session, agencies["police"].id, agencies["court"].id)
        works_for = {}
        for email in ("pim", "krit", "nop", "lek"):
            account = await find_account(session, f"{email}@rootan.test")
            assert account is not None
            assert "partner.read" in scopes_held(account)
            agency = await agency_of(session, account.id)
            works_for[email] = agency.kind if agency else None
        assert works_for == {"pim": "msdhs", "krit": "police", "nop": "prosecutor", "lek": "execution"}


async def test_a_trial_that_has_agencies_keeps_them_as_they_are(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        accounts = await ensure_demo_accounts(session, keys)
        for _ in range(2):
            await ensure_demo_agencies(session, accounts)
        (amlo,) = await read_agencies(session, kind="amlo")
        await close_agency(session, amlo.id)
        await ensure_demo_agencies(session, accounts)
        assert await read_agencies(session, kind="amlo") == []
