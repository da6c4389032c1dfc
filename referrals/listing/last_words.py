"""What the person of a referral wrote last, for whom holds it."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.boxed import Box
from core.crypto.data_keys import DataKey, DataKeys
from core.crypto.sealing import context
from core.errors import KeyDestroyedError
from referrals.models import Referral, ReferralEntry

LONGEST = 90  # characters that a row shows


@dataclass(frozen=True, slots=True)
class LastWords:
    """The beginning of an entry."""

    entry_id: UUID
    text: str


async def read_last_words(
    session: AsyncSession, keys: DataKeys, holder_id: UUID, referral_ids: list[UUID]
) -> dict[UUID, LastWords]:
    """Return the last words of those of these referrals that this account holds; erased and taken back ones have none."""
    newest = (
        sa.select(ReferralEntry.id)
        .where(ReferralEntry.referral_id == Referral.id, ReferralEntry.author == "citizen")
        .order_by(ReferralEntry.id.desc())
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )
    found = await session.execute(
        sa.select(Referral.id, DataKey.id, DataKey.wrapped, ReferralEntry.id, ReferralEntry.body)
        .join(ReferralEntry, ReferralEntry.id == newest)
        .join(DataKey, DataKey.id == Referral.data_key_id)
        .where(
            Referral.id.in_(referral_ids),
            Referral.state == "claimed",
            Referral.claimed_by == holder_id,
            ReferralEntry.body.is_not(None),
        )
    )
    words: dict[UUID, LastWords] = {}
    for referral_id, key_id, wrapped, entry_id, body in found.all():
        try:
            key = keys.open(key_id, wrapped)
        except KeyDestroyedError:
            continue
        if body is not None:
            words[referral_id] = LastWords(entry_id, _beginning(body, key, entry_id))
    return words


def _beginning(body: Box, key: bytes, entry_id: UUID) -> str:
    text = body.open(key, context("referral_entry", "body", entry_id)).decode("utf-8", "replace")
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"
