import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.clock import utc_now
from core.db.database import Database
from core.errors import InvalidInputError, NotFoundError
from referrals.teams.roster import (
    FallbackNeededError,
    NameTakenError,
    NoTeamError,
    TeamNameError,
    add_member,
    change_team,
    close_team,
    create_team,
    list_members,
    list_teams,
    make_fallback,
    read_team,
    remove_member,
    teams_of,
)
from tests.referrals.teams.conftest import Hire


async def test_exactly_one_open_team_is_the_fallback(database: Database) -> None:
    async with database.unit_of_work() as session:
        first, second = await create_team(session, "A"), await create_team(session, "B")
        assert [team.id for team in await list_teams(session) if team.is_fallback] == [first]
        await make_fallback(session, second)
    async with database.unit_of_work() as session:
        assert [team.id for team in await list_teams(session) if team.is_fallback] == [second]
        with pytest.raises(FallbackNeededError):
            await close_team(session, second)
        await close_team(session, first)
        assert [team.id for team in await list_teams(session)] == [second]
        with pytest.raises(NoTeamError):
            await make_fallback(session, first)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
async def test_a_team_needs_a_name(database: Database, name: str) -> None:
    async with database.unit_of_work() as session:
        with pytest.raises(TeamNameError):
            await create_team(session, name)


async def test_names_are_unique_until_their_team_closes(database: Database) -> None:
    async with database.unit_of_work() as session:
        await create_team(session, "A")
        second = await create_team(session, "North")
        with pytest.raises(NameTakenError):
            await create_team(session, " north ")
        await change_team(session, second, name="NORTH", on_call_after=5)
        with pytest.raises(NameTakenError):
            await change_team(session, second, name="a", on_call_after=5)
        with pytest.raises(InvalidInputError):
            await change_team(session, second, name="B", on_call_after=0)
        await close_team(session, second)
        third = await create_team(session, "North")
        assert (await read_team(session, third)).name == "North"


async def test_only_who_works_on_cases_joins_and_leads_come_first(database: Database, hire: Hire) -> None:
    anong, boon = await hire("Anong", mail="a@example.org"), await hire("Boon", "supervisor")
    malee = await hire("Malee", "campaign_manager")
    async with database.unit_of_work() as session:
        team_id = await create_team(session, "A")
        await add_member(session, team_id, anong, leads=False)
        await add_member(session, team_id, boon, leads=True)
        with pytest.raises(NotFoundError):
            await add_member(session, team_id, malee, leads=False)
        members = (await list_members(session))[team_id]
        assert [(one.name, one.leads) for one in members] == [("Boon", True), ("Anong", False)]
        assert [one.is_reachable for one in members] == [False, True]
        await add_member(session, team_id, boon, leads=False)
        assert [one.name for one in (await list_members(session))[team_id]] == ["Anong", "Boon"]
        await remove_member(session, team_id, anong)
        assert (await teams_of(session, anong), await teams_of(session, boon)) == ([], [team_id])
        with pytest.raises(NotFoundError):
            await remove_member(session, team_id, anong)


async def test_whose_account_is_closed_is_no_member_any_more(database: Database, hire: Hire) -> None:
    anong = await hire("Anong")
    async with database.unit_of_work() as session:
        team_id = await create_team(session, "A")
        await add_member(session, team_id, anong, leads=True)
        await session.execute(sa.update(Account).values(disabled_at=utc_now()))
        assert await list_members(session) == {}
