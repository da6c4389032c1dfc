"""The report track, made by the hotline's own work: nobody types these steps in, and none of them ever stops that work."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.ids import new_id
from referrals.models import Referral
from referrals.tracks.models import CaseEvent, CaseStanding
from referrals.tracks.steps import BEGINNING, steps

Work = Literal["received", "claimed", "referred", "closed", "reopened"]
# How somebody came in whom no chat brought.
_PHONE = "phone"


async def note_work(
    session: AsyncSession,
    referral: Referral,
    step: Work,
    *,
    account_id: UUID | None = None,
    outcome: str | None = None,
    now: datetime,
) -> None:
    """Add a step of the report track where it is one: claiming again what is referred already is none.

    The caller has the referral's row locked. What was begun before there were tracks is received first, what ended is
    opened again first. Without an account it is the person's own act, or this service's.
    """
    state = await _state(session, referral.id)
    if state == BEGINNING and step != "received":
        await _add(session, referral, "received", None, None, referral.opened_at, now)
        state = "received"
    if state == "closed" and step == "claimed":
        await _add(session, referral, "reopened", account_id, None, now, now)
        state = "reopened"
    if state in steps()["report", step].begins_from:
        await _add(session, referral, step, account_id, outcome, now, now)


async def _state(session: AsyncSession, referral_id: UUID) -> str:
    """Return the last step of the track that stands."""
    found = await session.scalar(
        sa.select(CaseEvent.step)
        .where(CaseEvent.referral_id == referral_id, CaseEvent.track == "report", CaseEvent.stands)
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    return found or BEGINNING


async def _add(
    session: AsyncSession,
    referral: Referral,
    step: Work,
    account_id: UUID | None,
    outcome: str | None,
    at: datetime,
    now: datetime,
) -> None:
    newest = sa.select(CaseEvent.id).where(CaseEvent.referral_id == referral.id).order_by(CaseEvent.id.desc())
    last = await session.scalar(newest.limit(1))
    event_id = new_id() if last is None else UUID(int=max(new_id().int, last.int + 1))
    by_staff = account_id is not None or referral.channel == _PHONE
    session.add(
        CaseEvent(
            id=event_id, referral_id=referral.id, track="report", step=step, happened_on=bangkok(at).date(),
            happened_at=at, recorded_at=now, account_id=account_id, source="manual" if by_staff else "chat",
            is_disputed=False, stands=True, names_somebody=False, outcome=outcome,
        )
    )  # fmt: skip
    await session.flush()
    # Where the other tracks stand does not change by it.
    row = {"event_id": event_id, "changed_at": now}
    await session.execute(
        insert(CaseStanding)
        .values(referral_id=referral.id, **row)
        .on_conflict_do_update(index_elements=["referral_id"], set_=row)
    )
