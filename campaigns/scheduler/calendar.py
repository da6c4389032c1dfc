"""What goes out on which day, and to how many: what is planned from now on, and what ran before.

How many is the audience as it is counted for everybody (campaigns.audience.counting), in figures that reveal nobody;
what a run really reached is told by its own page alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.counting import count_audience
from campaigns.drafting import CampaignView, view_campaign
from campaigns.models import Campaign, CampaignRun, CampaignState, RunState
from campaigns.plans.hours import instant
from campaigns.scheduler.occurrences import is_personal, next_occurrences
from core.clock import bangkok
from core.errors import InvalidInputError

LONGEST_DAYS = 62
# What may still go out, approved or not yet: who plans another campaign sees what it would meet.
_AHEAD: tuple[CampaignState, ...] = ("submitted", "approved", "scheduled", "running")
# Of one campaign within the days asked for; a daily one has 62.
_MOST = 100


class CalendarRangeError(InvalidInputError):
    code = "calendar_range"


@dataclass(frozen=True, slots=True)
class Slot:
    """One sending of one step. `run` is how it stands once there is one; before that `expected` people are meant."""

    campaign_id: UUID
    title: str
    state: CampaignState
    step: int
    at: datetime
    run: RunState | None = None
    # Rounded; None for fewer than 20, and for what has run.
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of Asia/Bangkok with its sendings in order; `expected` is the sum of those to come, as rounded as they are."""

    day: date
    slots: tuple[Slot, ...]

    @property
    def expected(self) -> int:
        return sum(slot.expected or 0 for slot in self.slots)


async def read_calendar(session: AsyncSession, first: date, last: date, now: datetime) -> list[Day]:
    """Every day from the first to the last, at most 62; raises CalendarRangeError.

    Drips that begin with what each person did have no days of their own and show only once they ran.
    """
    if not 0 <= (last - first).days < LONGEST_DAYS or not 2000 <= first.year <= 2999:
        raise CalendarRangeError(f"choose up to {LONGEST_DAYS} days, the first before the last")
    begin, end = instant(first, time()), instant(last + timedelta(days=1), time())
    slots = [*await _ran(session, begin, end), *await _planned(session, max(begin, now), end)]
    by_day: dict[date, list[Slot]] = {first + timedelta(days=n): [] for n in range((last - first).days + 1)}
    for slot in sorted(slots, key=lambda slot: (slot.at, slot.campaign_id, slot.step)):
        by_day[bangkok(slot.at).date()].append(slot)
    return [Day(day, tuple(found)) for day, found in by_day.items()]


async def _ran(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[Slot]:
    rows = await session.execute(
        sa.select(CampaignRun, Campaign.title, Campaign.state)
        .join(Campaign, Campaign.id == CampaignRun.campaign_id)
        .where(CampaignRun.due_at >= begin, CampaignRun.due_at < end)
    )
    return [
        Slot(
            run.campaign_id, title, cast("CampaignState", state), run.step, run.due_at.astimezone(UTC),
            cast("RunState", run.state),
        )
        for run, title, state in rows
    ]  # fmt: skip


async def _planned(session: AsyncSession, begin: datetime, end: datetime) -> list[Slot]:
    """What comes after `begin`; each audience is counted once."""
    found: list[Slot] = []
    campaigns = sa.select(Campaign).where(Campaign.state.in_(_AHEAD)).order_by(Campaign.id)
    for campaign in (await session.scalars(campaigns)).all():
        view = view_campaign(campaign)
        times = list(_times(view, begin, end))
        if not times:
            continue
        expected = (await count_audience(session, view.plan.audience, view.subject)).total
        found += [Slot(view.id, view.title, view.state, step, at, None, expected) for at, step in times]
    return found


def _times(view: CampaignView, begin: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    if not is_personal(view.plan.schedule):
        for one in next_occurrences(view.plan.schedule, begin, _MOST):
            if one.at < end:
                yield one.at, one.step
