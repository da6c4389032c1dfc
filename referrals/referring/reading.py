"""Reading requests: an agency's inbox and what it was given, and all requests of a case for staff."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.errors import NotFoundError
from referrals.agencies.models import Agency
from referrals.desk.sealed import key_or_none, open_words
from referrals.models import Referral
from referrals.referring.consents import is_closed_to, may_name, read_consents
from referrals.referring.filling import from_text
from referrals.referring.finding import ByAgency, ByHotline, Found, find, works_on
from referrals.referring.models import AgencyMessage, AgencyReferral
from referrals.referring.stepping import PENDING, REFUSED, WORKING

# What waits for an answer, what is worked on, what is over.
Box = Literal["waiting", "working", "ended"]
STATES: Mapping[Box, tuple[str, ...]] = {
    "waiting": PENDING, "working": WORKING, "ended": ("done", *REFUSED),
}  # fmt: skip
PAGE = 50
_TABLE = "agency_referral"


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A request in an agency's inbox, unopened: no word of it."""

    id: UUID
    state: str
    identity: str
    sent_at: datetime
    due_at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    unread: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A request as its agency reads it. Once it was declined, recalled or expired, `fields`, `who` and words are empty.

    `fields`: code → code, words, day, codes, or people as codes. `who`: parts of the identity, where it was given and not
    taken back. `identity_ground`: on what ground it was given without the person's word, "" where they agreed.
    """

    id: UUID
    agency_id: UUID
    state: str
    fields: Mapping[str, Any]
    note: str | None
    identity: str
    who: Mapping[str, str]
    identity_asked: str | None
    identity_answered: str | None
    identity_taken_back: str | None
    identity_ground: str
    identity_at: datetime | None
    identity_read_at: datetime | None
    sent_at: datetime
    due_at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    reason: str | None
    reason_note: str | None
    outcome: str | None
    citizen_text: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as staff of the case read it: all that went along, on what ground, and how it went.

    `consent_withdrawn`: the person has taken back what it was sent on; until it is accepted the agency reads nothing of it.
    Of who they are staff read what was given, also once the agency reads it no more.
    """

    shared: Shared
    agency_name_th: str
    agency_name_en: str
    agency_kind: str
    override: str | None
    override_reason: str | None
    consent_withdrawn: bool
    sent_by: UUID
    next_agency_id: UUID | None
    after_id: UUID | None
    unread: int


async def inbox(
    session: AsyncSession,
    agency_id: UUID,
    *,
    box: Box = "waiting",
    after: UUID | None = None,
    limit: int = PAGE,
) -> list[InboxLine]:
    """Return an agency's requests, the newest first, for programs; `after` is the last id of the page before."""
    asked = (
        sa.select(AgencyReferral, unread_of("hotline").label("unread"))
        .where(AgencyReferral.agency_id == agency_id, AgencyReferral.state.in_(STATES[box]))
        .order_by(AgencyReferral.id.desc())
        .limit(limit)
    )
    if after is not None:
        asked = asked.where(AgencyReferral.id < after)
    return [line_of(row, unread) for row, unread in await session.execute(asked)]


def line_of(row: AgencyReferral, unread: int) -> InboxLine:
    """Return what an inbox shows of a request."""
    return InboxLine(
        row.id, row.state, row.identity, row.sent_at, row.due_at, row.read_at, row.answered_at, row.ended_at, unread
    )  # fmt: skip


async def count_inbox(session: AsyncSession, agency_id: UUID) -> dict[str, int]:
    """Return how many requests lie in each box."""
    rows = await session.execute(
        sa.select(AgencyReferral.state, sa.func.count())
        .where(AgencyReferral.agency_id == agency_id)
        .group_by(AgencyReferral.state)
    )
    counts: dict[str, int] = dict(list(rows))
    return {box: sum(counts.get(state, 0) for state in states) for box, states in STATES.items()}


async def read_shared(session: AsyncSession, keys: DataKeys, request_id: UUID, agency: ByAgency) -> Shared:
    """Return what an agency was given, without noting that it was read; raises NotFoundError."""
    return await shared_of(session, keys, await find(session, request_id, agency), agency)


async def of_case(session: AsyncSession, keys: DataKeys, staff: ByHotline) -> list[Sent]:
    """Return all requests of a case, the newest first; raises NotFoundError for whom the case is not."""
    referral = await session.get(Referral, staff.referral_id)
    if referral is None or not works_on(referral, staff):
        raise NotFoundError("no such case")
    rows = (
        await session.execute(
            sa.select(AgencyReferral, Agency, unread_of("agency").label("unread"))
            .join(Agency, Agency.id == AgencyReferral.agency_id)
            .where(AgencyReferral.referral_id == referral.id)
            .order_by(AgencyReferral.id.desc())
        )
    ).all()
    key = await key_or_none(session, keys, referral) if rows else None
    consents = await read_consents(session, referral.id) if rows else ()
    denied = {one.agency for one in consents if not one.granted}
    named = {one.agency for one in consents if one.granted and one.with_identity}
    return [
        Sent(
            _as_it_stands(_open(row, key, whole=True), agreed=agency.kind in named), agency.name_th, agency.name_en, agency.kind, row.override,
            open_words(row.override_reason, key, _TABLE, "override_reason", row.id),
            row.override is None and agency.kind in denied, row.sent_by,
            row.next_agency_id, row.after_id, unread,
        )
        for row, agency, unread in rows
    ]  # fmt: skip


async def read_sent(session: AsyncSession, keys: DataKeys, request_id: UUID, staff: ByHotline) -> Sent:
    """Return one request of a case as staff read it; raises NotFoundError."""
    found = next((one for one in await of_case(session, keys, staff) if one.shared.id == request_id), None)
    if found is None:
        raise NotFoundError("no such request")
    return found


async def shared_of(session: AsyncSession, keys: DataKeys, found: Found, agency: ByAgency) -> Shared:
    """Open a request that was found for its agency; nothing of it where it is closed to that (`consents.is_closed_to`)."""
    whole = not await is_closed_to(session, found, agency)
    shared = _open(found.row, await key_or_none(session, keys, found.referral), whole=whole)
    if shared.identity == "given":
        shared = _as_it_stands(shared, agreed=await may_name(session, found.referral.id, found.agency.kind))
    return shared if shared.identity == "given" else replace(shared, who={})


def _as_it_stands(shared: Shared, *, agreed: bool) -> Shared:
    """Return the identity as taken back where it was given on the person's word and that word holds no more."""
    if shared.identity == "given" and not shared.identity_ground and not agreed:
        return replace(shared, identity="taken_back")
    return shared


def _open(row: AgencyReferral, key: bytes | None, *, whole: bool) -> Shared:
    def words(column: str) -> str | None:
        return open_words(getattr(row, column), key, _TABLE, column, row.id)

    shared = from_text(words("shared")) if whole else {}
    asked = from_text(words("identity_reason")) if whole else {}
    return Shared(
        id=row.id, agency_id=row.agency_id, state=row.state, fields=shared.get("fields", {}),
        note=words("note") if whole else None, identity=row.identity, who=shared.get("who", {}),
        identity_asked=asked.get("asked"), identity_answered=asked.get("answered"),
        identity_taken_back=asked.get("taken_back"), identity_ground=asked.get("ground") or "",
        identity_at=row.identity_at, identity_read_at=row.identity_read_at, sent_at=row.sent_at,
        due_at=row.due_at, read_at=row.read_at, acknowledged_at=row.acknowledged_at, answered_at=row.answered_at,
        reason=row.reason, reason_note=words("reason_note") if whole or row.state == "declined" else None,
        outcome=row.outcome, citizen_text=words("citizen_text"), ended_at=row.ended_at,
    )  # fmt: skip


def unread_of(side: str) -> sa.ScalarSelect[int]:
    """How many messages of that side the other has not read."""
    return (
        sa.select(sa.func.count())
        .select_from(AgencyMessage)
        .where(
            AgencyMessage.agency_referral_id == AgencyReferral.id,
            AgencyMessage.side == side,
            AgencyMessage.read_at.is_(None),
        )
        .scalar_subquery()
    )
