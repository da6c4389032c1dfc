"""What members of staff should look at: a list in the console, and a nudge at their own addresses without content."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import StaffAddress
from core.clock import utc_now
from core.ids import new_id
from core.jobs.queue import enqueue
from referrals.live import announce_change
from referrals.teams.models import AlertPost, StaffAlert

# "none": nobody was to be told outside, or there is no proven address; "joined": told by an earlier alert's post.
Outside = Literal["none", "joined", "pending", "sent", "failed"]
# The job that sends what `raise_alerts` wrote; its arguments are ids of alerts.
TELL_STAFF = "tell_staff"
PAGE = 50
# Nobody is nudged twice within this time: all nudges say the same.
QUIET = timedelta(seconds=60)


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
    """Write the posts and their job. Whom a post waits for already is told of this alert by that one, too."""
    receivers = [alert.account_id for alert in alerts]
    ways = await session.execute(
        sa.select(StaffAddress.account_id, StaffAddress.kind).where(
            StaffAddress.account_id.in_(receivers), StaffAddress.proven_at.is_not(None)
        )
    )
    last = await _last_posts(session, receivers, now)
    by_account = {alert.account_id: alert for alert in alerts}
    for account_id, kind in ways:
        alert, latest = by_account[account_id], last.get((account_id, kind))
        if latest is not None and latest.state == "pending":
            alert.outside = "joined" if alert.outside == "none" else alert.outside
            continue
        alert.outside = "pending"
        at = now if latest is None else max(now, latest.at + QUIET)
        session.add(AlertPost(alert_id=alert.id, kind=kind, at=at))
    await session.flush()
    told = [alert.id for alert in alerts if alert.outside == "pending"]
    if told:
        await enqueue(session, TELL_STAFF, told)


class _Last(NamedTuple):
    state: str
    at: datetime


async def _last_posts(
    session: AsyncSession, account_ids: list[UUID], now: datetime
) -> dict[tuple[UUID, str], _Last]:
    """Return each person's latest post by kind: one that was not begun yet, or one of just now."""
    rows = await session.execute(
        sa.select(StaffAlert.account_id, AlertPost.kind, AlertPost.state, AlertPost.at)
        .join(StaffAlert, StaffAlert.id == AlertPost.alert_id)
        .where(
            StaffAlert.account_id.in_(account_ids),
            sa.or_(
                sa.and_(AlertPost.state == "pending", AlertPost.tries == 0),
                sa.and_(AlertPost.state.in_(("sending", "sent", "resent")), AlertPost.at > now - QUIET),
            ),
        )
        .order_by(AlertPost.at)
    )
    return {(account_id, kind): _Last(state, at) for account_id, kind, state, at in rows}


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
