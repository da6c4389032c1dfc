"""Referring a case to an agency: with the person's consent or a ground, chosen fields only, without their identity.

One request of a case waits at a time, so that two offices don't both set out; of a P0 one for each agency, for a life
does not wait for a clerk. Only the hotline sends: nothing is forwarded.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.crypto.data_keys import DataKeys
from core.ids import new_id
from referrals.agencies.directory import ListedAgency, listed
from referrals.agencies.duty import answer_due
from referrals.agencies.models import Agency
from referrals.agencies.pairings import may_refer
from referrals.agencies.templates import templates
from referrals.desk.sealed import seal_words
from referrals.models import Referral
from referrals.packets.gate import Ground
from referrals.referring.consents import pass_consent
from referrals.referring.errors import (
    AfterError,
    AgencyUnknownError,
    AgreementEndedError,
    OverError,
    PendingError,
    ReasonCodeError,
    WithAgencyError,
)
from referrals.referring.filling import fill, to_text
from referrals.referring.finding import ByHotline, Found, find, lock_case
from referrals.referring.models import AgencyReferral
from referrals.referring.stepping import (
    PENDING,
    REFUSED,
    WORKING,
    begins_from,
    note_step,
    tell_agency,
)
from referrals.referring.wording import nameless, note_of, reason_of
from referrals.tracks.reporting import note_work

TABLE = "agency_referral"
ARRIVED, TAKEN_BACK = "agency_request", "agency_recalled"


async def refer(
    session: AsyncSession,
    keys: DataKeys,
    referral_id: UUID,
    *,
    agency_id: UUID,
    fields: Mapping[str, str],
    note: str,
    by_account: UUID,
    oversees: bool,
    ground: str = "",
    ground_reason: str = "",
    after_id: UUID | None = None,
    looked_through: bool = False,
    now: datetime,
) -> UUID:
    """Send a case to an agency; return the request's id, by which alone the agency knows the case.

    `fields`: code of the agency's template → "" where the case fills it, else staff's words. `after_id` is the
    declined, expired or recalled request that this one follows. `looked_through` says that staff looked at what seemed to name
    somebody. Raises AgencyUnknownError, AgreementEndedError, PendingError, WithAgencyError, AfterError, FieldError,
    NamesSomebodyError, WordsLengthError, KeyDestroyedError, as `packets.gate.pass_gate`, and as `lock_case`.
    """
    staff = ByHotline(referral_id, by_account, oversees)
    referral = await lock_case(session, staff)
    agency = await check_receiver(session, referral, agency_id, now=now)
    needed = await pass_consent(session, staff, agency.kind, with_identity=False, ground=ground)
    why = reason_of(ground_reason) if needed else ""
    await _check_after(session, referral_id, after_id)
    words = nameless("note", note_of(note), looked_through=looked_through)
    template = templates().template[agency.template]
    values = await fill(
        session, keys, referral, template, fields, kind=agency.kind, looked_through=looked_through
    )
    row = AgencyReferral(
        id=new_id(), referral_id=referral_id, agency_id=agency_id, state="sent", fields=list(values), override=needed,
        identity="withheld", sent_by=by_account, sent_at=now, due_at=await answer_due(session, agency, now),
        after_id=after_id,
    )  # fmt: skip
    await _seal(session, keys, referral, row, {"fields": values}, note=words, why=why)
    return await _send(session, keys, Found(row, referral, agency), staff, needed, now)


async def _seal(
    session: AsyncSession, keys: DataKeys, referral: Referral, row: AgencyReferral, shared: Mapping[str, object],
    *, note: str, why: str,
) -> None:  # fmt: skip
    key = await keys.load(session, referral.data_key_id)
    row.shared = seal_words(to_text(shared), key, TABLE, "shared", row.id)
    if note:
        row.note = seal_words(note, key, TABLE, "note", row.id)
    if why:
        row.override_reason = seal_words(why, key, TABLE, "override_reason", row.id)


async def _send(
    session: AsyncSession,
    keys: DataKeys,
    found: Found,
    staff: ByHotline,
    needed: Ground | None,
    now: datetime,
) -> UUID:
    session.add(found.row)
    await session.flush()
    await note_step(session, keys, found, "sent", staff, now=now)
    await note_work(session, found.referral, "referred", account_id=staff.account_id, now=now)
    urgent = found.referral.priority == "P0" or needed == "life_danger"
    await tell_agency(session, found, ARRIVED, outside=urgent)
    return found.row.id


async def check_receiver(
    session: AsyncSession, referral: Referral, agency_id: UUID, *, now: datetime
) -> ListedAgency:
    """Return an agency that this case may go to now.

    Raises AgencyUnknownError, AgreementEndedError, PendingError, WithAgencyError.
    """
    agency = await _receiver(session, agency_id, now)
    await _refuse_second(session, referral, agency_id)
    return agency


async def _receiver(session: AsyncSession, agency_id: UUID, now: datetime) -> ListedAgency:
    row = await session.get(Agency, agency_id)
    if row is None or row.closed_at is not None or not await may_refer(session, None, agency_id):
        raise AgencyUnknownError("choose an agency that the hotline is paired with")
    if row.basis_until is not None and row.basis_until < bangkok(now).date():
        raise AgreementEndedError("the agreement with this agency is over; a supervisor renews it first")
    return listed(row)


async def _refuse_second(session: AsyncSession, referral: Referral, agency_id: UUID) -> None:
    standing = (
        await session.execute(
            sa.select(AgencyReferral.agency_id, AgencyReferral.state).where(
                AgencyReferral.referral_id == referral.id, AgencyReferral.state.in_((*PENDING, *WORKING))
            )
        )
    ).all()
    if any(one.agency_id == agency_id and one.state in WORKING for one in standing):
        raise WithAgencyError("this agency works on it already; write to it")
    waiting = [one.agency_id for one in standing if one.state in PENDING]
    if agency_id in waiting or (waiting and referral.priority != "P0"):
        raise PendingError("another request waits for its answer; recall it first, or wait")


async def _check_after(session: AsyncSession, referral_id: UUID, after_id: UUID | None) -> None:
    if after_id is None:
        return
    before = await session.get(AgencyReferral, after_id)
    if before is None or before.referral_id != referral_id or before.state not in REFUSED:
        raise AfterError("a request follows a declined, expired or recalled one of this case")


async def recall(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    staff: ByHotline,
    *,
    reason: str,
    note: str = "",
    now: datetime,
) -> None:
    """Take a request back; the agency reads nothing of it any more. What an agency works on only a supervisor takes back.

    Raises NotFoundError, OverError, ReasonCodeError, WordsLengthError.
    """
    if reason not in templates().recall:
        raise ReasonCodeError(f"reasons are {', '.join(templates().recall)}")
    said = note_of(note)
    found = await find(session, request_id, staff, lock=True)
    begins_from(found, (*PENDING, *WORKING))
    if found.row.state in WORKING and not staff.oversees:
        raise OverError("the agency works on it; a supervisor may take it back")
    row = found.row
    row.state, row.reason, row.ended_at = "recalled", reason, now
    if said:
        key = await keys.load(session, found.referral.data_key_id)
        row.reason_note = seal_words(said, key, TABLE, "reason_note", row.id)
    await note_step(session, keys, found, "recalled", staff, reason=reason, now=now)
    await tell_agency(session, found, TAKEN_BACK)
