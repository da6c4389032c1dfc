"""Counting the figures of a period from the blocks of its days, whatever is asked for."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from referrals.models import Referral
from referrals.statistics.asked import Asked
from referrals.statistics.blocks import NEVER, Block, Column, joined
from referrals.statistics.days import read_block, seconds_now
from referrals.statistics.figures import HOURS, PRIORITIES, WEEKDAYS, Clock, Figures, Load
from referrals.teams.models import Team

# Who called is answered on the phone.
_PHONE = "phone"
_Clock = Literal["claim", "answer"]
_DONE: dict[_Clock, str] = {"claim": "claimed", "answer": "answered"}
_BEGUN: dict[_Clock, str] = {"claim": "claim_begun", "answer": "opened"}


async def read_figures(session: AsyncSession, asked: Asked) -> Figures:
    """Count everything of the reports that were opened in the period."""
    days = [
        (day, _of(block, asked))
        for day, block in await read_block(session, asked.period.first, asked.period.last)
    ]
    teams = await session.execute(sa.select(Team.id, Team.name))
    return count(asked, days, {row.id: row.name for row in teams}, *await _people(session))


async def _people(session: AsyncSession) -> tuple[dict[str, int], dict[str, str]]:
    """Reports held now, and names, by the account's id."""
    held = await session.execute(
        sa.select(Referral.claimed_by, sa.func.count())
        .where(Referral.state == "claimed", Referral.claimed_by.is_not(None))
        .group_by(Referral.claimed_by)
    )
    names = await session.execute(
        sa.select(Account.id, Account.name).where(Account.role.in_(("hotline_officer", "supervisor")))
    )
    return {str(row[0]): row[1] for row in held}, {str(row.id): row.name for row in names}


def _of(block: Block, asked: Asked) -> Block:
    """Leave only the reports that were asked for."""
    wanted = {
        "team": str(asked.team_id) if asked.team_id else None, "kinds": asked.kind, "channel": asked.channel,
        "place": asked.place,
    }  # fmt: skip
    for name, word in wanted.items():
        if word is not None:
            block = block.only(block.having(name, word))
    return block


def count(
    asked: Asked,
    days: Sequence[tuple[date, Block]],
    team_names: dict[UUID, str],
    open_now: dict[str, int],
    names: dict[str, str],
) -> Figures:
    """Count the figures of the days' blocks."""
    whole = joined([block for _, block in days])
    now = _each_day(days, [seconds_now(day) for day, _ in days])
    weekdays = _each_day(days, [day.weekday() for day, _ in days])
    return Figures(
        asked=asked,
        total=whole.size,
        days={day: block.size for day, block in days},
        kinds=_kinds(whole),
        places={place or None: n for place, n in whole.counts("place").items()},
        channels=whole.counts("channel"),
        teams={UUID(team) if team else None: n for team, n in whole.counts("team").items()},
        priorities=whole.counts("priority"),
        outcomes=whole.counts("outcome"),
        heat=_heat(weekdays, whole.columns["hour"]),
        claims=_clocks(whole, now, "claim"),
        answers=_clocks(whole, now, "answer"),
        loads=_loads(whole, open_now, names),
        team_names=team_names,
    )


def _each_day(days: Sequence[tuple[date, Block]], values: Sequence[int]) -> Column:
    """Say a day's value for each of its reports."""
    return np.repeat(np.array(values, np.int64), [block.size for _, block in days])


def _kinds(block: Block) -> dict[str, int]:
    found: Counter[str] = Counter()
    for said, n in block.counts("kinds").items():
        found.update(dict.fromkeys(said.split(), n))
    return dict(found)


def _heat(weekdays: Column, hours: Column) -> tuple[tuple[int, ...], ...]:
    cells = np.bincount(weekdays * HOURS + hours, minlength=WEEKDAYS * HOURS).reshape(WEEKDAYS, HOURS)
    return tuple(tuple(int(n) for n in row) for row in cells)


def _clocks(block: Block, now: Column, clock: _Clock) -> dict[str, Clock]:
    return {
        priority: _clock(block, now, clock, block.having("priority", priority)) for priority in PRIORITIES
    }


def _clock(block: Block, now: Column, clock: _Clock, chosen: NDArray[np.bool_]) -> Clock:
    if clock == "answer":
        chosen = chosen & ~block.having("channel", _PHONE)
    columns = {name: column[chosen] for name, column in block.columns.items()}
    done = columns[_DONE[clock]]
    is_done = done != NEVER
    over = np.where(is_done, done, now[chosen]) > columns[f"{clock}_due"]
    late = over & (is_done | (columns["stands"] == 1))
    in_time = is_done & ~over
    return Clock(
        int(in_time.sum()), int(late.sum()), int((~in_time & ~late).sum()),
        *_spans((done - columns[_BEGUN[clock]])[is_done]),
    )  # fmt: skip


def _spans(took: Column) -> tuple[float | None, float | None]:
    if not len(took):
        return None, None
    median, p90 = np.percentile(took, (50, 90))
    return float(median), float(p90)


def _loads(block: Block, open_now: dict[str, int], names: dict[str, str]) -> tuple[Load, ...]:
    """By name; an answer counts for whoever holds the report now."""
    answered = block.only(block.columns["answered"] != NEVER)
    loads = []
    for person, name in sorted(names.items(), key=lambda one: one[1]):
        own = answered.only(answered.having("holder", person))
        median, _ = _spans(own.columns["answered"] - own.columns["opened"])
        if own.size or open_now.get(person):
            loads.append(Load(name, open_now.get(person, 0), own.size, median))
    return tuple(loads)
