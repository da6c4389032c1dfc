"""Reading a case's events from the database, with or without their words."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.errors import KeyDestroyedError
from referrals.models import Referral
from referrals.tracks.events import Event, Source
from referrals.tracks.models import CaseEvent

# A case's events are few; what is more is no case but a loop of somebody's program.
MOST_EVENTS = 5_000


async def read_events(session: AsyncSession, keys: DataKeys, referral_id: UUID) -> list[Event]:
    """Return a case's events in the order of recording, words opened; words are None once it was erased."""
    data_key_id = await session.scalar(sa.select(Referral.data_key_id).where(Referral.id == referral_id))
    try:
        key = await keys.load(session, data_key_id) if data_key_id else None
    except KeyDestroyedError:
        key = None
    return [_event(row, key) for row in await _rows(session, referral_id)]


async def read_codes(session: AsyncSession, referral_id: UUID) -> list[Event]:
    """Return a case's events in the order of recording, without any words."""
    return [_event(row, None) for row in await _rows(session, referral_id)]


async def _rows(session: AsyncSession, referral_id: UUID) -> list[CaseEvent]:
    found = await session.scalars(
        sa.select(CaseEvent)
        .where(CaseEvent.referral_id == referral_id)
        .order_by(CaseEvent.id)
        .limit(MOST_EVENTS)
        .execution_options(populate_existing=True)
    )
    return list(found)


def _event(row: CaseEvent, key: bytes | None) -> Event:
    told = open_details(row, key)
    return Event(
        id=row.id, track=row.track, step=row.step, happened_on=row.happened_on, recorded_at=row.recorded_at,
        source=cast("Source", row.source), person=row.person, happened_at=row.happened_at, agency_id=row.agency_id,
        agency_referral_id=row.agency_referral_id, account_id=row.account_id, program_id=row.program_id,
        reverses_id=row.reverses_id, about_id=row.about_id, same_as_id=row.same_as_id, is_disputed=row.is_disputed,
        stands=row.stands, amount=row.amount, fund=row.fund, item=row.item, outcome=row.outcome, people=row.people,
        months=row.months, details=told, note=_open(row.note, key, "note", row.id),
        names_somebody=row.names_somebody,
    )  # fmt: skip


def open_details(row: CaseEvent, key: bytes | None) -> Mapping[str, Any] | None:
    """Return what a step told beside its columns; None once it was erased."""
    words = _open(row.details, key, "details", row.id)
    found: dict[str, Any] | None = None if words is None else orjson.loads(words)
    return found


def _open(box: Box | None, key: bytes | None, column: str, event_id: UUID) -> str | None:
    if box is None or key is None:
        return None
    return box.open(key, context("case_event", column, event_id)).decode("utf-8", "replace")
