"""Clocks of cases that ran out or soon will, the oldest first; no word and no sum of any case."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_agencies_words import read_id
from app.console.case_tracks_words import say_clock_code, say_due
from app.console.pages import draw
from app.console.thai_time import span
from app.runtime import Runtime
from core.accounts.models import Account
from core.clock import utc_now
from referrals.models import Referral
from referrals.tracks.clocks import clocks
from referrals.tracks.models import CaseStanding, TrackAlarm

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read", "tracks.read"))]
PassiveReader = Annotated[Caller, Depends(require("referrals.read", "tracks.read", passive=True))]
ADDRESS = "/console/clocks"
# What runs out within so long is shown, too.
_AHEAD = timedelta(days=7)
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that rang and waits, or a case's next one: of cases of one's own, or for who oversees of all.

    `key` tells two of one moment apart.
    """

    key: UUID
    referral_id: UUID
    priority: str
    kinds: tuple[str, ...]
    source: str
    holder: str | None
    clock: str
    due_at: datetime
    victim: str | None
    prosecution: str | None
    compensation: str | None


@router.get(ADDRESS, name="track_clock.list")
async def show_clocks(request: Request, caller: Reader, after: str = "") -> Response:
    now = utc_now()
    async with audited(request, caller) as session:
        rows = await _read(session, caller, now, after)
    more = f"{rows[_PAGE - 1].due_at.isoformat()}.{rows[_PAGE - 1].key}" if len(rows) > _PAGE else ""
    return draw(
        request, "owed_clocks.html", caller, rows=rows[:_PAGE], next=more, after=after, version=_version(rows), say_clock_code=say_clock_code, say_due=say_due,
        marks={code: clock.mark for code, clock in clocks().items()},
        oversees="referrals.assign" in caller.scopes, span_of=lambda due: span(abs((due - now).total_seconds())),
    )  # fmt: skip


@router.get(f"{ADDRESS}/news", name="track_clock.refresh")
async def refresh_clocks(
    request: Request, caller: PassiveReader, after: str = "", seen: str = ""
) -> Response:
    """Have the list drawn anew once something of it changed."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        rows = await _read(session, caller, utc_now(), after)
    return Response(status_code=204, headers={} if _version(rows) == seen else {"HX-Refresh": "true"})


def _version(rows: Sequence[Running]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


async def _read(session: AsyncSession, caller: Caller, now: datetime, after: str) -> list[Running]:
    """Read the clocks beyond a place, one more than a page holds."""
    rang = sa.select(
        TrackAlarm.id.label("key"), TrackAlarm.referral_id, TrackAlarm.clock, TrackAlarm.due_at
    ).where(TrackAlarm.ended_at.is_(None))
    coming = sa.select(
        CaseStanding.referral_id, CaseStanding.referral_id, CaseStanding.next_clock, CaseStanding.next_due_at
    ).where(CaseStanding.next_due_at <= now + _AHEAD)
    clock = sa.union_all(rang, coming).subquery("clock").c
    # In the order of Running.
    columns: tuple[Any, ...] = (
        clock.key, clock.referral_id, Referral.priority, Referral.kinds, Referral.source, Account.name, clock.clock,
        clock.due_at, CaseStanding.victim, CaseStanding.prosecution, CaseStanding.compensation,
    )  # fmt: skip
    asked = (
        sa.select(*columns)
        .join(Referral, Referral.id == clock.referral_id)
        .join(CaseStanding, CaseStanding.referral_id == clock.referral_id)
        .outerjoin(Account, Account.id == Referral.claimed_by)
        .order_by(clock.due_at, clock.key)
        .limit(_PAGE + 1)
    )
    if "referrals.assign" not in caller.scopes:
        asked = asked.where(Referral.claimed_by == caller.account_id)
    place = _place(after)
    if place is not None:
        asked = asked.where(
            sa.tuple_(clock.due_at, clock.key) > sa.tuple_(*(sa.literal(one) for one in place))
        )
    return [
        Running(row[0], row[1], row[2], tuple(row[3]), *row[4:])
        for row in (await session.execute(asked)).all()
    ]


def _place(typed: str) -> tuple[datetime, UUID] | None:
    """Read where a page ended; what is none begins anew."""
    moment, _, written = typed.rpartition(".")
    key = read_id(written)
    try:
        due = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (due, key) if key is not None and due.tzinfo is not None else None
