"""Requests that nobody answered in the agency's own duty time come back, loudly; so do those of a closed agency."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.logs import get_logger
from referrals.agencies.directory import listed
from referrals.agencies.models import Agency
from referrals.live import announce_change
from referrals.models import Referral
from referrals.referring.finding import Found
from referrals.referring.models import AgencyReferral
from referrals.referring.stepping import PENDING, WORKING, note_step, tell_agency, tell_hotline

EXPIRED, TOO_LATE = "agency_expired", "agency_request_over"
_AT_ONCE = 50
_log = get_logger()


async def expire_due(session: AsyncSession, keys: DataKeys, *, now: datetime) -> int:
    """End requests whose time to answer is over and tell both sides; return how many. For a chore.

    One that can't be ended holds up no other.
    """
    await _end_erased(session, now)
    due = await session.scalars(
        sa.select(AgencyReferral.id)
        .join(Agency, Agency.id == AgencyReferral.agency_id)
        .where(
            AgencyReferral.state.in_(PENDING),
            sa.or_(AgencyReferral.due_at <= now, Agency.closed_at.is_not(None)),
        )
        .order_by(AgencyReferral.due_at)
        .limit(_AT_ONCE)
    )
    count = 0
    for request_id in due.all():
        try:
            async with session.begin_nested():
                count += await _expire(session, keys, request_id, now)
        except Exception as error:  # noqa: BLE001 - the next time will do
            _log.error("chore_left_one", error=error, kind="expire_due", request_id=str(request_id))
    return count


async def _end_erased(session: AsyncSession, now: datetime) -> None:
    """End what is left of erased cases: no event can be told of them, and nothing is in them for anybody."""
    erased = sa.select(Referral.id).where(Referral.words_gone_at.is_not(None))
    ended = await session.scalars(
        sa.update(AgencyReferral)
        .where(AgencyReferral.state.in_((*PENDING, *WORKING)), AgencyReferral.referral_id.in_(erased))
        .values(state="recalled", ended_at=now)
        .returning(AgencyReferral.id)
    )
    for request_id in ended.all():
        await announce_change(session, request_id)


async def _expire(session: AsyncSession, keys: DataKeys, request_id: UUID, now: datetime) -> bool:
    """End one; False where it was answered meanwhile, or somebody is just answering it."""
    row = await session.get_one(AgencyReferral, request_id)
    referral = await session.scalar(
        sa.select(Referral).where(Referral.id == row.referral_id).with_for_update(skip_locked=True)
    )
    if referral is None:
        return False
    row = await session.get_one(AgencyReferral, request_id, with_for_update=True, populate_existing=True)
    agency = await session.get_one(Agency, row.agency_id)
    if row.state not in PENDING or (row.due_at > now and agency.closed_at is None):
        return False
    row.state, row.ended_at = "expired", now
    found = Found(row, referral, listed(agency))
    await note_step(session, keys, found, "expired", None, now=now)
    await tell_hotline(session, found, EXPIRED, outside=True)
    await tell_agency(session, found, TOO_LATE)
    return True
