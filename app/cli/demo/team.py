"""A first team with its shifts, so that a trial shows where reports go and who is called."""

import tomllib
from collections.abc import Sequence
from datetime import time, timedelta
from importlib import resources

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.demo import DemoAccount
from core.accounts.roster import find_account
from core.clock import bangkok, utc_now
from referrals.teams.roster import add_member, create_team, list_teams
from referrals.teams.shifts import add_shifts

_DAYS = 7


class _Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    starts: time
    ends: time
    weeks: int


async def ensure_demo_team(session: AsyncSession, accounts: Sequence[DemoAccount]) -> None:
    """Make the team where there is none at all: the officer is on duty around the clock, the supervisor leads and is on call."""
    if await list_teams(session):
        return
    plan = msgspec.convert(
        tomllib.loads(resources.files(__package__).joinpath("team.toml").read_text("utf-8")), _Plan
    )
    team_id, today = await create_team(session, plan.name), bangkok(utc_now()).date()
    for one in accounts:
        account = await find_account(session, one.email)
        if account is None or one.role not in {"hotline_officer", "supervisor"}:
            continue
        leads = one.role == "supervisor"
        await add_member(session, team_id, account.id, leads=leads)
        for day in range(_DAYS):
            await add_shifts(
                session, team_id=team_id, account_id=account.id, day=today + timedelta(days=day),
                starts=plan.starts, ends=plan.ends, on_call=leads, weeks=plan.weeks,
            )  # fmt: skip
