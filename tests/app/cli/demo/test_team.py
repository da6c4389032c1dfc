from app.cli.demo.team import ensure_demo_team
from core.accounts.demo import ensure_demo_accounts
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import open_referral
from referrals.models import Referral
from referrals.teams.roster import create_team, list_teams
from referrals.teams.shifts import who_is_there
from tests.support.cast import make_person


async def test_a_trial_begins_with_a_team_that_reports_go_to_and_somebody_on_duty(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        accounts = await ensure_demo_accounts(session, keys)
        await ensure_demo_team(session, accounts)
        await ensure_demo_team(session, accounts)
        [team] = await list_teams(session)
        person = await make_person(session, keys, name="Dao")
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority="P2", kinds=(), reasons=(), receipt="Dao",
        )  # fmt: skip
        assert (await session.get_one(Referral, referral_id)).team_id == team.id
        there = (await who_is_there(session, [team.id], utc_now()))[team.id]
        assert [(one.name, one.on_call) for one in there] == [("Anong", False), ("Boon", True)]


async def test_a_trial_that_has_teams_keeps_them_as_they_are(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        accounts = await ensure_demo_accounts(session, keys)
        mine = await create_team(session, f"x{new_id().hex[:5]}")
        await ensure_demo_team(session, accounts)
        assert [team.id for team in await list_teams(session)] == [mine]
