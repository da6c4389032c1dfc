"""One text to all who agreed: choosing them, starting, pausing, cancelling, and figures that reveal nobody."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import SMALLEST_COUNT, floored
from campaigns.models import Campaign
from core.clock import bangkok, utc_now
from core.consent import Consent
from core.contacts.holds import broadcasts_held
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.jobs.queue import enqueue
from core.messages.content import Content, Text, decode_envelope
from core.messages.ledger import Tally, tally_batch
from core.messages.models import MessageBatch
from core.messages.queue import Recipient, queue_batch

LONGEST_TITLE = 80
# Far below LINE's 5,000 UTF-16 units and Telegram's 4,096; longer texts also meet Telegram's limits sooner.
LONGEST_TEXT = 1_000
QUIET_FROM = time(21)
QUIET_UNTIL = time(8)
_PAGE = 5_000

Phase = Literal["sending", "paused", "cancelled", "done"]


class QuietHoursError(ConflictError):
    """Between 21.00 and 8.00 in Bangkok nothing starts."""

    code = "quiet_hours"


class BroadcastLengthError(InvalidInputError):
    code = "broadcast_length"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as its managers may see it. Figures are floored; None means fewer than 20."""

    id: UUID
    title: str
    created_at: datetime
    phase: Phase
    intended: int | None
    sent: int | None
    failed: int | None
    # Every reason to leave somebody out is in this one figure (invariant 8).
    skipped: int | None
    unknown: int | None
    # In steps of five, None for fewer than 20 people.
    percent: int | None


def is_quiet(now: datetime) -> bool:
    clock = bangkok(now).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def check_wording(title: str, text: str) -> tuple[str, str]:
    """Return title and text tidied; raises BroadcastLengthError."""
    title = " ".join(title.replace("\0", "").split())
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not 1 <= len(title) <= LONGEST_TITLE or not 1 <= len(text) <= LONGEST_TEXT:
        raise BroadcastLengthError(f"a title has 1 to {LONGEST_TITLE} characters, a text 1 to {LONGEST_TEXT}")
    return title, text


async def count_agreed(session: AsyncSession) -> int | None:
    """Count who agreed to campaigns, floored. Holds and blocks play no part, so that they cannot be guessed."""
    count = await session.scalar(
        sa.select(sa.func.count())
        .select_from(Consent)
        .join(Contact, Contact.id == Consent.contact_id)
        .where(Consent.topic == "campaigns", Consent.granted, Contact.erased_at.is_(None))
    )
    return floored(count or 0)


async def choose_audience(session: AsyncSession) -> AsyncIterator[Recipient]:
    """Yield the newest reachable address of each person who agreed and is not held, page by page."""
    newest = (
        sa.select(ChannelIdentity.id, ChannelIdentity.channel)
        .where(ChannelIdentity.contact_id == Consent.contact_id, ChannelIdentity.blocked_at.is_(None))
        .order_by(ChannelIdentity.created_at.desc(), ChannelIdentity.id.desc())
        .limit(1)
        .lateral("newest")
    )
    wanted = (
        sa.select(Consent.contact_id, newest.c.id, newest.c.channel)
        .join(Contact, Contact.id == Consent.contact_id)
        .join(newest, sa.true())
        .where(
            Consent.topic == "campaigns",
            Consent.granted,
            Contact.erased_at.is_(None),
            sa.not_(broadcasts_held(sa.type_coerce(Consent.contact_id, sa.Uuid()), utc_now())),
        )
        .order_by(Consent.contact_id)
        .limit(_PAGE)
    )
    after = UUID(int=0)
    while True:
        page = (await session.execute(wanted.where(Consent.contact_id > after))).all()
        for _, identity_id, channel in page:
            yield Recipient(identity_id, channel)
        if len(page) < _PAGE:
            return
        after = page[-1][0]


async def start_broadcast(
    session: AsyncSession,
    keys: DataKeys,
    *,
    campaign_id: UUID,
    title: str,
    text: str,
    notice: str,
    author_id: UUID,
) -> None:
    """Write the broadcast and its batch; starting the same `campaign_id` twice is the same as once.

    It ends at tonight's quiet hours. Raises QuietHoursError, BroadcastLengthError.
    """
    now = utc_now()
    title, text = check_wording(title, text)
    if is_quiet(now):
        raise QuietHoursError("nothing starts between 21.00 and 8.00")
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(campaign_id.int & (2**63 - 1))))
    if await session.get(Campaign, campaign_id) is not None:
        return
    recipients = [recipient async for recipient in choose_audience(session)]
    batch_id = await queue_batch(
        session,
        keys,
        content=Content((Text(text),), notice=notice),
        recipients=recipients,
        author_id=author_id,
        expires_at=_tonight(now),
    )
    session.add(
        Campaign(id=campaign_id, title=title, batch_id=batch_id, created_by=author_id, created_at=now)
    )
    await session.flush()


def _tonight(now: datetime) -> datetime:
    """Return when today's quiet hours begin."""
    local = bangkok(now)
    return local.replace(hour=QUIET_FROM.hour, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


async def list_broadcasts(session: AsyncSession, limit: int = 20) -> list[Broadcast]:
    """Return the newest broadcasts."""
    found = await session.execute(
        sa.select(Campaign, MessageBatch)
        .join(MessageBatch, MessageBatch.id == Campaign.batch_id)
        .order_by(Campaign.created_at.desc(), Campaign.id.desc())
        .limit(limit)
    )
    return [_seen(c, b, await tally_batch(session, b.id)) for c, b in found.all()]


async def read_broadcast(session: AsyncSession, campaign_id: UUID) -> Broadcast:
    """Return one broadcast with its figures; raises NotFoundError."""
    campaign, batch = await _find(session, campaign_id)
    return _seen(campaign, batch, await tally_batch(session, batch.id))


async def read_text(session: AsyncSession, keys: DataKeys, campaign_id: UUID) -> str:
    """Return the text that is sent; raises NotFoundError, KeyDestroyedError."""
    _, batch = await _find(session, campaign_id)
    key = await keys.load(session, batch.data_key_id)
    envelope = decode_envelope(batch.content.open(key, context("message_batch", "content", batch.id)))
    return "\n".join(b.text for b in envelope.content.bubbles if isinstance(b, Text))


def _seen(campaign: Campaign, batch: MessageBatch, tally: Tally) -> Broadcast:
    return Broadcast(
        id=campaign.id,
        title=campaign.title,
        created_at=campaign.created_at,
        phase=_phase(batch, tally),
        intended=floored(tally.intended),
        sent=floored(tally.sent + tally.resent),
        failed=floored(tally.failed),
        skipped=floored(tally.skipped),
        unknown=floored(tally.unknown),
        percent=None if tally.intended < SMALLEST_COUNT else tally.done * 20 // tally.intended * 5,
    )


def _phase(batch: MessageBatch, tally: Tally) -> Phase:
    if batch.cancelled_at is not None:
        return "cancelled"
    if tally.pending == 0:
        return "done"
    return "paused" if batch.paused else "sending"


async def pause_broadcast(session: AsyncSession, campaign_id: UUID) -> None:
    """Let nothing more go out until it is resumed; raises ConflictError once it is over, NotFoundError."""
    batch = await _going(session, campaign_id)
    batch.paused = True


async def resume_broadcast(session: AsyncSession, campaign_id: UUID) -> None:
    """Go on; raises QuietHoursError, ConflictError, NotFoundError."""
    if is_quiet(utc_now()):
        raise QuietHoursError("nothing goes out between 21.00 and 8.00")
    batch = await _going(session, campaign_id)
    batch.paused = False
    await session.flush()
    await enqueue(session, "deliver_batch", [batch.id])


async def cancel_broadcast(session: AsyncSession, campaign_id: UUID) -> None:
    """Stop for good: what has not gone out will be skipped. Raises ConflictError once it is over, NotFoundError."""
    batch = await _going(session, campaign_id)
    batch.cancelled_at, batch.paused = utc_now(), False
    await session.flush()
    await enqueue(session, "deliver_batch", [batch.id])


async def _going(session: AsyncSession, campaign_id: UUID) -> MessageBatch:
    _, batch = await _find(session, campaign_id, lock=True)
    if _phase(batch, await tally_batch(session, batch.id)) in ("cancelled", "done"):
        raise ConflictError("this broadcast is over")
    return batch


async def _find(
    session: AsyncSession, campaign_id: UUID, *, lock: bool = False
) -> tuple[Campaign, MessageBatch]:
    wanted = (
        sa.select(Campaign, MessageBatch)
        .join(MessageBatch, MessageBatch.id == Campaign.batch_id)
        .where(Campaign.id == campaign_id)
    )
    result = await session.execute(wanted.with_for_update() if lock else wanted)
    found = result.one_or_none()
    if found is None:
        raise NotFoundError("no such broadcast")
    campaign, batch = found
    return campaign, batch
