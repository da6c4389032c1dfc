"""Figures of the hotline's work as the console's page counts them, small cells hidden in the same way."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.access import Program, require_token
from app.auditing import audited
from app.faces.routers import make_router
from core.clock import bangkok, utc_now
from core.errors import InvalidInputError
from referrals.listing.filters import Channel, Code
from referrals.questionnaires.places import say_place
from referrals.statistics.asked import Asked, Named, period_of
from referrals.statistics.figures import PRIORITIES, Figures
from referrals.statistics.hiding import SMALL, hide_cells, hide_total
from referrals.statistics.reading import read_figures

router = make_router("statistics")
Supervisor = Annotated[Program, Depends(require_token("referrals.read", "referrals.assign"))]
# What stands for reports without a place or a team.
_NONE = "-"
Counts = dict[str, int | None] | None


class Wanted(BaseModel):
    """A period of Bangkok days, and of which reports; `custom` takes its days from `since` and `until`."""

    model_config = ConfigDict(extra="forbid")

    period: Named = "month"
    since: date | None = None
    until: date | None = None
    team: UUID | None = None
    kind: Code | None = None
    channel: Channel | None = None
    place: Annotated[str | None, Query(max_length=40)] = None

    def asked(self) -> Asked:
        """Raises PeriodError, InvalidInputError for a place that does not exist."""
        period = period_of(self.period, bangkok(utc_now()).date(), self.since, self.until)
        return Asked(period, self.team, self.kind, self.channel, _known(self.place))


class Statistics(BaseModel):
    """Counts of the reports opened in a period, by code. A null count is small, or would let a small one be computed;
    a null table hides itself whole.
    """

    first: date
    last: date
    smallest_cell: int = Field(description="Counts above 0 and below this are never shown.")
    total: int | None
    priorities: Counts
    kinds: Counts
    channels: Counts
    outcomes: Counts
    places: Counts
    teams: Counts


@router.get("/statistics", name="statistics.read", summary="Count the work of a period")
async def read_statistics(
    request: Request, program: Supervisor, wanted: Annotated[Wanted, Query()]
) -> Statistics:
    """Without a period, of this month."""
    async with audited(request, program) as session:
        figures = await read_figures(session, wanted.asked())
    return _shown(figures)


def _shown(figures: Figures) -> Statistics:
    total, period = hide_total(figures.total), figures.asked.period

    def table(counts: Mapping[Any, int]) -> Counts:
        return None if total is None else _hidden({str(code or _NONE): n for code, n in counts.items()})

    return Statistics(
        first=period.first, last=period.last, smallest_cell=SMALL, total=total,
        priorities=table({code: figures.priorities.get(code, 0) for code in PRIORITIES}),
        kinds=table(figures.kinds), channels=table(figures.channels), outcomes=table(figures.outcomes),
        places=table(figures.places), teams=table(figures.teams),
    )  # fmt: skip


def _hidden(counts: Mapping[str, int]) -> Counts:
    """In the order of the codes: an order by size would tell of hidden cells."""
    codes = sorted(counts)
    shown = hide_cells([counts[code] for code in codes])
    return None if shown is None else dict(zip(codes, shown, strict=True))


def _known(place: str | None) -> str | None:
    try:
        if place is not None:
            say_place(place)
    except KeyError:
        raise InvalidInputError("choose a place of the directory") from None
    return place
