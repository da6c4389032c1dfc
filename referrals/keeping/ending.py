"""When reports end for good: which are over, which soon, and telling those who know them before it happens."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.db.database import driver_connection
from core.permissions import ROLES, scopes_of
from core.retention.lengths import lengths_in_force
from referrals.keeping.grounds import grounds
from referrals.models import Referral
from referrals.teams.alerts import raise_alerts
from referrals.teams.models import StaffAlert, TeamMember

CLASS = "report_words"
ALERT = "report_ends"
PAGE = 100
_AT_ONCE = 200
_READING = tuple(role for role in ROLES if "referrals.read" in scopes_of(role))
_OVERSEEING = tuple(role for role in ROLES if "referrals.assign" in scopes_of(role))

State = Literal["soon", "postponed", "held"]


@dataclass(frozen=True, slots=True)
class Ending:
    """A report that has ended and is still kept; nothing of what it says. `ends_at` is None while it is held."""

    id: UUID
    priority: str
    kinds: list[str]
    source: str
    closed_at: datetime | None
    ends_at: datetime | None
    kept_for: str | None
    holder: str | None
    wants_erasure: bool


async def kept_for_long(session: AsyncSession) -> timedelta:
    """Return how long after it was closed a report keeps its words."""
    lengths = await lengths_in_force(await driver_connection(session))
    return lengths[CLASS]


def _kept() -> sa.ColumnElement[bool]:
    """It has ended and has its words; the partial index ix_referral_kept."""
    return sa.and_(Referral.closed_at.is_not(None), Referral.words_gone_at.is_(None))


def ends_before(moment: datetime, length: timedelta) -> sa.ColumnElement[bool]:
    """SQL condition: its time is over by then, and nobody keeps it longer."""
    longer = sa.and_(
        Referral.kept_for.is_not(None), sa.or_(Referral.kept_until.is_(None), Referral.kept_until > moment)
    )
    return sa.and_(_kept(), Referral.closed_at < moment - length, sa.not_(longer))


async def find_ended(session: AsyncSession, tried: Collection[UUID] = ()) -> list[UUID]:
    """Return reports whose time is over, the longest first, without those that were `tried` in vain just now."""
    over = ends_before(utc_now(), await kept_for_long(session))
    found = sa.select(Referral.id).where(over).order_by(Referral.closed_at, Referral.id).limit(_AT_ONCE)
    return list(await session.scalars(found.where(Referral.id.not_in(tried)) if tried else found))


@dataclass(frozen=True, slots=True)
class EndingReports:
    """What a new length of the class would end; reports themselves end one by one, in `referrals.retention`."""

    code: str = CLASS

    async def remove(self, _connection: Any, _before: datetime, _limit: int) -> int:
        return 0

    async def count(self, connection: Any, before: datetime, most: int) -> int:
        found: int = await connection.fetchval(_COUNT, before, most)
        return found


_COUNT = """
SELECT count(*) FROM (
  SELECT 1 FROM referral WHERE closed_at < $1 AND words_gone_at IS NULL
  AND (kept_for IS NULL OR kept_until < $1) LIMIT $2) AS due
"""


async def find_unwarned(session: AsyncSession) -> list[UUID]:
    """Return reports that end soon and of which nobody was told."""
    length, ahead = await kept_for_long(session), timedelta(days=grounds().warn_days)
    told = sa.exists().where(
        StaffAlert.referral_id == Referral.id,
        StaffAlert.kind == ALERT,
        StaffAlert.at >= sa.func.greatest(Referral.closed_at + length, Referral.kept_until) - ahead,
    )
    soon = ends_before(utc_now() + ahead, length)
    found = sa.select(Referral.id).where(soon, sa.not_(told)).order_by(Referral.closed_at).limit(_AT_ONCE)
    return list(await session.scalars(found))


async def warn_of_end(session: AsyncSession, referral_id: UUID) -> bool:
    """Tell whoever held the report last, or supervisors where they left, that it ends soon; False where nobody is there."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None or referral.words_gone_at is not None:
        return False
    told = await who_knows(session, referral)
    await raise_alerts(session, told, ALERT, referral.id)
    return bool(told)


async def who_knows(session: AsyncSession, referral: Referral) -> list[UUID]:
    """Return whoever held the report last, or supervisors where they left."""
    working = sa.select(Account.id).where(Account.disabled_at.is_(None))
    held = working.where(Account.id == referral.claimed_by, Account.role.in_(_READING))
    overseeing = working.where(Account.role.in_(_OVERSEEING))
    of_team = overseeing.join(TeamMember, TeamMember.account_id == Account.id).where(
        TeamMember.team_id == referral.team_id
    )
    for asked in (held, of_team, overseeing):
        if found := (await session.scalars(asked)).all():
            return list(found)
    return []


async def list_ending(session: AsyncSession, which: State, account_id: UUID | None) -> list[Ending]:
    """Return what ends soon, was postponed or is held, the soonest first; of one account what it held, None for all."""
    length, now = await kept_for_long(session), utc_now()
    wanted = {
        "soon": ends_before(now + timedelta(days=grounds().warn_days), length),
        "postponed": sa.and_(_kept(), Referral.kept_until > now),
        "held": sa.and_(
            Referral.words_gone_at.is_(None), Referral.kept_for.is_not(None), Referral.kept_until.is_(None)
        ),
    }[which]
    rows = await session.execute(
        sa.select(Referral, Account.name)
        .outerjoin(Account, Account.id == Referral.claimed_by)
        .where(wanted, *([Referral.claimed_by == account_id] if account_id else []))
        .order_by(Referral.closed_at, Referral.id)
        .limit(PAGE)
    )
    return [_ending(referral, name, length) for referral, name in rows]


def _ending(referral: Referral, holder: str | None, length: timedelta) -> Ending:
    return Ending(
        id=referral.id, priority=referral.priority, kinds=referral.kinds, source=referral.source,
        closed_at=referral.closed_at, ends_at=end_of(referral, length), kept_for=referral.kept_for,
        holder=holder, wants_erasure=referral.erase_at is not None,
    )  # fmt: skip


def end_of(referral: Referral, length: timedelta) -> datetime | None:
    """Return when a report's words go as things stand; None while it is open or held."""
    if referral.is_held or referral.closed_at is None:
        return None
    end = referral.closed_at + length
    return max(end, referral.kept_until) if referral.kept_until else end
