"""Telling people of a missed clock, step by step: who leads on duty, who is on call, everybody who oversees.

Each step is taken once for each miss: the row that says so and the alerts are written in one transaction. The second
step is taken when the clock is still missed after the team's minutes, the third after as many again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.ids import new_id
from core.logs import get_logger
from referrals.teams.alerts import raise_alerts
from referrals.teams.days import load_calendar
from referrals.teams.missed import LAST, Missed, find_missed, find_missed_of
from referrals.teams.models import ClockMiss, Team, TeamMember
from referrals.teams.roster import staff_with
from referrals.teams.shifts import who_is_there

STEPS = ("first", "on_call", LAST)
ALERTS = {"claim": "clock_missed", "answer": "answer_missed"}
# Where a report has no team to say it.
_ON_CALL_AFTER = timedelta(minutes=10)
_log = get_logger()


@dataclass(frozen=True, slots=True)
class People:
    """Whom a team can call now."""

    leading: frozenset[UUID]
    on_call: frozenset[UUID]
    overseeing: frozenset[UUID]


async def find_due(session: AsyncSession) -> list[UUID]:
    """Return the reports with a clock that somebody must be told of, each once, the most urgent first."""
    now = utc_now()
    missed = await find_missed(session, await load_calendar(session), now)
    told = await _told(session, [one.referral_id for one in missed])
    pauses = await _pauses(session)
    due = [one.referral_id for one in missed if _next_step(one, told, pauses, now) is not None]
    return list(dict.fromkeys(due))


async def escalate(session: AsyncSession, referral_id: UUID) -> list[UUID]:
    """Take the step that is due for a report's missed clocks, and return the alerts; a second run does nothing."""
    now = utc_now()
    alerts: list[UUID] = []
    for missed in await find_missed_of(session, referral_id, await load_calendar(session), now):
        told = await _told(session, [referral_id])
        step = _next_step(missed, told, await _pauses(session), now)
        if step is not None and await _mark(session, missed, step, now):
            people = await _people(session, missed.team_id, now)
            receivers = whom_to_tell(people, step)
            if step == STEPS[0] and missed.holder_id is not None:
                receivers |= {missed.holder_id}
            if not receivers:
                _log.error("nobody_to_tell", step=step)
            alerts += await raise_alerts(session, receivers, ALERTS[missed.clock], referral_id, outside=True)
    return alerts


def whom_to_tell(people: People, step: str) -> frozenset[UUID]:
    """Return whom this step tells; where nobody is there for it, whom the next one would."""
    chain = (people.leading, people.on_call, people.overseeing)
    return next((group for group in chain[STEPS.index(step) :] if group), frozenset())


Told = dict[tuple[UUID, str, datetime], dict[str, datetime]]


async def _told(session: AsyncSession, referral_ids: Sequence[UUID]) -> Told:
    rows = await session.scalars(sa.select(ClockMiss).where(ClockMiss.referral_id.in_(referral_ids)))
    told: Told = {}
    for row in rows:
        told.setdefault((row.referral_id, row.clock, row.due_at), {})[row.told] = row.at
    return told


def _next_step(missed: Missed, told: Told, pauses: dict[UUID | None, timedelta], now: datetime) -> str | None:
    """Return the step to take now; None while the last one has its time, and after all were taken."""
    steps = told.get((missed.referral_id, missed.clock, missed.due_at), {})
    following = next((step for step in STEPS if step not in steps), None)
    if following is None or not steps:
        return following
    pause = pauses.get(missed.team_id, _ON_CALL_AFTER)
    return following if now >= max(steps.values()) + pause else None


async def _pauses(session: AsyncSession) -> dict[UUID | None, timedelta]:
    rows = await session.execute(sa.select(Team.id, Team.on_call_after))
    return {team_id: timedelta(minutes=minutes) for team_id, minutes in rows}


async def _mark(session: AsyncSession, missed: Missed, step: str, now: datetime) -> bool:
    """Write down that a step is taken; False where another worker was faster."""
    marked = await session.scalar(
        insert(ClockMiss)
        .values(
            id=new_id(), referral_id=missed.referral_id, clock=missed.clock, due_at=missed.due_at, told=step, at=now
        )
        .on_conflict_do_nothing()
        .returning(ClockMiss.id)
    )  # fmt: skip
    return marked is not None


async def _people(session: AsyncSession, team_id: UUID | None, now: datetime) -> People:
    overseeing = frozenset(account.id for account in await staff_with(session, "referrals.assign"))
    working = frozenset(account.id for account in await staff_with(session, "referrals.write"))
    # A house without supervisors still has people who can act.
    if team_id is None:
        return People(frozenset(), frozenset(), overseeing or working)
    there = (await who_is_there(session, [team_id], now))[team_id]
    on_duty = {one.account_id for one in there if not one.on_call} & working
    on_call = {one.account_id for one in there if one.on_call} & working
    leads = await _leads(session, team_id)
    return People(frozenset(on_duty & (leads | overseeing)), frozenset(on_call), overseeing or working)


async def _leads(session: AsyncSession, team_id: UUID) -> set[UUID]:
    return set(
        await session.scalars(
            sa.select(TeamMember.account_id).where(TeamMember.team_id == team_id, TeamMember.leads)
        )
    )
