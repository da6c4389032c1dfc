"""Handing a referral over: it is offered, and moves only when it is accepted; unanswered, it comes back loudly."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.accounts.roster import scopes_held
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.cases import held
from referrals.desk.models import HandOver
from referrals.live import announce_change
from referrals.models import Referral
from referrals.queue import CLAIM_WITHIN
from referrals.teams.alerts import raise_alerts
from referrals.teams.models import Team, TeamMember
from referrals.thread import add_mark

OFFERED, CAME_BACK, DECLINED = "handed_over", "hand_over_expired", "hand_over_declined"
# Whoever is offered something at noon should not find it gone after lunch.
_AT_LEAST = timedelta(minutes=5)
_AT_ONCE = 200


class ReceiverError(InvalidInputError):
    """Nobody who can take it: unknown, oneself, without the role, or an empty team."""

    code = "receiver"


class OfferOverError(ConflictError):
    """It was accepted by somebody else, declined, taken back, or its time is over."""

    code = "offer_over"


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that stands: by whom, to whom, until when."""

    referral_id: UUID
    by: UUID
    giver: str
    to_account: UUID | None
    to_team: UUID | None
    receiver: str
    expires_at: datetime


async def offer(
    session: AsyncSession,
    referral_id: UUID,
    account_id: UUID,
    *,
    to_account: UUID | None = None,
    to_team: UUID | None = None,
) -> None:
    """Offer a referral that one holds to a colleague or to a team; an earlier offer of it ends.

    Raises ReceiverError, and as `held`.
    """
    referral = await held(session, referral_id, account_id)
    receivers = await _receivers(session, account_id, to_account, to_team)
    now = utc_now()
    await end_standing(session, referral_id, "withdrawn")
    session.add(
        HandOver(
            id=new_id(), referral_id=referral_id, by=account_id, to_account=to_account, to_team=to_team, at=now,
            expires_at=now + max(CLAIM_WITHIN[referral.priority], _AT_LEAST),
        )
    )  # fmt: skip
    await session.flush()
    await raise_alerts(session, receivers, OFFERED, referral_id, outside=referral.priority == "P0")
    await announce_change(session, referral_id)


async def accept(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Take over what was offered to oneself or one's team; of several who press at once one gets it.

    Raises OfferOverError, NotFoundError.
    """
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    standing = await _offered_to(session, referral_id, account_id)
    giver = referral.claimed_by
    if standing is None or referral.state != "claimed" or giver != standing.by:
        if referral.state == "claimed" and giver == account_id:
            return
        raise OfferOverError("this offer is over")
    now = utc_now()
    standing.ended_at, standing.ended_as = now, "accepted"
    referral.claimed_by, referral.claimed_at = account_id, now
    if standing.to_team is not None:
        referral.team_id = standing.to_team
    await session.flush()
    await add_mark(session, referral_id, account_id, "handed_over")
    await raise_alerts(session, [standing.by], "hand_over_accepted", referral_id)
    await announce_change(session, referral_id)


async def decline(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Say no to what was offered to oneself; its holder is told. Raises OfferOverError, NotFoundError."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    standing = None if referral is None else await _offered_to(session, referral_id, account_id)
    if standing is None or standing.to_account != account_id:
        raise OfferOverError("this offer is over")
    standing.ended_at, standing.ended_as = utc_now(), "declined"
    await session.flush()
    await raise_alerts(session, [standing.by], DECLINED, referral_id)
    await announce_change(session, referral_id)


async def withdraw(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Take one's offer back; nothing where none stands. Raises as `held`."""
    await held(session, referral_id, account_id)
    await end_standing(session, referral_id, "withdrawn")
    await announce_change(session, referral_id)


async def offers_to(session: AsyncSession, account_id: UUID) -> list[Offer]:
    """Return what is offered to somebody or to their teams, the most urgent first."""
    return await _read(session, _is_for(account_id))


async def offer_of(session: AsyncSession, referral_id: UUID) -> Offer | None:
    """Return the offer of a referral that stands, None where there is none."""
    found = await _read(session, HandOver.referral_id == referral_id)
    return found[0] if found else None


async def expire_offers(session: AsyncSession) -> int:
    """End offers whose time is over and tell who made them; return how many. For a chore."""
    due = await session.scalars(
        sa.select(HandOver)
        .where(HandOver.ended_at.is_(None), HandOver.expires_at <= utc_now())
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    count = 0
    for one in due:
        one.ended_at, one.ended_as = utc_now(), "expired"
        await session.flush()
        await raise_alerts(session, [one.by], CAME_BACK, one.referral_id, outside=True)
        await announce_change(session, one.referral_id)
        count += 1
    return count


def _is_for(account_id: UUID) -> sa.ColumnElement[bool]:
    teams = sa.select(TeamMember.team_id).where(TeamMember.account_id == account_id)
    for_team = sa.and_(HandOver.to_team.in_(teams), HandOver.by != account_id)
    return sa.or_(HandOver.to_account == account_id, for_team)


async def _offered_to(session: AsyncSession, referral_id: UUID, account_id: UUID) -> HandOver | None:
    return await session.scalar(
        sa.select(HandOver)
        .where(
            HandOver.referral_id == referral_id,
            HandOver.ended_at.is_(None),
            HandOver.expires_at > utc_now(),
            _is_for(account_id),
        )
        .with_for_update()
    )


_GIVER, _RECEIVER = sa.orm.aliased(Account), sa.orm.aliased(Account)
# Made once: every page of the queue asks for it.
_STANDING = (
    sa.select(HandOver, _GIVER.name, sa.func.coalesce(_RECEIVER.name, Team.name))
    # Whoever gave it up or lost it since has nothing to offer any more.
    .join(
        Referral,
        sa.and_(
            Referral.id == HandOver.referral_id,
            Referral.claimed_by == HandOver.by,
            Referral.state == "claimed",
        ),
    )
    .join(_GIVER, _GIVER.id == HandOver.by)
    .outerjoin(_RECEIVER, _RECEIVER.id == HandOver.to_account)
    .outerjoin(Team, Team.id == HandOver.to_team)
    .where(HandOver.ended_at.is_(None))
    .order_by(Referral.priority, HandOver.at)
    .limit(sa.literal_column("50"))
)


async def _read(session: AsyncSession, of: sa.ColumnElement[bool]) -> list[Offer]:
    found = await session.execute(_STANDING.where(HandOver.expires_at > utc_now(), of))
    return [
        Offer(one.referral_id, one.by, by, one.to_account, one.to_team, to, one.expires_at)
        for one, by, to in found
    ]


async def _receivers(
    session: AsyncSession, account_id: UUID, to_account: UUID | None, to_team: UUID | None
) -> list[UUID]:
    if (to_account is None) == (to_team is None):
        raise ReceiverError("choose a colleague or a team")
    if to_account is not None:
        if to_account == account_id or not await may_hold(session, to_account):
            raise ReceiverError("this person can't take it")
        return [to_account]
    members = await session.scalars(
        sa.select(TeamMember.account_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.team_id == to_team, Team.closed_at.is_(None), TeamMember.account_id != account_id)
    )
    able = [member for member in members.all() if await may_hold(session, member)]
    if not able:
        raise ReceiverError("nobody in this team can take it")
    return able


async def may_hold(session: AsyncSession, account_id: UUID) -> bool:
    """Whether this account may work on referrals."""
    account = await session.get(Account, account_id)
    return account is not None and account.disabled_at is None and "referrals.write" in scopes_held(account)


async def end_standing(session: AsyncSession, referral_id: UUID, ended_as: str) -> None:
    """End the offer of a referral that stands, if one does."""
    await session.execute(
        sa.update(HandOver)
        .where(HandOver.referral_id == referral_id, HandOver.ended_at.is_(None))
        .values(ended_at=utc_now(), ended_as=ended_as)
    )
