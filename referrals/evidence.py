"""Photos, voices, films and papers that belong to a report: sealed under the case's key, free of metadata.

A row stands from the turn in which something came; its content follows when it has been fetched and cleaned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import KeyDestroyedError, NotFoundError
from core.ids import new_id
from referrals.cleaning.kinds import Cleaned, Kind
from referrals.intake import find_open
from referrals.live import announce_change
from referrals.models import Evidence, Referral

State = Literal["fetching", "kept", "refused", "gone", "taken_back"]
# Of one report; what comes beyond is refused, and the person is told.
MOST_PIECES = 30
TOO_MANY: Literal["too_many"] = "too_many"


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands of a piece without opening it; `size` in bytes as it is sealed, that is in steps."""

    id: UUID
    kind: str
    state: str
    reason: str | None
    media_type: str | None
    size: int | None
    at: datetime


async def note_evidence(
    session: AsyncSession, *, identity_id: UUID, event_id: UUID, kind: str
) -> UUID | None:
    """Note that something came for the person's open referral; return the row's id, None where there is nothing to do.

    `kind` is the platform's word until the bytes tell. A replay adds nothing.
    """
    referral = await find_open(session, identity_id)
    if referral is None:
        return None
    standing = await session.scalar(
        sa.select(sa.func.count())
        .select_from(Evidence)
        .where(Evidence.referral_id == referral.id, Evidence.state.in_(("fetching", "kept")))
    )
    is_full = (standing or 0) >= MOST_PIECES
    now = utc_now()
    row_id = await session.scalar(
        insert(Evidence)
        .values(
            id=new_id(), referral_id=referral.id, event_id=event_id, kind=kind,
            state="refused" if is_full else "fetching", reason=TOO_MANY if is_full else None, at=now,
        )
        .on_conflict_do_nothing(index_elements=["event_id"])
        .returning(Evidence.id)
    )  # fmt: skip
    if row_id is not None:
        referral.last_entry_at = now
        await announce_change(session, referral.id)
    return row_id


async def keep_evidence(session: AsyncSession, keys: DataKeys, evidence_id: UUID, cleaned: Cleaned) -> State:
    """Seal the content; return how the piece stands then. What was taken back meanwhile stays gone."""
    row = await _fetching(session, evidence_id)
    if isinstance(row, str):
        return row
    referral = await session.get_one(Referral, row.referral_id)
    try:
        key = await keys.load(session, referral.data_key_id)
    except KeyDestroyedError:
        row.state = "gone"
        return "gone"
    row.kind, row.media_type, row.state = cleaned.kind, cleaned.media_type, "kept"
    row.content = Box(seal(key, cleaned.content, context("evidence", "content", row.id)))
    referral.last_entry_at = utc_now()
    await session.flush()
    await announce_change(session, referral.id)
    return "kept"


async def refuse_evidence(
    session: AsyncSession, evidence_id: UUID, state: Literal["refused", "gone"], reason: str | None = None
) -> State:
    """Write down why there is no content; return how the piece stands then."""
    row = await _fetching(session, evidence_id)
    if isinstance(row, str):
        return row
    row.state, row.reason = state, reason
    await _stir(session, [row.referral_id])
    return state


async def _fetching(session: AsyncSession, evidence_id: UUID) -> Evidence | State:
    """The row, locked, while its content is still to come; else how it stands."""
    row = await session.get(Evidence, evidence_id, with_for_update=True)
    if row is None:
        return "gone"
    if row.state == "fetching":
        return row
    return cast("State", row.state)


async def take_back_evidence(session: AsyncSession, event_ids: Sequence[UUID]) -> None:
    """An unsend: the content goes, a mark stays that something was taken back."""
    touched = await session.scalars(
        sa.update(Evidence)
        .where(Evidence.event_id.in_(event_ids), Evidence.state != "taken_back")
        .values(state="taken_back", reason=None, content=None, media_type=None)
        .returning(Evidence.referral_id)
    )
    await _stir(session, sorted(set(touched)))


async def _stir(session: AsyncSession, referral_ids: Sequence[UUID]) -> None:
    """Let pages that show these referrals know that something came or went."""
    await session.execute(
        sa.update(Referral).where(Referral.id.in_(referral_ids)).values(last_entry_at=utc_now())
    )
    for referral_id in referral_ids:
        await announce_change(session, referral_id)


async def list_evidence(session: AsyncSession, referral_id: UUID) -> list[Piece]:
    """Everything that came for a referral, in its order; nothing is opened."""
    found = await session.execute(
        sa.select(
            Evidence.id, Evidence.kind, Evidence.state, Evidence.reason, Evidence.media_type,
            sa.func.octet_length(Evidence.content).label("size"), Evidence.at,
        )
        .where(Evidence.referral_id == referral_id)
        .order_by(Evidence.id)
    )  # fmt: skip
    return [Piece(**row) for row in found.mappings()]


async def open_evidence(
    session: AsyncSession, keys: DataKeys, referral: Referral, evidence_id: UUID
) -> Cleaned:
    """Open one piece of this very referral.

    Raises NotFoundError for another's and for one without content, KeyDestroyedError once the case is erased.
    """
    row = await session.scalar(
        sa.select(Evidence).where(
            Evidence.id == evidence_id, Evidence.referral_id == referral.id, Evidence.state == "kept"
        )
    )
    if row is None or row.content is None or row.media_type is None:
        raise NotFoundError("no such evidence in this referral")
    key = await keys.load(session, referral.data_key_id)
    content = row.content.open(key, context("evidence", "content", row.id))
    return Cleaned(cast("Kind", row.kind), row.media_type, content)
