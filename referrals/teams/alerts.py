"""What members of staff should look at: a list in the console, and a nudge at their own addresses without content."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import StaffAddress
from core.clock import utc_now
from core.ids import new_id
from core.jobs.queue import enqueue
from referrals.live import announce_change
from referrals.teams.models import AlertPost, StaffAlert

# "none" where nobody was to be told outside, or has no proven address.
Outside = Literal["none", "pending", "sent", "failed"]
# The job that sends what `raise_alerts` wrote; its arguments are ids of alerts.
JOB = "tell_staff"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as its reader sees it; `kind` is a code, `referral_id` where to look."""

    id: UUID
    kind: str
    referral_id: UUID | None
    at: datetime
    read_at: datetime | None
    outside: str


async def raise_alerts(
    session: AsyncSession,
    account_ids: Collection[UUID],
    kind: str,
    referral_id: UUID | None = None,
    *,
    outside: bool = False,
) -> list[UUID]:
    """Write an alert for each account; with `outside` it also goes to their proven addresses. Return the alerts' ids."""
    now = utc_now()
    alerts = [
        StaffAlert(id=new_id(), account_id=account_id, kind=kind, referral_id=referral_id, at=now)
        for account_id in sorted(set(account_ids))
    ]
    session.add_all(alerts)
    await session.flush()
    if outside and alerts:
        await _send_outside(session, alerts, now)
    for alert in alerts:
        await announce_change(session, referral_id or alert.id)
    return [alert.id for alert in alerts]


async def _send_outside(session: AsyncSession, alerts: list[StaffAlert], now: datetime) -> None:
    ways = await session.execute(
        sa.select(StaffAddress.account_id, StaffAddress.kind).where(
            StaffAddress.account_id.in_([alert.account_id for alert in alerts]),
            StaffAddress.proven_at.is_not(None),
        )
    )
    by_account = {alert.account_id: alert for alert in alerts}
    for account_id, kind in ways:
        by_account[account_id].outside = "pending"
        session.add(AlertPost(alert_id=by_account[account_id].id, kind=kind, at=now))
    await session.flush()
    told = [alert.id for alert in alerts if alert.outside == "pending"]
    if told:
        await enqueue(session, JOB, told)


async def list_alerts(session: AsyncSession, account_id: UUID) -> list[Alert]:
    """Return somebody's newest alerts, the newest first."""
    rows = await session.scalars(
        sa.select(StaffAlert)
        .where(StaffAlert.account_id == account_id)
        .order_by(StaffAlert.id.desc())
        .limit(PAGE)
    )
    return [Alert(row.id, row.kind, row.referral_id, row.at, row.read_at, row.outside) for row in rows]


async def count_unread(session: AsyncSession, account_id: UUID) -> int:
    found = await session.scalar(
        sa.select(sa.func.count())
        .select_from(StaffAlert)
        .where(StaffAlert.account_id == account_id, StaffAlert.read_at.is_(None))
    )
    return found or 0


async def mark_read(session: AsyncSession, account_id: UUID, alert_id: UUID | None = None) -> None:
    """Mark one of somebody's own alerts as read, or all of them; another's stays as it is."""
    mine = sa.and_(StaffAlert.account_id == account_id, StaffAlert.read_at.is_(None))
    which = mine if alert_id is None else sa.and_(mine, StaffAlert.id == alert_id)
    await session.execute(sa.update(StaffAlert).where(which).values(read_at=utc_now()))
