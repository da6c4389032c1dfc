"""What waits for an agency beside new requests: words that nobody there read, and clocks that its own steps would end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.console.case_tracks_words import say_step
from app.console.portal_desk import ref_of
from app.console.portal_tracks import TELLING, tells
from referrals.agencies.directory import ListedAgency
from referrals.referring.models import AgencyMessage, AgencyReferral
from referrals.referring.reading import InboxLine, line_of
from referrals.referring.stepping import REFUSED
from referrals.tracks.clocks import Clock, clocks
from referrals.tracks.models import TrackAlarm

# More than anybody reads on a first page.
MOST = 50
_MOST_STEPS = 3


async def read_unread(session: AsyncSession, agency_id: UUID) -> list[InboxLine]:
    """Return requests with words of the hotline that nobody here read, the newest words first."""
    count, last = sa.func.count(AgencyMessage.id), sa.func.max(AgencyMessage.at)
    rows = await session.execute(
        sa.select(AgencyReferral, count)
        .join(AgencyMessage, AgencyMessage.agency_referral_id == AgencyReferral.id)
        .where(
            AgencyReferral.agency_id == agency_id,
            AgencyReferral.state.not_in(REFUSED),
            AgencyMessage.side == "hotline",
            AgencyMessage.read_at.is_(None),
        )
        .group_by(AgencyReferral.id)
        .order_by(last.desc())
        .limit(MOST)
    )
    return [line_of(row, unread) for row, unread in rows]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A clock that ran out: of which request, and the steps of this agency that it waits for, in words."""

    id: UUID
    ref: str
    waits_for: str
    due_at: datetime


async def read_alarms(session: AsyncSession, agency: ListedAgency) -> list[Alarm]:
    """Return clocks that ran out in cases that the agency works on and that a step of its kind ends, the longest first."""
    ends = _own(agency.kind)
    rows = await session.execute(
        sa.select(AgencyReferral.id, TrackAlarm.clock, TrackAlarm.due_at)
        .join(TrackAlarm, TrackAlarm.referral_id == AgencyReferral.referral_id)
        .where(
            AgencyReferral.agency_id == agency.id,
            AgencyReferral.state.in_(TELLING),
            TrackAlarm.ended_at.is_(None),
            TrackAlarm.clock.in_(ends),
        )
        .order_by(TrackAlarm.due_at, TrackAlarm.id)
        .limit(MOST)
    )
    return [Alarm(row.id, ref_of(row.id), _say(ends[row.clock]), row.due_at) for row in rows]


def own_clocks(kind: str) -> Collection[str]:
    """Return the clocks that steps of agencies of a kind end."""
    return list(_own(kind))


def _own(kind: str) -> Mapping[str, Mapping[str, str]]:
    return {code: found for code, clock in clocks().items() if (found := _ended_by(kind, clock))}


def _ended_by(kind: str, clock: Clock) -> Mapping[str, str]:
    """Return the steps (step → track) that end a clock and that agencies of a kind tell."""
    named = (one.split(".") for one in (*clock.ends, *clock.over))
    return {step: track for track, step in named if tells(kind, track, step)}


def _say(steps: Mapping[str, str]) -> str:
    return " · ".join(say_step(track, step) for step, track in list(steps.items())[:_MOST_STEPS])
