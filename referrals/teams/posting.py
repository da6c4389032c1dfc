"""The posts of alerts: claimed before the call, settled after it, taken up again where their worker died.

A post that is found half done is sent once more and marked so: rather two nudges than none.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, StaffAddress
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.jobs.queue import enqueue
from referrals.live import announce_change
from referrals.teams.alerts import TELL_STAFF
from referrals.teams.models import AlertPost, StaffAlert

# No call takes longer; a claim that outlives it belongs to a worker that died.
CLAIM = timedelta(seconds=40)
# Waits between tries; after the last the post has failed.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900))
_MOST = 500
_TWICE = "perhaps_twice"

PostOutcome = Literal[
    "sent",     # it is there
    "later",    # nothing was sent; try again
    "unclear",  # it may be there; try again and say so
    "refused",  # trying again won't help
    "off",      # this way is not switched on here
]  # fmt: skip


class Posting(NamedTuple):
    """One claimed post; the address is in the clear and never logged."""

    alert_id: UUID
    kind: str
    alert_kind: str
    address: str


async def find_due_posts(session: AsyncSession, alert_ids: Sequence[UUID] = ()) -> list[tuple[UUID, str]]:
    """Return the posts that may be sent now, by alert and kind: those of these alerts, or all."""
    now = utc_now()
    due = sa.or_(
        sa.and_(AlertPost.state == "pending", AlertPost.at <= now),
        sa.and_(AlertPost.state == "sending", AlertPost.at <= now - CLAIM),
    )
    which = due if not alert_ids else sa.and_(due, AlertPost.alert_id.in_(alert_ids))
    rows = await session.execute(
        sa.select(AlertPost.alert_id, AlertPost.kind).where(which).order_by(AlertPost.at).limit(_MOST)
    )
    return [(alert_id, kind) for alert_id, kind in rows]


async def take_up_posts(session: AsyncSession) -> None:
    """Enqueue the job again for posts whose time has come and that nobody is at."""
    due = await find_due_posts(session)
    if due:
        await enqueue(session, TELL_STAFF, sorted({alert_id for alert_id, _ in due}))


async def claim_post(session: AsyncSession, keys: DataKeys, alert_id: UUID, kind: str) -> Posting | None:
    """Claim a post; None where somebody else was faster, or the address is gone and the post ended with it."""
    now = utc_now()
    post = await session.get(AlertPost, (alert_id, kind), with_for_update=True)
    if post is None or not _is_due(post, now):
        return None
    if post.state == "sending":
        post.reason = _TWICE
    found = (
        await session.execute(
            sa.select(StaffAlert.kind, StaffAddress, Account.data_key_id)
            .join(StaffAddress, StaffAddress.account_id == StaffAlert.account_id)
            .join(Account, Account.id == StaffAlert.account_id)
            .where(
                StaffAlert.id == alert_id,
                StaffAddress.kind == kind,
                StaffAddress.proven_at.is_not(None),
                Account.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        post.state, post.reason = "failed", "no_address"
        await _settle_alert(session, alert_id)
        return None
    alert_kind, address, data_key_id = found
    post.state, post.tries, post.at = "sending", post.tries + 1, now
    await session.flush()
    key = await keys.load(session, data_key_id)
    clear = address.address.open(key, context("staff_address", "address", address.id)).decode()
    return Posting(alert_id, kind, alert_kind, clear)


def _is_due(post: AlertPost, now: datetime) -> bool:
    return post.at <= (now if post.state == "pending" else now - CLAIM) and post.state in {
        "pending",
        "sending",
    }


async def settle_post(session: AsyncSession, alert_id: UUID, kind: str, outcome: PostOutcome) -> None:
    """Write down how a claimed post ended, or when it is tried again."""
    post = await session.get(AlertPost, (alert_id, kind), with_for_update=True)
    if post is None or post.state != "sending":
        return
    if outcome == "unclear":
        post.reason = _TWICE
    if outcome == "sent":
        post.state = "resent" if post.reason == _TWICE else "sent"
    elif outcome in {"refused", "off"} or post.tries > len(WAITS):
        post.state, post.reason = "failed", outcome
    else:
        post.state, post.at = "pending", utc_now() + WAITS[post.tries - 1]
    await session.flush()
    await _settle_alert(session, alert_id)


async def _settle_alert(session: AsyncSession, alert_id: UUID) -> None:
    """An alert is out when one way arrived; it failed when none did."""
    await session.flush()
    states = set(await session.scalars(sa.select(AlertPost.state).where(AlertPost.alert_id == alert_id)))
    if states & {"sent", "resent"}:
        outside = "sent"
    elif states <= {"failed"}:
        outside = "failed"
    else:
        return
    await session.execute(sa.update(StaffAlert).where(StaffAlert.id == alert_id).values(outside=outside))
    await announce_change(session, alert_id)
