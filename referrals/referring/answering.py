"""An agency's answers to a request: opened, acknowledged, accepted or declined, in service, done.

Staff write them down in the stead of an agency that has no officers here; one that has answers itself.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.errors import NotFoundError
from referrals.agencies.directory import read_agency
from referrals.agencies.officers import active_officers
from referrals.agencies.pairings import may_refer
from referrals.agencies.templates import templates
from referrals.desk.sealed import seal_words
from referrals.referring.consents import was_withdrawn
from referrals.referring.errors import AgencyUnknownError, AnswersItselfError, OverError, ReasonCodeError
from referrals.referring.finding import ByAgency, Found, Party, find
from referrals.referring.reading import Shared, shared_of
from referrals.referring.sending import TABLE
from referrals.referring.stepping import PENDING, WORKING, announce, begins_from, note_step, tell_hotline
from referrals.referring.wording import LONGEST_CITIZEN_TEXT, nameless, note_of

ACCEPTED, DECLINED, DONE = "agency_accepted", "agency_declined", "agency_done"


async def open_request(
    session: AsyncSession, keys: DataKeys, request_id: UUID, agency: ByAgency, *, now: datetime
) -> Shared:
    """Return what an agency was given, and note that it was read; raises NotFoundError, KeyDestroyedError."""
    found = await find(session, request_id, agency)
    shared = await shared_of(session, keys, found, agency)
    is_first = found.row.read_at is None and found.row.state in PENDING
    reads_who = bool(shared.who) and found.row.identity_read_at is None
    if not is_first and not reads_who:
        return shared
    found = await find(session, request_id, agency, lock=True)
    if is_first:
        found.row.read_at = found.row.read_at or now
    shared = await shared_of(session, keys, found, agency)
    if shared.who:
        found.row.identity_read_at = found.row.identity_read_at or now
    await announce(session, found)
    return shared


async def acknowledge(
    session: AsyncSession, keys: DataKeys, request_id: UUID, party: Party, *, now: datetime
) -> None:
    """Say that it arrived and is looked at; safe to repeat. Raises NotFoundError, OverError, AnswersItselfError."""
    found = await _answering(session, request_id, party)
    if found.row.state == "acknowledged":
        return
    begins_from(found, ("sent",))
    await _acknowledge(session, keys, found, party, now)


async def accept(
    session: AsyncSession, keys: DataKeys, request_id: UUID, party: Party, *, now: datetime
) -> None:
    """Take the case on; safe to repeat. Raises NotFoundError, OverError, AnswersItselfError."""
    found = await _answering(session, request_id, party)
    if found.row.state in WORKING:
        return
    if await was_withdrawn(session, found.row, found.agency.kind):
        raise OverError("the person took back their consent; nothing of it may be used")
    await _answered(session, keys, found, party, "accepted", now)
    await tell_hotline(session, found, ACCEPTED)


async def decline(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    party: Party,
    *,
    reason: str,
    note: str = "",
    next_agency_id: UUID | None = None,
    now: datetime,
) -> None:
    """Say no, why, and who may take it instead; the hotline is told loudly, and sends it there itself.

    Raises NotFoundError, OverError, AnswersItselfError, ReasonCodeError, WordsLengthError, AgencyUnknownError.
    """
    if reason not in templates().decline:
        raise ReasonCodeError(f"reasons are {', '.join(templates().decline)}")
    said = note_of(note)
    found = await _answering(session, request_id, party)
    begins_from(found, PENDING)
    await _check_next(session, found, next_agency_id)
    row = found.row
    row.reason, row.next_agency_id, row.ended_at = reason, next_agency_id, now
    if said:
        key = await keys.load(session, found.referral.data_key_id)
        row.reason_note = seal_words(said, key, TABLE, "reason_note", row.id)
    await _answered(session, keys, found, party, "declined", now, reason)
    await tell_hotline(session, found, DECLINED, outside=True)


async def begin_service(
    session: AsyncSession, keys: DataKeys, request_id: UUID, party: Party, *, now: datetime
) -> None:
    """Say that the work has begun; safe to repeat. Raises NotFoundError, OverError, AnswersItselfError."""
    found = await _answering(session, request_id, party)
    if found.row.state == "in_service":
        return
    begins_from(found, ("accepted",))
    found.row.state = "in_service"
    await note_step(session, keys, found, "in_service", party, now=now)


async def finish(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    party: Party,
    *,
    outcome: str,
    citizen_text: str = "",
    looked_through: bool = False,
    now: datetime,
) -> None:
    """End the work with its outcome and what the person reads of it.

    Raises NotFoundError, OverError, AnswersItselfError, ReasonCodeError, WordsLengthError, NamesSomebodyError.
    """
    if outcome not in templates().outcome:
        raise ReasonCodeError(f"outcomes are {', '.join(templates().outcome)}")
    # It is read on a telephone that others may hold.
    said = nameless(
        "citizen_text", note_of(citizen_text, longest=LONGEST_CITIZEN_TEXT), looked_through=looked_through
    )
    found = await _answering(session, request_id, party)
    begins_from(found, WORKING)
    row = found.row
    if row.state == "accepted":
        row.state = "in_service"
        await note_step(session, keys, found, "in_service", party, now=now)
    row.state, row.outcome, row.ended_at = "done", outcome, now
    if said:
        key = await keys.load(session, found.referral.data_key_id)
        row.citizen_text = seal_words(said, key, TABLE, "citizen_text", row.id)
    await note_step(session, keys, found, "done", party, now=now)
    await tell_hotline(session, found, DONE)


async def _answering(session: AsyncSession, request_id: UUID, party: Party) -> Found:
    found = await find(session, request_id, party, lock=True)
    if not isinstance(party, ByAgency) and await active_officers(session, found.agency.id):
        raise AnswersItselfError("this agency has officers here; they answer themselves")
    return found


async def _answered(
    session: AsyncSession,
    keys: DataKeys,
    found: Found,
    party: Party,
    state: str,
    now: datetime,
    reason: str = "",
) -> None:
    begins_from(found, PENDING)
    if found.row.state == "sent":
        await _acknowledge(session, keys, found, party, now)
    found.row.state, found.row.answered_at, found.row.answered_by = state, now, party.account_id
    await note_step(session, keys, found, state, party, reason=reason, now=now)


async def _acknowledge(
    session: AsyncSession, keys: DataKeys, found: Found, party: Party, now: datetime
) -> None:
    row = found.row
    row.state, row.acknowledged_at, row.read_at = "acknowledged", now, row.read_at or now
    await note_step(session, keys, found, "acknowledged", party, now=now)


async def _check_next(session: AsyncSession, found: Found, next_agency_id: UUID | None) -> None:
    if next_agency_id is None:
        return
    # An agency names only those it is paired with, and only those that the hotline may refer to.
    if not await may_refer(session, found.agency.id, next_agency_id):
        raise AgencyUnknownError("name an agency that you are paired with, or none")
    try:
        following = await read_agency(session, next_agency_id)
    except NotFoundError:
        raise AgencyUnknownError("no such agency") from None
    if following.closed_at is not None or not await may_refer(session, None, next_agency_id):
        raise AgencyUnknownError("name an agency that the hotline is paired with, or none")
