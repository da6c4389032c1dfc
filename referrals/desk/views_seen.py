"""Who opened a case and who changed what, from the audit: names, acts and times, nothing of content."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.audit.chain import AuditEvent

MOST = 50
# Openings of one person within this time are one look: an open page draws itself anew.
ONE_LOOK = timedelta(minutes=15)
_READS = ("referral.read", "referral.refresh")
# Signs of life of an open page, and parts of it that are fetched apart.
_SIGNS = ("referral.here", "referral.left", "referral.holding")
_SCANNED = 500


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened the case."""

    who: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something with the case, or was refused; `action` is the name of the route."""

    who: str
    action: str
    outcome: str
    at: datetime


async def read_looks(session: AsyncSession, referral_id: UUID) -> list[Look]:
    """Return who looked and when, the newest first."""
    rows = await session.execute(
        _events(referral_id).where(AuditEvent.action.in_(_READS), AuditEvent.outcome == "ok")
    )
    looks: list[Look] = []
    last: dict[str, datetime] = {}
    for row in rows:
        later = last.get(row.name)
        if later is None or later - row.at > ONE_LOOK:
            looks.append(Look(row.name, row.role, row.at))
        last[row.name] = row.at
    return looks[:MOST]


async def read_acts(session: AsyncSession, referral_id: UUID) -> list[Act]:
    """Return what was done with the case beside reading, the newest first."""
    rows = await session.execute(
        _events(referral_id).where(AuditEvent.action.not_in((*_READS, *_SIGNS))).limit(MOST)
    )
    return [Act(row.name, row.action, row.outcome, row.at) for row in rows]


def _events(referral_id: UUID) -> sa.Select[str, str, str, str, datetime]:
    return (
        sa.select(Account.name, Account.role, AuditEvent.action, AuditEvent.outcome, AuditEvent.at)
        .join(Account, Account.id == AuditEvent.actor_id)
        .where(AuditEvent.object_kind == "referral", AuditEvent.object_id == referral_id)
        .order_by(AuditEvent.at.desc())
        .limit(_SCANNED)
    )
