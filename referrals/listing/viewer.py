"""Who looks at the queue, and how a query speaks of them: a query is made once and told for whom each time it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from referrals.listing.filters import PRIORITIES
from referrals.listing.overdue import Cutoffs
from referrals.queue import TAKEN_BACK_SHOWN

# Whoever is in no team reads an empty list, like any other.
_NO_TEAM = UUID(int=0)
_ID, _TIME = sa.Uuid(), sa.DateTime(timezone=True)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, in which teams, at what time, and which openings are late by then."""

    account_id: UUID
    teams: tuple[UUID, ...]
    now: datetime
    cutoffs: Cutoffs


@dataclass(frozen=True, slots=True)
class Sight:
    """A viewer as parameters of a query: always one team or more, cutoffs by priority."""

    account_id: sa.ColumnElement[UUID]
    teams: tuple[sa.ColumnElement[UUID], ...]
    now: sa.ColumnElement[datetime]
    # What was taken back later than this still waits.
    taken_back_since: sa.ColumnElement[datetime]
    claim: Mapping[str, sa.ColumnElement[datetime]]
    answer: Mapping[str, sa.ColumnElement[datetime]]


@cache
def sight_of(teams: int) -> Sight:
    """Return the parameters for whoever is in so many teams; `values_of` tells them when a query runs."""

    def times(clock: str) -> dict[str, sa.ColumnElement[datetime]]:
        return {p: sa.bindparam(f"late_{clock}_{p}", type_=_TIME) for p in PRIORITIES}

    return Sight(
        account_id=sa.bindparam("viewer", type_=_ID),
        teams=tuple(sa.bindparam(f"viewer_team_{n}", type_=_ID) for n in range(max(teams, 1))),
        now=sa.bindparam("viewed_at", type_=_TIME),
        taken_back_since=sa.bindparam("taken_back_since", type_=_TIME),
        claim=times("claim"),
        answer=times("answer"),
    )


def values_of(viewer: Viewer) -> dict[str, Any]:
    """Return the value of each parameter of a sight."""
    late = {"claim": viewer.cutoffs.claim, "answer": viewer.cutoffs.answer}
    return {
        "viewer": viewer.account_id,
        "viewed_at": viewer.now,
        "taken_back_since": viewer.now - TAKEN_BACK_SHOWN,
        **{f"viewer_team_{n}": team for n, team in enumerate(viewer.teams or (_NO_TEAM,))},
        **{f"late_{clock}_{p}": times[p] for clock, times in late.items() for p in PRIORITIES},
    }
