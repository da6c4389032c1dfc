"""Opening, raising and cancelling referrals from a conversation, in the turn's own transaction."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.holds import hold_broadcasts
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.ids import new_id
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral, ReferralEntry
from referrals.teams.awaiting import awaited_since
from referrals.teams.routing import raise_priority, route
from referrals.tracks.reporting import note_work

Priority = Literal["P0", "P1", "P2", "P3"]
# Stored with every referral, so that a priority can be explained later (invariant 15).
RULES = "2026.11.1"
# No campaign reaches a person soon after their report was closed (invariant 8).
HELD_AFTER_CLOSING = timedelta(days=90)
# Of two that exclude each other the later stands.
_OVERTAKES = {"can_talk": "cannot_talk", "cannot_talk": "can_talk"}


async def open_referral(
    session: AsyncSession,
    keys: DataKeys,
    *,
    contact_id: UUID,
    identity_id: UUID,
    channel: str,
    source: Literal["crisis", "staff_request", "report"],
    priority: Priority,
    kinds: tuple[str, ...],
    reasons: tuple[str, ...],
    receipt: str,
) -> UUID:
    """Open a referral, or raise the one that is open (priority never sinks); return its id.

    The person's broadcasts are held from this moment (invariant 8).
    """
    standing = await find_open(session, identity_id)
    if standing is not None:
        wake_up(standing)
        raise_priority(standing, priority)
        standing.kinds = sorted({*standing.kinds, *kinds})
        overtaken = {_OVERTAKES[reason] for reason in reasons if reason in _OVERTAKES}
        standing.reasons = sorted({*standing.reasons, *reasons} - overtaken)
        await route(session, standing)
        await announce_change(session, standing.id)
        return standing.id
    now = utc_now()
    key_row, _ = keys.row("case")
    session.add(key_row)
    await session.flush()
    referral = Referral(
        id=new_id(), contact_id=contact_id, identity_id=identity_id, data_key_id=key_row.id, channel=channel,
        source=source, state="open", priority=priority, kinds=sorted(kinds), reasons=sorted(reasons), rules=RULES,
        receipt_key=keys.keyset.index("receipt", receipt), opened_at=now, last_entry_at=now,
    )  # fmt: skip
    await route(session, referral)
    session.add(referral)
    await session.flush()
    await note_work(session, referral, "received", now=now)
    await hold_broadcasts(session, contact_id)
    await announce_change(session, referral.id)
    return referral.id


async def find_open(session: AsyncSession, identity_id: UUID) -> Referral | None:
    """Return the person's referral that is not over, locked for this turn."""
    return await session.scalar(
        sa.select(Referral)
        .where(Referral.identity_id == identity_id, Referral.state.in_(OPEN_STATES))
        .with_for_update()
    )


def wake_up(referral: Referral) -> None:
    """Whoever writes is not put aside any longer."""
    referral.snoozed_until = referral.snoozed_for = None


async def cancel_referral(session: AsyncSession, identity_id: UUID) -> None:
    """The person says it was a mistake. Staff still see it as cancelled; one that staff hold is only marked."""
    referral = await find_open(session, identity_id)
    if referral is None:
        return
    now = utc_now()
    session.add(ReferralEntry(id=new_id(), referral_id=referral.id, author="system", at=now))
    if referral.state == "open":
        referral.state, referral.closed_at, referral.closed_as = "cancelled", now, "cancelled_by_person"
        await note_work(session, referral, "closed", outcome="withdrawn", now=now)
        await hold_after_closing(session, referral.contact_id)
    else:
        referral.reasons = sorted({*referral.reasons, "person_wants_to_cancel"})
    wake_up(referral)
    referral.last_entry_at = now
    await announce_change(session, referral.id)


async def append_citizen_words(
    session: AsyncSession, keys: DataKeys, *, identity_id: UUID, words: list[tuple[UUID, str]]
) -> None:
    """Add what the person wrote (event id, text) to their open referral's thread; a replay adds nothing."""
    referral = await find_open(session, identity_id)
    if referral is None or not words:
        return
    await add_citizen_words(session, keys, referral, words)


async def add_citizen_words(
    session: AsyncSession, keys: DataKeys, referral: Referral, words: list[tuple[UUID, str]]
) -> None:
    """Seal what the person wrote into the thread of this referral; a replay adds nothing."""
    key, now = await keys.load(session, referral.data_key_id), utc_now()
    for event_id, text in words:
        entry_id = new_id()
        sealed = seal(key, text.encode("utf-8", "replace"), context("referral_entry", "body", entry_id))
        await session.execute(
            insert(ReferralEntry)
            .values(
                id=entry_id, referral_id=referral.id, author="citizen", body=Box(sealed), event_id=event_id, at=now
            )
            .on_conflict_do_nothing(index_elements=["event_id", "referral_id"])
        )  # fmt: skip
    wake_up(referral)
    referral.last_entry_at, referral.awaits_since = now, referral.awaits_since or now
    await announce_change(session, referral.id)


async def take_back_words(session: AsyncSession, event_ids: list[UUID]) -> None:
    """An unsend: the words leave the thread, a mark stays (LINE asks that they be neither seen nor used again)."""
    touched = await session.scalars(
        sa.update(ReferralEntry)
        .where(ReferralEntry.event_id.in_(event_ids), ReferralEntry.author == "citizen")
        .values(body=None, taken_back_at=utc_now())
        .returning(ReferralEntry.referral_id)
    )
    # Pages that still show them draw themselves anew, and nothing is found by them any more.
    for referral_id in sorted(set(touched)):
        await session.execute(
            sa.update(Referral)
            .where(Referral.id == referral_id)
            .values(terms_of=None, awaits_since=awaited_since())
        )
        await announce_change(session, referral_id)


async def hold_after_closing(session: AsyncSession, contact_id: UUID) -> None:
    """Hold the person's broadcasts for some time more, once no referral of theirs is open."""
    still_open = sa.exists().where(Referral.contact_id == contact_id, Referral.state.in_(OPEN_STATES))
    await session.flush()
    if not await session.scalar(sa.select(still_open)):
        await hold_broadcasts(session, contact_id, utc_now() + HELD_AFTER_CLOSING)
