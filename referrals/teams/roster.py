"""Teams and who belongs to them; as long as there are teams, exactly one takes what no rule sends elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, StaffAddress
from core.accounts.roster import scopes_held
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.permissions import Scope
from referrals.models import OPEN_STATES, Referral
from referrals.teams.models import RoutingRule, Team, TeamMember

LONGEST_NAME = 60
MOST_MINUTES = 24 * 60


class NameTakenError(ConflictError):
    """Another team has this name."""

    code = "team_name_taken"


class TeamNameError(InvalidInputError):
    code = "team_name"


class FallbackNeededError(ConflictError):
    """The fallback team closes only after another became the fallback."""

    code = "fallback_needed"


class NoTeamError(NotFoundError):
    """No such team, or it is closed."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team."""

    account_id: UUID
    name: str
    leads: bool
    # Has a proven address outside the console.
    is_reachable: bool


async def list_teams(session: AsyncSession) -> list[Team]:
    """Return the open teams, the fallback first, then by name."""
    return list(
        await session.scalars(
            sa.select(Team).where(Team.closed_at.is_(None)).order_by(Team.is_fallback.desc(), Team.name)
        )
    )


async def read_team(session: AsyncSession, team_id: UUID, *, lock: bool = False) -> Team:
    """Return an open team; raises NoTeamError."""
    team = await session.get(Team, team_id, with_for_update=lock)
    if team is None or team.closed_at is not None:
        raise NoTeamError("no such team")
    return team


async def create_team(session: AsyncSession, name: str) -> UUID:
    """Make a team; the first is the fallback and takes the reports that wait. Raises TeamNameError, NameTakenError."""
    words = await _free_name(session, name)
    is_first = not await list_teams(session)
    team = Team(id=new_id(), name=words, is_fallback=is_first, created_at=utc_now())
    session.add(team)
    await session.flush()
    if is_first:
        await session.execute(
            sa.update(Referral)
            .where(Referral.team_id.is_(None), Referral.state.in_(OPEN_STATES))
            .values(team_id=team.id)
        )
    return team.id


async def change_team(session: AsyncSession, team_id: UUID, *, name: str, on_call_after: int) -> None:
    """Give a team another name, and the minutes until whoever is on call is told of a missed clock too.

    Raises TeamNameError, NameTakenError, InvalidInputError, NoTeamError.
    """
    team = await read_team(session, team_id, lock=True)
    if not 1 <= on_call_after <= MOST_MINUTES:
        raise InvalidInputError("give minutes between 1 and 1440")
    team.name, team.on_call_after = await _free_name(session, name, but=team_id), on_call_after
    await session.flush()


async def make_fallback(session: AsyncSession, team_id: UUID) -> None:
    """Let this team take what no rule sends elsewhere; raises NoTeamError."""
    team = await read_team(session, team_id, lock=True)
    await session.execute(sa.update(Team).where(Team.is_fallback).values(is_fallback=False))
    team.is_fallback = True
    await session.flush()


async def close_team(session: AsyncSession, team_id: UUID) -> None:
    """Close a team: its rules end, its open reports go to the fallback. Raises FallbackNeededError, NoTeamError."""
    team = await read_team(session, team_id, lock=True)
    if team.is_fallback:
        raise FallbackNeededError("make another team the fallback first")
    now = utc_now()
    team.closed_at = now
    # The name is free for another team from now on.
    team.name = f"{team.name} ({now:%Y-%m-%d %H:%M:%S})"
    fallback = sa.select(Team.id).where(Team.is_fallback, Team.closed_at.is_(None)).scalar_subquery()
    await session.execute(
        sa.update(Referral)
        .where(Referral.team_id == team_id, Referral.state.in_(OPEN_STATES))
        .values(team_id=fallback)
    )
    await session.execute(
        sa.update(RoutingRule)
        .where(RoutingRule.team_id == team_id, RoutingRule.dropped_at.is_(None))
        .values(dropped_at=now)
    )
    await session.flush()


async def _free_name(session: AsyncSession, name: str, *, but: UUID | None = None) -> str:
    words = " ".join(name.split())
    if not 1 <= len(words) <= LONGEST_NAME:
        raise TeamNameError(f"a name has 1 to {LONGEST_NAME} characters")
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("team names"))))
    taken = await session.scalar(sa.select(Team.id).where(sa.func.lower(Team.name) == words.lower()))
    if taken not in {None, but}:
        raise NameTakenError("another team has this name")
    return words


async def list_members(session: AsyncSession) -> Mapping[UUID, list[Member]]:
    """Return the members of each team who may still work, leads first."""
    reachable = sa.exists().where(
        StaffAddress.account_id == TeamMember.account_id, StaffAddress.proven_at.is_not(None)
    )
    rows = await session.execute(
        sa.select(TeamMember, Account.name, reachable)
        .join(Account, Account.id == TeamMember.account_id)
        .where(Account.disabled_at.is_(None))
        .order_by(TeamMember.leads.desc(), Account.name, Account.id)
    )
    found: dict[UUID, list[Member]] = {}
    for row, name, is_reachable in rows:
        found.setdefault(row.team_id, []).append(Member(row.account_id, name, row.leads, is_reachable))
    return found


async def add_member(session: AsyncSession, team_id: UUID, account_id: UUID, *, leads: bool) -> None:
    """Take somebody who works on cases into a team, or change whether they lead; raises NotFoundError."""
    await read_team(session, team_id, lock=True)
    if account_id not in {account.id for account in await staff_with(session, "referrals.write")}:
        raise NotFoundError("nobody of this account works on cases")
    member = await session.get(TeamMember, (team_id, account_id))
    if member is None:
        session.add(TeamMember(team_id=team_id, account_id=account_id, leads=leads))
    else:
        member.leads = leads
    await session.flush()


async def remove_member(session: AsyncSession, team_id: UUID, account_id: UUID) -> None:
    """Take somebody out of a team; their shifts stay, to be given to others. Raises NotFoundError."""
    member = await session.get(TeamMember, (team_id, account_id))
    if member is None:
        raise NotFoundError("nobody of this account is in the team")
    await session.delete(member)
    await session.flush()


async def teams_of(session: AsyncSession, account_id: UUID) -> list[UUID]:
    """Return the open teams that somebody belongs to."""
    return list(
        await session.scalars(
            sa.select(TeamMember.team_id)
            .join(Team, Team.id == TeamMember.team_id)
            .where(TeamMember.account_id == account_id, Team.closed_at.is_(None))
        )
    )


async def staff_with(session: AsyncSession, *scopes: Scope) -> list[Account]:
    """Return everybody whose role counts and holds all `scopes`, by name."""
    accounts = await session.scalars(
        sa.select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name, Account.id)
    )
    return [account for account in accounts if frozenset(scopes) <= scopes_held(account)]
